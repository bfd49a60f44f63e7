import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { type Answer, openTransport, type Request } from "../provider/api/transport";
import { visible } from "../provider/model/text";
import { urlProblem } from "../provider/model/url";
import { type CampaignOptions, type CampaignResult, type Sandbox, startSandbox } from "../sandbox";
import { CommandFailed, command, UsageError } from "./command";

const HELP = `Usage: pulumi-clevertap-whatsapp campaign --number N [--account ID] [--recipients COUNT] [--data DIR | --url URL] [--json]

Sends a campaign through the provider that the sandbox holds for the number, and prints what came of it.

  --number N          the provider's number
  --account ID        needed when two accounts have the number
  --recipients COUNT  how many get the message, 1 to 99; default 10
  --data DIR          the sandbox's data folder: uses the sandbox that runs on it, or starts one for the moment
  --url URL           the address of a running sandbox
  --json              print the result as JSON`;

/** @param limit seconds */
async function ask(
  url: string,
  request: Pick<Request, "method" | "path" | "body">,
  limit: number,
): Promise<Answer> {
  const { origin } = new URL(url);
  const transport = openTransport(origin, limit * 1000);
  try {
    const answer = await transport.send({ ...request, headers: { "Content-Type": "application/json" } });
    if ("what" in answer) throw new CommandFailed(`No answer from the sandbox: ${answer.what}.`);
    return answer;
  } finally {
    await transport.close();
  }
}

async function overHttp(url: string, options: CampaignOptions): Promise<CampaignResult> {
  const request = { method: "POST", path: "/_sandbox/campaign", body: JSON.stringify(options) } as const;
  const { status, body } = await ask(url, request, 60);
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
  const answer = await ask(url, { method: "GET", path: "/_sandbox/state" }, 3).catch(() => undefined);
  return answer?.status === 200;
}

/** In the sandbox that runs on the folder; if none does, in one that lives as long as the campaign. */
async function inFolder(dataDir: string, options: CampaignOptions): Promise<CampaignResult> {
  const port = (await readFile(join(dataDir, "port"), "utf8").catch(() => "")).trim();
  if (port === "")
    throw new CommandFailed(
      `There is no sandbox in ${dataDir}: run \`npm start\` or \`npm run sandbox\` first.`,
    );
  const url = `http://127.0.0.1:${port}`;
  if (await isSandbox(url)) return overHttp(url, options);
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox({ port: Number(port), dataDir });
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

/** Colour only on a terminal that wants it. */
function coloured(colour: "green" | "red", text: string): string {
  const wanted = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return wanted ? styleText(colour, text) : text;
}

function isGood({ refused, sent }: CampaignResult): boolean {
  return refused === 0 && sent > 0;
}

function report(result: CampaignResult): string {
  const share = (count: number) =>
    result.recipients === 0 ? "" : `${Math.round((100 * count) / result.recipients)} %`;
  const rows: [string, number][] = [
    ["messages", result.recipients],
    ["accepted", result.accepted],
    ["refused", result.refused],
    ["sent", result.sent],
    ["delivered", result.delivered],
    ["read", result.read],
    ["failed", result.failed],
    ["replies", result.replies],
  ];
  const lines = rows.map(
    ([name, count]) => `  ${name.padEnd(10)}${String(count).padStart(6)}  ${share(count).padStart(5)}`,
  );
  const verdict = isGood(result)
    ? coloured("green", "The provider works: messages went out, and reports came back to the callback URLs.")
    : coloured(
        "red",
        `The provider does not work: ${visible(result.reasons.join("; ")) || "no delivery report came back"}.`,
      );
  return [
    `Campaign ${result.campaignId} from +${result.mobileNumber} (account ${result.accountId}, provider ${result.providerId})`,
    ...lines.map((line) => line.trimEnd()),
    `Kaleyra's Incoming URL of the number: ${result.incomingUrl}`,
    verdict,
  ].join("\n");
}

/** `campaign`: one campaign through a saved provider. 0: messages went out and reports came back, 1: not. */
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
    const problem = url === undefined ? undefined : urlProblem(url);
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
