/** The second door, program side: the same provider through the native plugin in this package's folder `plugin`. */
import * as pulumi from "@pulumi/pulumi";
import { ERRORS, type ErrorCode, WhatsAppProviderError } from "./model/errors";
import {
  type GetWhatsAppProviderArgs,
  type GetWhatsAppProviderResult,
  unknownUntilMade,
} from "./program/functions";
import {
  organization,
  PLUGIN_TYPE,
  type WhatsAppProviderArgs,
  WhatsAppProviderOutputs,
} from "./program/program";

export { ERRORS, type ErrorCode, type ErrorEntry, WhatsAppProviderError } from "./model/errors";
export type { GetWhatsAppProviderArgs, GetWhatsAppProviderResult } from "./program/functions";
export type { WhatsAppProviderArgs } from "./program/program";

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
    super(PLUGIN_TYPE, name, args, extra, opts);
  }

  /**
   * Reads a provider that something else manages. Secrets stay undefined.
   * @param id the provider's id at CleverTap
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    { account, ...opts }: { account?: pulumi.Input<string> } & pulumi.CustomResourceOptions = {},
  ): WhatsAppProvider {
    return new WhatsAppProvider(name, { account } as WhatsAppProviderArgs, { ...opts, id });
  }
}

/** Arguments of {@link Provider}; what is left out comes from the environment: CLEVERTAP_ENDPOINT and so on. */
export interface ProviderArgs {
  /** Base URL of the provider API: https, or http on loopback. */
  endpoint?: pulumi.Input<string>;
  /** CleverTap account. */
  accountId?: pulumi.Input<string>;
  /** Passcode of the account. Secret whatever is passed. */
  passcode?: pulumi.Input<string>;
  /** Further accounts by name, for the argument `account`. `endpoint` defaults to the one above. Secret whatever is passed. */
  accounts?: pulumi.Input<
    Record<
      string,
      pulumi.Input<{
        endpoint?: pulumi.Input<string>;
        accountId: pulumi.Input<string>;
        passcode: pulumi.Input<string>;
      }>
    >
  >;
  /** When the dry run goes out at preview. Default: `each`. */
  previewProbe?: pulumi.Input<"each" | "once" | "off">;
  /** Who sends the verification message at preview. Default: `api`. */
  probeFrom?: pulumi.Input<"api" | "here">;
  /** Seconds per attempt, 1 to 600. Default: 10. */
  requestTimeout?: pulumi.Input<number>;
  /** Attempts per call, 1 to 20, the first included. Default: 5. */
  maxAttempts?: pulumi.Input<number>;
  /** Prefix of the owner's mark, for equal stacks on different backends. */
  owner?: pulumi.Input<string>;
  /** The earlier `endpoint` of an API that has moved: nothing is replaced, and `up` records the new one. */
  formerEndpoint?: pulumi.Input<string>;
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
    const { passcode, accounts, ...rest } = args;
    const props: pulumi.Inputs = { ...rest };
    if (passcode !== undefined) props.passcode = pulumi.secret(passcode);
    if (accounts !== undefined) {
      props.accounts = pulumi.secret(pulumi.output(accounts)).apply((known) => JSON.stringify(known));
    }
    // The engine keeps a provider's arguments as texts.
    for (const name of ["requestTimeout", "maxAttempts"] as const) {
      if (args[name] !== undefined) props[name] = pulumi.output(args[name]).apply(String);
    }
    super("clevertap", name, props, opts);
  }
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
