import * as pulumi from "@pulumi/pulumi";
import { KEYS } from "../configuration/table";
import { ERRORS, type ErrorCode, WhatsAppProviderError } from "../model/errors";
import { type GetWhatsAppProviderArgs, type GetWhatsAppProviderResult, unknownUntilMade } from "./look-up";
import { organization } from "./organization";
import {
  type KaleyraIncomingUrlArgs,
  KaleyraIncomingUrlOutputs,
  type WhatsAppProviderArgs,
  WhatsAppProviderOutputs,
} from "./program";
import type { ProviderArgs } from "./provider-args";

/** The second door, program side: a resource of the native plugin, an explicit instance of it, and its functions. */

/**
 * A WhatsApp provider in CleverTap (Settings > Channels > WhatsApp) for a number served by Kaleyra. The plugin is found by
 * the project's `Pulumi.yaml`: `plugins: providers: [{name: clevertap, path: node_modules/pulumi-clevertap-whatsapp/plugin}]`.
 *
 * @example
 * const kaleyra = new WhatsAppProvider("kaleyra", {
 *   nickname: "Kaleyra India",
 *   mobileNumber: "919999999999",
 *   httpEndpoint: "https://example.com/whatsapp/message/clevertap",
 *   apiKey: config.requireSecret("apiKey"),
 *   sid: config.requireSecret("sid"),
 *   kaleyraHost: "https://api.in.kaleyra.io/",
 * });
 * export const inbound = kaleyra.inboundMessageCallbackUrl;
 */
export class WhatsAppProvider extends WhatsAppProviderOutputs {
  /** @throws during preview and update: errors of WhatsAppProviderError's table, all problems at once */
  constructor(name: string, args: WhatsAppProviderArgs, opts?: pulumi.CustomResourceOptions) {
    // The engine does not tell a plugin the organization, which the owner's mark names; check takes it off again.
    const extra = opts?.id === undefined ? { __hints: { organization: organization() } } : {};
    super("plugin", name, args, extra, opts);
  }
}

/**
 * The Incoming URL of a WhatsApp number at Kaleyra: where Kaleyra sends what users write. The last step of CleverTap's guide.
 * Never tried on a live account of Kaleyra.
 *
 * @example
 * new KaleyraIncomingUrl("kaleyra", {
 *   mobileNumber: kaleyra.mobileNumber,
 *   kaleyraHost: "https://api.in.kaleyra.io/",
 *   apiKey: config.requireSecret("apiKey"),
 *   sid: config.requireSecret("sid"),
 *   baseUrl: "https://example.com/whatsapp_incoming", // handed out by Kaleyra support
 *   incomingUrlQuery: kaleyra.incomingUrlQuery,
 * });
 */
export class KaleyraIncomingUrl extends KaleyraIncomingUrlOutputs {
  /** @throws during preview and update: errors of WhatsAppProviderError's table, all problems at once */
  constructor(name: string, args: KaleyraIncomingUrlArgs, opts?: pulumi.CustomResourceOptions) {
    super("plugin", name, args, {}, opts);
  }
}

/**
 * An explicit provider instance: an account of its own for the resources that get it as `{ provider }`. Its arguments are
 * checked at preview. Another endpoint or account replaces it and its resources; another passcode does not.
 *
 * @example
 * const emea = new Provider("emea", { endpoint, accountId: "…", passcode: config.requireSecret("emeaPasscode") });
 * new WhatsAppProvider("kaleyra", args, { provider: emea });
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("clevertap", name, instanceArguments(args), opts);
  }
}

/** As texts, since the engine keeps them so. What is no argument may be a misspelt one, so it is secret too. */
function instanceArguments(args: ProviderArgs): pulumi.Inputs {
  const isPublic = (name: string) => KEYS.some((key) => key.name === name && !key.secret);
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const text = pulumi.output(value).apply(asText);
      return [name, isPublic(name) ? text : pulumi.secret(text)];
    }),
  );
}

/**
 * Finds the provider of a number, whoever made it.
 * @throws WhatsAppProviderError provider-not-found, and those of the configuration and the connection
 * @example
 * const { id } = await getWhatsAppProvider({ mobileNumber: "919999999999" });
 */
export function getWhatsAppProvider(
  args: GetWhatsAppProviderArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetWhatsAppProviderResult> {
  return invoke("clevertap:index:getWhatsAppProvider", { ...args }, opts);
}

/**
 * The same for values that are outputs of other resources. At preview the result is unknown where no provider holds the
 * number yet: this program may be about to make it.
 */
export function getWhatsAppProviderOutput(
  args: { mobileNumber: pulumi.Input<string>; account?: pulumi.Input<string> },
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetWhatsAppProviderResult> {
  return unknownUntilMade(args, (known) => getWhatsAppProvider(known, opts));
}

/** What {@link getProviderDefaults} finds. */
export interface GetProviderDefaultsResult {
  /** Where Kaleyra sends inbound messages. */
  inboundMessageCallbackUrl: string;
  /** Where Kaleyra sends delivery reports. */
  deliveryReportCallbackUrl: string;
  /** Version of the payload, today "0.1". */
  payloadVersion: string;
  /** Query for Kaleyra's Incoming URL of a number: append it after `?`, or after `&` where the URL has a query already. */
  incomingUrlQuery: string;
  /** The account that they belong to. */
  accountId: string;
}

/**
 * What CleverTap's dashboard shows before Save: callback URLs and payload version of an account.
 * @param args.account entry of `clevertap:accounts`; default: the account of `clevertap:accountId`
 * @throws WhatsAppProviderError those of the configuration and the connection
 */
export function getProviderDefaults(
  args: { account?: string } = {},
  opts?: pulumi.InvokeOptions,
): Promise<GetProviderDefaultsResult> {
  return invoke("clevertap:index:getProviderDefaults", { ...args }, opts);
}

/** The same for values that are outputs of other resources. */
export function getProviderDefaultsOutput(
  args: { account?: pulumi.Input<string> } = {},
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetProviderDefaultsResult> {
  return pulumi.output(args).apply((known) => getProviderDefaults(known, opts));
}

async function invoke<T>(token: string, args: pulumi.Inputs, opts?: pulumi.InvokeOptions): Promise<T> {
  try {
    return await pulumi.runtime.invoke(token, args, opts);
  } catch (error) {
    throw ownError(error) ?? error;
  }
}

/** The SDK gives only a text: the code stands at its end. */
function ownError(error: unknown): WhatsAppProviderError | undefined {
  const text = error instanceof Error ? error.message : "";
  const match = /failed: (.*) \[([a-z-]+)(?:, request ([^\]]+))?\]/s.exec(text);
  const [, what = "", code = "", requestId] = match ?? [];
  if (!Object.hasOwn(ERRORS, code)) return undefined;
  return new WhatsAppProviderError(code as ErrorCode, what, { requestId, remedy: "" });
}
