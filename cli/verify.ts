import {
  type Finding,
  PARTS,
  type Part,
  readNumberDetails,
  sendVerification,
  type VerificationSettings,
} from "../provider/kaleyra/verification";
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

/** `verify`: which of endpoint, api-key, sid, kaleyra-host and number are good. */
export const verifyCommand = command({
  help: HELP,
  options: { resource: { type: "string" }, stack: { type: "string" } },
  failed: CANNOT_TELL,
  async run({ resource, stack }) {
    if (stack !== undefined && !resource) throw new UsageError("--stack needs --resource NAME.");
    const settings = resource ? await fromStack(resource, stack) : fromEnvironment();
    const problems = problemsOf(settings);
    if (problems.length > 0) {
      console.error(problems.join("\n"));
      return settingsMissing(settings) ? CANNOT_TELL : REFUSED;
    }
    const known = settings as unknown as VerificationSettings;
    const findings = (await Promise.all([sendVerification(known), readNumberDetails(known)])).flat();
    const rows = PARTS.map((part) => ({ part, ...summary(part, findings) }));
    printTable(
      ["setting", "verdict", "reason"],
      rows.map(({ part, verdict, reason }) => [part, WORDS[verdict], reason]),
    );
    console.log("\nA key with an IP allow-list may answer differently from CleverTap's side.");
    if (rows.some(({ verdict }) => verdict === "refused")) return REFUSED;
    return rows.every(({ verdict }) => verdict === "good") ? GOOD : CANNOT_TELL;
  },
});

const WORDS = { good: "good", refused: "refused", unknown: "can't tell" } as const;

/** A refusal outweighs everything, and an answer outweighs none. */
function summary(part: Part, findings: readonly Finding[]): Pick<Finding, "verdict" | "reason"> {
  const own = findings.filter((f) => f.part === part);
  const pick = (verdict: Finding["verdict"]) => own.find((f) => f.verdict === verdict);
  return pick("refused") ?? pick("good") ?? pick("unknown") ?? { verdict: "unknown", reason: "not reached" };
}

function settingsMissing(settings: Record<string, unknown>): boolean {
  return PARTS.some((name) => settings[name] === undefined);
}

/** The same rules as the resource's; a value is never printed. */
function problemsOf(settings: Record<string, unknown>): string[] {
  return [...PARTS, "headers" as const].flatMap((name) => {
    const value = settings[name];
    if (value === undefined)
      return name === "headers" ? [] : [`${name}: is missing (${variableOf(name)}, or --resource NAME)`];
    const result = argumentSchemas[name].safeParse(value);
    return result.success ? [] : result.error.issues.map((issue) => `${name}: ${issue.message}`);
  });
}

function variableOf(name: string): string {
  return `CLEVERTAP_WA_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function fromEnvironment(): Record<string, unknown> {
  const settings = Object.fromEntries(PARTS.map((name) => [name, process.env[variableOf(name)]]));
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
  const found = resources.find(({ urn, delete: isOld }) => !isOld && urn.endsWith(`::${name}`));
  if (!found) {
    const names = resources.map(({ urn }) => urn.split("::").pop()).join(", ") || "none";
    throw new CommandFailed(`the stack has no WhatsAppProvider "${name}"; it has: ${names}`);
  }
  return plainValue(found.outputs) as Record<string, unknown>;
}
