import { z } from "zod";
import { JUDGED_SETTINGS, type JudgedSetting } from "../contract/endpoint-answer";
import { sendVerificationMessage } from "../provider/kaleyra/end-point";
import type { Finding } from "../provider/kaleyra/findings";
import { readNumberDetails } from "../provider/kaleyra/number";
import { nameOf } from "../provider/model/urn";
import { argumentSchemas } from "../provider/schemas";
import { CommandFailed, command, UsageError } from "./command";
import { exportState } from "./stacks";
import { plainValue, providersIn } from "./state";
import { printTable } from "./table";

const HELP = `Usage: pulumi-clevertap-whatsapp verify [--resource NAME [--stack STACK]]

Sends CleverTap's verification message straight to the HTTP End Point, and asks Kaleyra's API for the number.
The settings come from the resource NAME of the selected stack, or from the environment:
  CLEVERTAP_WA_HTTP_ENDPOINT, CLEVERTAP_WA_MOBILE_NUMBER, CLEVERTAP_WA_KALEYRA_HOST,
  CLEVERTAP_WA_API_KEY, CLEVERTAP_WA_SID, CLEVERTAP_WA_HEADERS (JSON, optional)
Credentials are never arguments. Exit code: 0 good, 1 refused, 2 can't tell.`;

const GOOD = 0;
const REFUSED = 1;
const CANNOT_TELL = 2;

/** `verify`: which parts of a provider are good: endpoint, credentials, host and number. */
export const verifyCommand = command({
  help: HELP,
  options: { resource: { type: "string" }, stack: { type: "string" } },
  failed: CANNOT_TELL,
  async run({ resource, stack }) {
    if (stack !== undefined && !resource) throw new UsageError("--stack needs --resource NAME.");
    const given = resource ? await fromStack(resource, stack) : fromEnvironment();
    const checked = schema.safeParse(given);
    if (!checked.success) {
      for (const { path, message } of checked.error.issues) {
        const name = String(path[0]);
        const isMissing = given[name] === undefined;
        console.error(
          `${name}: ${isMissing ? `is missing (${variableOf(name)}, or --resource NAME)` : message}`,
        );
      }
      return JUDGED_SETTINGS.some((name) => given[name] === undefined) ? CANNOT_TELL : REFUSED;
    }
    const settings = checked.data;
    const found = (
      await Promise.all([sendVerificationMessage(settings), readNumberDetails(settings)])
    ).flat();
    const rows = JUDGED_SETTINGS.map((setting) => ({ setting, ...summary(setting, found) }));
    printTable(
      ["setting", "verdict", "reason"],
      rows.map(({ setting, verdict, reason }) => [setting, WORDS[verdict], reason]),
    );
    console.log("\nA key with an IP allow-list may answer differently from CleverTap's side.");
    if (rows.some(({ verdict }) => verdict === "refused")) return REFUSED;
    return rows.every(({ verdict }) => verdict === "good") ? GOOD : CANNOT_TELL;
  },
});

/** The same rules as the resource's; their messages never quote a secret. */
const schema = z.object({
  httpEndpoint: argumentSchemas.httpEndpoint,
  apiKey: argumentSchemas.apiKey,
  sid: argumentSchemas.sid,
  kaleyraHost: argumentSchemas.kaleyraHost,
  mobileNumber: argumentSchemas.mobileNumber,
  headers: argumentSchemas.headers.optional(),
  inboundMessageCallbackUrl: z.string().optional(),
  deliveryReportCallbackUrl: z.string().optional(),
});

const WORDS = { good: "good", refused: "refused", unknown: "can't tell" } as const;

/** The finding that decides: a refusal before a success, and a success before no answer. */
function summary(setting: JudgedSetting, found: readonly Finding[]): Pick<Finding, "verdict" | "reason"> {
  const own = found.filter((finding) => finding.setting === setting);
  const pick = (verdict: Finding["verdict"]) => own.find((finding) => finding.verdict === verdict);
  return pick("refused") ?? pick("good") ?? pick("unknown") ?? { verdict: "unknown", reason: "not reached" };
}

function variableOf(name: string): string {
  return `CLEVERTAP_WA_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function fromEnvironment(): Record<string, unknown> {
  const settings = Object.fromEntries(JUDGED_SETTINGS.map((name) => [name, process.env[variableOf(name)]]));
  const headers = process.env.CLEVERTAP_WA_HEADERS;
  if (!headers) return settings;
  try {
    return { ...settings, headers: JSON.parse(headers) };
  } catch {
    return { ...settings, headers: "not JSON" };
  }
}

async function fromStack(name: string, stack?: string): Promise<Record<string, unknown>> {
  const resources = providersIn(await exportState(stack, { secrets: true }));
  const found = resources.find(({ urn, delete: isOld }) => !isOld && nameOf(urn) === name);
  if (!found) {
    const names = resources.map(({ urn }) => nameOf(urn)).join(", ") || "none";
    throw new CommandFailed(`the stack has no WhatsAppProvider "${name}"; it has: ${names}`);
  }
  return plainValue(found.outputs) as Record<string, unknown>;
}
