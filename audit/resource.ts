import { type NamedProperty, propertiesOf } from "../provider/model/property";
import { typesOf } from "../provider/program/tokens";
import { RESOURCES } from "../provider/resources";
import { NO_FINGERPRINT } from "../provider/resources/whatsapp-provider/conversion";
import { claimOf } from "../provider/resources/whatsapp-provider/ownership";
import { isObject, type JsonObject, member, textMember } from "./reading/json";
import { isEnveloped } from "./secrets";

/** A resource of this package as it stands in a state, the same for both doors. */
export interface AuditedResource {
  readonly urn: string;
  /** Its name in the program. */
  readonly name: string;
  /** Class name: `WhatsAppProvider`. */
  readonly type: string;
  /** Which way the program went to it. */
  readonly door: keyof ReturnType<typeof typesOf>;
  /** `project/stack`. */
  readonly stack: string;
  /** The types of its parents and its name: what stays when a stack is renamed. */
  readonly path: string;
  readonly id?: string;
  readonly isProtected: boolean;
  /** Only read by the program (`get`), not managed. */
  readonly isExternal: boolean;
  /** Whether a create or update has left it half done. */
  readonly hasInitErrors: boolean;
  /** When it came into the state, and when it was last written; milliseconds, undefined where the state is older than such notes. */
  readonly created?: number;
  readonly modified?: number;
  readonly properties: readonly NamedProperty[];
  /** What the state says of each property, secrets as {@link Hidden}. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Origin and base path of the API that holds it. */
  readonly api?: string;
  /** The mark that a write of this state put on it. */
  readonly claim?: string;
  /** Names of technical members that two states may differ in without meaning anything, with their values as texts. */
  readonly technical: ReadonlyMap<string, string>;
}

/** In place of a secret. */
export class Hidden {
  /** @param isClear whether the state holds it in clear */
  constructor(
    readonly isClear: boolean,
    /** Keys of a map whose values are secret. */
    readonly keys: readonly string[] = [],
  ) {}
}

/** Resource and door by type token. */
const TOKENS = new Map<string, { resource: (typeof RESOURCES)[number]; door: AuditedResource["door"] }>(
  RESOURCES.flatMap((resource) =>
    Object.entries(typesOf(resource.name)).map(
      ([door, token]) => [token, { resource, door: door as AuditedResource["door"] }] as const,
    ),
  ),
);

/** What is known of a resource by its type token. @returns undefined where it is of another package */
export function resourceOfType(token: string): { readonly properties: readonly NamedProperty[] } | undefined {
  const found = TOKENS.get(token);
  return found && { properties: propertiesOf(found.resource.properties, "argument", "early", "output") };
}

/** Whether the gateway hears of a resource: of what is sent to Kaleyra its log says nothing. @param type its class name */
export function isAtApi(type: string): boolean {
  const table = RESOURCES.find(({ name }) => name === type)?.properties ?? {};
  return Object.values(table).some(({ member }) => member !== undefined);
}

/** Whether a type token is of this package. */
export function isOwnType(token: string): boolean {
  return TOKENS.has(token);
}

/** Reads an entry of a state. @returns undefined where it is of another package */
export function auditedResource(entry: JsonObject, stack: string): AuditedResource | undefined {
  const kind = TOKENS.get(textMember(entry, "type") ?? "");
  if (kind === undefined) return undefined;
  const { resource, door } = kind;
  const urn = textMember(entry, "urn") ?? "";
  const outputs = member(entry, "outputs");
  const inputs = member(entry, "inputs");
  const found = (key: string) => member(outputs, key) ?? member(inputs, key);
  const properties = propertiesOf(resource.properties, "argument", "early", "output");
  const technical = [inputs, outputs].flatMap((part) =>
    isObject(part)
      ? Object.entries(part).filter(
          ([key]) => key.startsWith("__") || !Object.hasOwn(resource.properties, key),
        )
      : [],
  );
  const errors = member(entry, "initErrors");
  return {
    urn,
    name: urn.split("::").slice(3).join("::"),
    type: resource.name,
    door,
    stack: stackOfUrn(urn) || stack,
    path: `${urn.split("::")[2]?.split("$").slice(0, -1).join("$")}::${urn.split("::").slice(3).join("::")}`,
    id: textMember(entry, "id"),
    isProtected: member(entry, "protect") === true,
    isExternal: member(entry, "external") === true,
    hasInitErrors: Array.isArray(errors) && errors.length > 0,
    created: momentIn(entry, "created"),
    modified: momentIn(entry, "modified"),
    properties,
    values: new Map(properties.map((property) => [property.name, shown(property, found(property.name))])),
    api: textMember(outputs, "__api"),
    claim: claimOf({
      __mark: textMember(outputs, "__mark"),
      __imported: member(outputs, "__imported") === true || undefined,
      externalReference: textMember(outputs, "externalReference"),
    }),
    technical: new Map(technical.map(([key, value]) => [key, JSON.stringify(value) ?? ""])),
  };
}

/** `project/stack` of a URN; empty where it is none. */
export function stackOfUrn(urn: string): string {
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/s.exec(urn) ?? [];
  return stack === undefined || project === undefined ? "" : `${project}/${stack}`;
}

function momentIn(entry: JsonObject, key: string): number | undefined {
  const moment = Date.parse(textMember(entry, key) ?? "");
  return Number.isNaN(moment) ? undefined : moment;
}

/** A value without what must not be shown. */
function shown(property: NamedProperty, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (isEnveloped(value)) return new Hidden(false);
  if (!property.secret) return value;
  if (isObject(value)) {
    const isClear = Object.values(value).some((inner) => !isEnveloped(inner));
    return new Hidden(isClear, Object.keys(value).sort());
  }
  return new Hidden(true);
}

/** A property that is a text, and no secret. */
export function textOf(resource: AuditedResource, name: string): string | undefined {
  const value = resource.values.get(name);
  return typeof value === "string" ? value : undefined;
}

/** Whether number and account stayed: a fingerprint covers them too, so only then two of them compare the credentials. */
export function isSameNumber(a: AuditedResource, b: AuditedResource): boolean {
  return ["mobileNumber", "accountId"].every((name) => textOf(a, name) === textOf(b, name));
}

/** The fingerprint of its credentials; undefined where the state does not know it for certain. */
export function fingerprintOf(resource: AuditedResource): string | undefined {
  const fingerprint = textOf(resource, "credentialFingerprint");
  return fingerprint === NO_FINGERPRINT ? undefined : fingerprint;
}
