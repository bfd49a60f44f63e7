import { type ClearSecret, findClearSecrets } from "../clear-secrets";
import { AuditProblem } from "../problem";
import { type AuditedResource, auditedResource, stackOfUrn } from "../resource";
import { type Redaction, redactionOf } from "../secrets";
import { isObject, type JsonObject, listMember, member, parsedJson, textMember, unpacked } from "./json";

/** The state of one stack at one moment. */
export interface AuditState {
  /** As the user named it. */
  readonly source: string;
  /** `project/stack`; empty where the state holds nothing that tells. */
  readonly stack: string;
  /** When the engine wrote it, RFC 3339; undefined where it does not say. */
  readonly time?: string;
  /** WhatsApp providers and what else this package declares, without those that wait for their deletion. */
  readonly resources: readonly AuditedResource[];
  /** URNs of old copies that a replacement has left to delete. */
  readonly leftovers: readonly string[];
  /** Operations of an update that was cut off. */
  readonly pending: readonly { readonly urn: string; readonly operation: string }[];
  /** URNs that more than one living entry has. */
  readonly duplicates: readonly string[];
  /** How many resources of other packages there are beside. */
  readonly others: number;
  /** Takes what is known to be a secret out of a text. */
  readonly redact: Redaction;
  /** Secrets that stand in clear somewhere in the file. */
  readonly clear: readonly ClearSecret[];
  /** Line of the file on which each URN stands, from 1. */
  readonly lines: ReadonlyMap<string, number>;
}

/** The newest format of a state that is known here. */
const NEWEST = 4;

/**
 * Reads a state: what `pulumi stack export` prints, or a checkpoint of a file backend, packed or not.
 * @param source how messages name it
 * @throws AuditProblem where it is no state, or one that can't be trusted to be whole
 */
export function readState(bytes: Buffer, source: string): AuditState {
  const text = unpacked(bytes, source);
  const document = parsedJson(text, source);
  const deployment = deploymentIn(document, source);
  const entries = listMember(deployment, "resources").map((entry, i) => entryOf(entry, i, source));
  const stack = entries.map(({ urn }) => stackOfUrn(urn)).find((name) => name !== "") ?? nameIn(document);
  const clear: ClearSecret[] = [];
  const secrets: string[] = [];
  findClearSecrets(document, (secret, value) => {
    clear.push(secret);
    secrets.push(value);
  });
  const alive = entries.filter(({ json }) => member(json, "delete") !== true);
  const resources = alive.flatMap(({ json }) => auditedResource(json, stack) ?? []);
  return {
    source,
    stack,
    time: timeIn(deployment),
    resources,
    leftovers: entries.filter(({ json }) => member(json, "delete") === true).map(({ urn }) => urn),
    pending: listMember(deployment, "pending_operations").map((operation) => ({
      urn: textMember(member(operation, "resource"), "urn") ?? "",
      operation: textMember(operation, "type") ?? "",
    })),
    duplicates: duplicatesOf(alive.map(({ urn }) => urn)),
    others: alive.length - resources.length,
    redact: redactionOf(secrets),
    clear,
    lines: linesOf(text, entries),
  };
}

function deploymentIn(document: unknown, source: string): JsonObject {
  if (member(document, "terraform_version") !== undefined)
    throw new AuditProblem(`${source} is a state of Terraform, not of Pulumi`);
  const checkpoint = member(document, "checkpoint") ?? document;
  const found = member(document, "deployment") ?? member(checkpoint, "latest");
  if (!isObject(document) || (found === undefined && !isEmptyCheckpoint(checkpoint)))
    throw new AuditProblem(`${source} is no state of Pulumi. Give what \`pulumi stack export\` wrote`);
  const version = member(document, "version");
  if (typeof version === "number" && version > NEWEST)
    throw new AuditProblem(
      `${source} has format ${version}, and this version of the package knows up to ${NEWEST}: install a newer one`,
    );
  if (found !== undefined && found !== null && !isObject(found))
    throw new AuditProblem(`${source} is no state of Pulumi: its deployment is not an object`);
  const deployment = isObject(found) ? found : {};
  const list = member(deployment, "resources");
  if (list !== undefined && list !== null && !Array.isArray(list))
    throw new AuditProblem(`${source} is no state of Pulumi: its resources are not a list`);
  return deployment;
}

/** A stack that was never updated has a checkpoint without a deployment. */
function isEmptyCheckpoint(checkpoint: unknown): boolean {
  return textMember(checkpoint, "stack") !== undefined;
}

function entryOf(json: unknown, index: number, source: string): { json: JsonObject; urn: string } {
  const urn = textMember(json, "urn");
  if (!isObject(json) || urn === undefined || textMember(json, "type") === undefined)
    throw new AuditProblem(
      `${source}: entry ${index + 1} of its resources has no urn or no type. The file is damaged: export the state again`,
    );
  return { json, urn };
}

function timeIn(deployment: JsonObject): string | undefined {
  const time = textMember(member(deployment, "manifest"), "time");
  // An empty state has the year 1.
  return time !== undefined && Date.parse(time) > 0 ? new Date(time).toISOString() : undefined;
}

/** A checkpoint names its stack; an exported state that holds nothing names none. */
function nameIn(document: unknown): string {
  const name = textMember(member(document, "checkpoint") ?? document, "stack") ?? "";
  return name.split("/").slice(-2).join("/");
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 ? text.length : found;
}

/** In one pass, since the entries stand in the text in their order. */
function linesOf(text: string, entries: readonly { readonly urn: string }[]): Map<string, number> {
  const lines = new Map<string, number>();
  let place = 0;
  let line = 1;
  let end = endOfLine(text, 0);
  for (const { urn } of entries) {
    const next = text.indexOf(JSON.stringify(urn), place);
    if (next < 0) continue;
    for (; end < next; end = endOfLine(text, end + 1)) line++;
    place = next;
    if (!lines.has(urn)) lines.set(urn, line);
  }
  return lines;
}

function duplicatesOf(urns: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const urn of urns) (seen.has(urn) ? twice : seen).add(urn);
  return [...twice];
}
