import { CommandFailed, command, UsageError } from "./command";
import { CHECKS, Deviation } from "./conformance/checks";
import { type Client, clientOf, type Subject } from "./conformance/client";
import { startEndPoint } from "./conformance/end-point";
import { printTable } from "./table";

const HELP = `Usage: pulumi-clevertap-whatsapp conformance --url URL

Runs the contract's tests against a server: it makes providers for one number, changes and deletes them. The account must not be
one that sends messages.

  --url URL    base URL, as clevertap:endpoint names it

Environment:
  CLEVERTAP_ACCOUNT_ID, CLEVERTAP_PASSCODE    the account; default: the first one of the sandbox
  CLEVERTAP_WA_MOBILE_NUMBER                  a number without a provider; default: 14155550142
  CLEVERTAP_WA_HTTP_ENDPOINT, CLEVERTAP_WA_KALEYRA_HOST, CLEVERTAP_WA_API_KEY, CLEVERTAP_WA_SID
                                              what the server should take; default: an HTTP End Point of the command's own, for a
                                              server on this machine

Exit code: 0 it does what the contract says, 1 it does not, 2 can't tell.`;

const CONFORMS = 0;
const DEVIATES = 1;
const CANNOT_TELL = 2;

/** The values that belong to no one, in shape only. */
const DEFAULTS = {
  accountId: "TEST-000-001Z",
  passcode: "sandbox-passcode-one",
  mobileNumber: "14155550142",
  kaleyraHost: "https://api.kaleyra.io/",
  apiKey: "A0123456789abcdef0123456789abcdef",
  sid: "HXIN1234567890IN",
};

/** `conformance`: does a server do what the contract says? */
export const conformanceCommand = command({
  help: HELP,
  options: { url: { type: "string" } },
  failed: CANNOT_TELL,
  async run({ url }) {
    if (url === undefined || !/^https?:\/\//.test(url)) throw new UsageError("Give --url URL.");
    const { env } = process;
    const apiKey = env.CLEVERTAP_WA_API_KEY ?? DEFAULTS.apiKey;
    const own = env.CLEVERTAP_WA_HTTP_ENDPOINT === undefined ? await startEndPoint(apiKey) : undefined;
    const subject: Subject = {
      url: url.replace(/\/+$/, ""),
      accountId: env.CLEVERTAP_ACCOUNT_ID ?? DEFAULTS.accountId,
      passcode: env.CLEVERTAP_PASSCODE ?? DEFAULTS.passcode,
      mobileNumber: env.CLEVERTAP_WA_MOBILE_NUMBER ?? DEFAULTS.mobileNumber,
      httpEndpoint: env.CLEVERTAP_WA_HTTP_ENDPOINT ?? own?.url ?? "",
      kaleyraHost: env.CLEVERTAP_WA_KALEYRA_HOST ?? DEFAULTS.kaleyraHost,
      sid: env.CLEVERTAP_WA_SID ?? DEFAULTS.sid,
      apiKey,
    };
    try {
      return await judge(clientOf(subject));
    } finally {
      own?.close();
    }
  },
});

async function judge(client: Client): Promise<number> {
  await requireReadiness(client);
  const rows: string[][] = [];
  for (const { name, run } of CHECKS) {
    const deviation = await run(client).then(() => undefined, deviationOf);
    rows.push([deviation === undefined ? "passed" : "failed", name, deviation ?? ""]);
  }
  printTable(["result", "check", "what it does instead"], rows);
  const failed = rows.filter(([result]) => result === "failed").length;
  console.log(`\n${rows.length - failed} of ${rows.length} checks passed.`);
  return failed === 0 ? CONFORMS : DEVIATES;
}

function deviationOf(error: unknown): string {
  if (error instanceof Deviation) return error.message;
  // A reader's own words name what is missing in the answer; they quote no value.
  return error instanceof Error ? error.message : "the answer could not be read";
}

/** @throws CommandFailed where the checks would say nothing of the server */
async function requireReadiness({ list, subject }: Client): Promise<void> {
  const { accountId, mobileNumber } = subject;
  const found = await list(`?mobileNumber=${mobileNumber}`).catch(() => undefined);
  if (!found) throw new CommandFailed(`Nothing answers at ${subject.url}.`);
  if (found.status === 401)
    throw new CommandFailed(
      `The server refuses the credentials of ${accountId}: set CLEVERTAP_ACCOUNT_ID and CLEVERTAP_PASSCODE.`,
    );
  const { items } = found.body;
  if (found.status === 200 && Array.isArray(items) && items.length > 0)
    throw new CommandFailed(
      `${accountId} has a provider with ${mobileNumber}: set CLEVERTAP_WA_MOBILE_NUMBER to a number without one.`,
    );
}
