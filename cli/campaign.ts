import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { type CampaignOptions, type CampaignResult, type Sandbox, startSandbox } from "../sandbox";

const HELP = `Usage: pulumi-clevertap-whatsapp campaign --number N [--account ID] [--recipients COUNT] [--data DIR | --url URL] [--json]

Sends a campaign through the provider that the sandbox holds for the number, and prints what came of it.

  --number N          the provider's number
  --account ID        needed when two accounts have the number
  --recipients COUNT  how many get the message, 1 to 99; default 10
  --data DIR          the sandbox's data folder: uses the sandbox that runs on it, or starts one for the moment
  --url URL           the address of a running sandbox
  --json              print the result as JSON`;

class Refusal extends Error {}

async function overHttp(url: string, options: CampaignOptions): Promise<CampaignResult> {
  const answer = await fetch(new URL("/_sandbox/campaign", url), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(options),
    signal: AbortSignal.timeout(60_000),
  });
  const body = (await answer.json()) as CampaignResult & { detail?: string };
  if (!answer.ok) throw new Refusal(body.detail ?? `The sandbox answered ${answer.status}.`);
  return body;
}

async function isSandbox(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL("/_sandbox/state", url), { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return false;
  }
}

/** In the sandbox that runs on the folder; if none does, in one that lives as long as the campaign. */
async function inFolder(dataDir: string, options: CampaignOptions): Promise<CampaignResult> {
  const port = (await readFile(join(dataDir, "port"), "utf8").catch(() => "")).trim();
  if (port === "")
    throw new Refusal(`There is no sandbox in ${dataDir}: run \`npm start\` or \`npm run sandbox\` first.`);
  const url = `http://127.0.0.1:${port}`;
  if (await isSandbox(url)) return overHttp(url, options);
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox({ port: Number(port), dataDir });
  } catch {
    throw new Refusal(`Port ${port}, which the sandbox of ${dataDir} uses, is taken by another program.`);
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
  const good = result.refused === 0 && result.sent > 0;
  const verdict = good
    ? coloured("green", "The provider works: messages went out, and reports came back to the callback URLs.")
    : coloured(
        "red",
        `The provider does not work: ${result.reasons.join("; ") || "no delivery report came back"}.`,
      );
  return [
    `Campaign ${result.campaignId} from +${result.mobileNumber} (account ${result.accountId}, provider ${result.providerId})`,
    ...lines.map((line) => line.trimEnd()),
    `Kaleyra's Incoming URL of the number: ${result.incomingUrl}`,
    verdict,
  ].join("\n");
}

/**
 * `campaign`: one campaign through a saved provider.
 *
 * @returns 0 when messages went out and reports came back, 1 when not, 2 when the arguments are wrong
 */
export async function campaignCommand(argv: string[]): Promise<number> {
  const options = {
    number: { type: "string" },
    account: { type: "string" },
    recipients: { type: "string" },
    data: { type: "string" },
    url: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  const parse = () => parseArgs({ args: argv, options }).values;
  let values: ReturnType<typeof parse>;
  try {
    values = parse();
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const recipients = values.recipients === undefined ? 10 : Number(values.recipients);
  const mobileNumber = values.number?.replace(/^\+/, "");
  const problem = !mobileNumber
    ? "--number is missing."
    : values.url === undefined && values.data === undefined
      ? "Say which sandbox: --data DIR or --url URL."
      : Number.isInteger(recipients) && recipients >= 1 && recipients <= 99
        ? undefined
        : "--recipients must be 1 to 99.";
  if (problem !== undefined || !mobileNumber) {
    console.error(`${problem}\n\n${HELP}`);
    return 2;
  }
  try {
    const campaign = { mobileNumber, recipients, ...(values.account ? { accountId: values.account } : {}) };
    const result =
      values.url === undefined
        ? await inFolder(values.data ?? "", campaign)
        : await overHttp(values.url, campaign);
    console.log(values.json ? JSON.stringify(result) : report(result));
    return result.refused === 0 && result.sent > 0 ? 0 : 1;
  } catch (error) {
    const why =
      error instanceof TypeError
        ? `The sandbox at ${values.url} can't be reached.`
        : (error as Error).message;
    console.error(why);
    return 1;
  }
}
