import { createHash } from "node:crypto";
import { FIRST_PREV, hashOfLine } from "../../../contract/gateway-log";

/** States as the engine writes them, made up. */

export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const digest = (text: string, digits: number) =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/** A secret as a state keeps it. Each encryption gives another text. */
export function encrypted(seed: string) {
  const bytes = createHash("sha512").update(seed).digest("base64");
  return { [SIGNATURE]: SECRET, ciphertext: `v1:${bytes.slice(0, 16)}:${bytes.slice(16, 60)}` };
}

export interface Wanted {
  readonly name: string;
  readonly number: string;
  readonly nickname: string;
  /** Stands for the credentials: another one is a rotation. */
  readonly key: string;
  readonly id?: string;
  readonly stack?: string;
  readonly door?: "dynamic" | "plugin";
  readonly account?: string;
  readonly created?: string;
  readonly modified?: string;
  readonly protect?: boolean;
  readonly isDefault?: boolean;
  readonly revision?: number;
  readonly status?: string;
  /** Further members of the outputs. */
  readonly outputs?: Record<string, unknown>;
  /** Further members of the inputs and the outputs. */
  readonly settings?: Record<string, unknown>;
  /** Further members of the entry. */
  readonly entry?: Record<string, unknown>;
}

const TYPES = {
  dynamic: "pulumi-nodejs:dynamic/clevertap:WhatsAppProvider",
  plugin: "clevertap:index:WhatsAppProvider",
};
const INCOMING_URL = "clevertap:index:KaleyraIncomingUrl";
const CODE = `exports.handler=()=>require("pulumi-clevertap-whatsapp/host").provider()`;

/** An entry of a state. */
export function resource(wanted: Wanted): Record<string, unknown> {
  const {
    name,
    number,
    nickname,
    key,
    stack = "shop/prod",
    door = "plugin",
    account = "TEST-000-001Z",
  } = wanted;
  const [project = "", stackName = ""] = stack.split("/");
  const id = wanted.id ?? `wap_${digest(`${stack} ${name} ${number}`, 16)}`;
  const mark = `organization/${stack}/${name}#${digest(id, 12)}`;
  const callbacks = `https://example.com/callbacks/${digest(account, 12)}`;
  const shared = {
    ...(door === "dynamic" && { __provider: CODE }),
    credentialFingerprint: digest(`${account} ${number} ${key}`, 12),
    deliveryReportCallbackUrl: `${callbacks}/delivery`,
    httpEndpoint: "https://example.com/whatsapp/message/clevertap",
    inboundMessageCallbackUrl: `${callbacks}/inbound`,
    incomingUrlQuery: `inbound_message_callback_url=${callbacks}/inbound&payload_version=0.1`,
    kaleyraHost: "https://api.in.kaleyra.io/",
    mobileNumber: number,
    nickname,
    payloadVersion: "0.1",
    ...wanted.settings,
  };
  const secrets = (seed: string) => ({
    apiKey: encrypted(`${seed} ${key} api ${wanted.modified}`),
    sid: encrypted(`${seed} ${key} sid ${wanted.modified}`),
  });
  return {
    urn: `urn:pulumi:${stackName}::${project}::${TYPES[door]}::${name}`,
    custom: true,
    id,
    type: TYPES[door],
    inputs: { __owner: `organization/${stack}/${name}`, ...secrets("in"), ...shared },
    outputs: {
      __api: "https://gateway.example.com",
      __mark: mark,
      accountId: account,
      ...secrets("out"),
      ...shared,
      externalReference: mark,
      isDefault: wanted.isDefault ?? false,
      revision: wanted.revision ?? 1,
      status: wanted.status ?? "active",
      ...wanted.outputs,
    },
    parent: stackUrn(stack),
    ...(wanted.protect && { protect: true }),
    propertyDependencies: { apiKey: [], mobileNumber: [], sid: [] },
    additionalSecretOutputs: ["apiKey", "sid", "headers"],
    created: wanted.created ?? "2026-03-10T09:00:05Z",
    modified: wanted.modified ?? wanted.created ?? "2026-03-10T09:00:05Z",
    ...wanted.entry,
  };
}

/** The entry of an Incoming URL, which Kaleyra does not show back. */
export function incomingUrl({ name, number, key, stack = "shop/prod", created, modified }: Wanted) {
  const [project = "", stackName = ""] = stack.split("/");
  const baseUrl = "https://example.com/whatsapp_incoming";
  const query = "inbound_message_callback_url=https://example.com/callbacks/inbound&payload_version=0.1";
  const inputs = {
    apiKey: encrypted(`url ${key} api ${modified}`),
    sid: encrypted(`url ${key} sid ${modified}`),
    baseUrl,
    credentialFingerprint: digest(`url ${number} ${key}`, 12),
    incomingUrl: `${baseUrl}?${query}`,
    incomingUrlQuery: query,
    kaleyraHost: "https://api.in.kaleyra.io/",
    mobileNumber: number,
  };
  return {
    urn: `urn:pulumi:${stackName}::${project}::${INCOMING_URL}::${name}`,
    custom: true,
    id: number,
    type: INCOMING_URL,
    inputs,
    outputs: { ...inputs, readsBack: false },
    parent: stackUrn(stack),
    created,
    modified: modified ?? created,
  };
}

export function stackUrn(stack: string): string {
  const [project = "", name = ""] = stack.split("/");
  return `urn:pulumi:${name}::${project}::pulumi:pulumi:Stack::${project}-${name}`;
}

function deployment(time: string, resources: readonly object[], stack: string, more: object) {
  return {
    manifest: { time, magic: digest(time, 64), version: "v3.250.0" },
    secrets_providers: { type: "passphrase", state: { salt: "v1:AAAAAAAAAAA=:v1:BBBBBBBBBBBBBBBB:CCCC" } },
    resources: [{ urn: stackUrn(stack), custom: false, type: "pulumi:pulumi:Stack" }, ...resources],
    ...more,
  };
}

/** What `pulumi stack export` prints. */
export function exported(
  time: string,
  resources: readonly object[],
  { stack = "shop/prod", ...more }: { stack?: string } & Record<string, unknown> = {},
) {
  return { version: 3, deployment: deployment(time, resources, stack, more) };
}

/** What a file backend keeps. */
export function checkpoint(time: string, resources: readonly object[], stack = "shop/prod") {
  return {
    version: 3,
    checkpoint: {
      stack: `organization/${stack}`,
      latest: deployment(time, resources, stack, { metadata: {} }),
    },
  };
}

/** A log of the gateway, its chain whole. */
export function gatewayLog(
  texts: readonly { at: string; actor: string; action: string; task?: string; provider?: string }[],
): Record<string, unknown>[] {
  let prev = FIRST_PREV;
  return texts.map((text, i) => {
    const line = { seq: i + 1, ...text, prev };
    prev = hashOfLine(line);
    return { ...line, hash: prev };
  });
}
