import { styleText } from "node:util";
import { urlFault } from "../contract/url";
import { sendOnce } from "../provider/api/transport";
import { visible } from "../provider/model/text";
import { type CampaignOptions, type CampaignResult, type Sandbox, startSandbox } from "../sandbox";
import { CommandFailed, command, UsageError } from "./command";
import { rememberedPort } from "./port-file";
import { tableLines } from "./table";

const HELP = `Usage: pulumi-clevertap-whatsapp campaign --number N [--account ID] [--recipients COUNT] [--data DIR | --url URL] [--json]

Sends a campaign through the provider that the sandbox holds for the number, and prints what came of it.

  --number N          the provider's number
  --account ID        needed when two accounts have the number
  --recipients COUNT  how many get the message, 1 to 99; default 10
  --data DIR          the sandbox's data folder: uses the sandbox that runs on it, or starts one for the moment
  --url URL           the address of a running sandbox
  --json              print the result as JSON`;

/** Asks a sandbox. @param limit seconds */
async function ask(url: string, method: "GET" | "POST", path: string, limit: number, body?: string) {
  const headers = { "Content-Type": "application/json" };
  const answer = await sendOnce(new URL(path, url).href, { method, headers, body }, limit * 1000);
  if ("what" in answer) throw new CommandFailed(`No answer from the sandbox: ${answer.what}.`);
  return answer;
}

async function overHttp(url: string, options: CampaignOptions): Promise<CampaignResult> {
  const { status, body } = await ask(url, "POST", "/_sandbox/campaign", 60, JSON.stringify(options));
  let result: CampaignResult & { detail?: string };
  try {
    result = JSON.parse(body);
  } catch {
    throw new CommandFailed(`What answers at ${new URL(url).origin} is not the sandbox (HTTP ${status}).`);
  }
  if (status === 200) return result;
  throw new CommandFailed(visible(result.detail ?? `The sandbox answered ${status}.`));
}

async function isSandbox(url: string): Promise<boolean> {
  const answer = await ask(url, "GET", "/_sandbox/state", 3).catch(() => undefined);
  return answer?.status === 200;
}

/** Uses the sandbox that runs on the folder, or starts one for as long as the campaign takes. */
async function inFolder(dataDir: string, options: CampaignOptions): Promise<CampaignResult> {
  const port = await rememberedPort(dataDir);
  if (port === undefined)
    throw new CommandFailed(
      `There is no sandbox in ${dataDir}: run \`npm start\` or \`npm run sandbox\` first.`,
    );
  const url = `http://127.0.0.1:${port}`;
  if (await isSandbox(url)) return overHttp(url, options);
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox({ port, dataDir });
  } catch {
    throw new CommandFailed(
      `Port ${port}, which the sandbox of ${dataDir} uses, is taken by another program.`,
    );
  }
  try {
    return await sandbox.campaign(options);
  } finally {
    await sandbox.close();
  }
}

function isGood({ refused, sent }: CampaignResult): boolean {
  return refused === 0 && sent > 0;
}

const COUNTS = ["accepted", "refused", "sent", "delivered", "read", "failed", "replies"] as const;

function report(result: CampaignResult): string {
  const { recipients } = result;
  const share = (count: number) => (recipients === 0 ? "" : `${Math.round((100 * count) / recipients)} %`);
  const row = (name: string, count: number) => [name, String(count), share(count)];
  const rows = [row("messages", recipients), ...COUNTS.map((name) => row(name, result[name]))];
  const lines = tableLines(rows, [{}, { align: "right", minWidth: 5 }, { align: "right" }]);
  const verdict = isGood(result)
    ? styleText("green", "The provider works: messages went out, and reports came back to the callback URLs.")
    : styleText(
        "red",
        `The provider does not work: ${visible(result.reasons.join("; ")) || "no delivery report came back"}.`,
      );
  return [
    `Campaign ${result.campaignId} from +${result.mobileNumber} (account ${result.accountId}, provider ${result.providerId})`,
    ...lines.map((line) => `  ${line}`),
    `Kaleyra's Incoming URL of the number: ${result.incomingUrl}`,
    verdict,
  ].join("\n");
}

/** `campaign`: one campaign through a saved provider. Exit code 0: messages went out and reports came back; 1: they did not. */
export const campaignCommand = command({
  help: HELP,
  options: {
    number: { type: "string" },
    account: { type: "string" },
    recipients: { type: "string" },
    data: { type: "string" },
    url: { type: "string" },
    json: { type: "boolean" },
  },
  failed: 1,
  async run({ number, account, recipients = "10", data, url, json }) {
    const count = Number(recipients);
    if (!number) throw new UsageError("--number is missing.");
    if (!Number.isInteger(count) || count < 1 || count > 99)
      throw new UsageError("--recipients must be 1 to 99.");
    const problem = url === undefined ? undefined : urlFault(url);
    if (problem) throw new UsageError(`--url ${problem}.`);
    const campaign = {
      mobileNumber: number.replace(/^\+/, ""),
      recipients: count,
      ...(account ? { accountId: account } : {}),
    };
    let result: CampaignResult;
    if (url !== undefined) result = await overHttp(url, campaign);
    else if (data) result = await inFolder(data, campaign);
    else throw new UsageError("Say which sandbox: --data DIR or --url URL.");
    console.log(json ? JSON.stringify(result) : report(result));
    return isGood(result) ? 0 : 1;
  },
});
