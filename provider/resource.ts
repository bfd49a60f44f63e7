import * as pulumi from "@pulumi/pulumi";
import { INPUTS, OUTPUTS, SECRETS } from "./fields";
import type { Hints } from "./hosts/dynamic";

/** Arguments of {@link WhatsAppProvider}. */
export interface WhatsAppProviderArgs {
  /** Name shown in CleverTap's dashboard: 1 to 64 characters after trimming, no control characters. */
  nickname: pulumi.Input<string>;
  /** WhatsApp number with the country code, digits only, approved in Kaleyra's dashboard. A change replaces the provider. */
  mobileNumber: pulumi.Input<string>;
  /** HTTP End Point handed out by Kaleyra support: absolute https URL without user-info or fragment (http on loopback only). */
  httpEndpoint: pulumi.Input<string>;
  /** Kaleyra's API key. Secret whatever is passed. */
  apiKey: pulumi.Input<string>;
  /** Kaleyra's account SID. Secret whatever is passed. */
  sid: pulumi.Input<string>;
  /** Kaleyra's API host, https URL or bare host name, passed through unchanged. */
  kaleyraHost: pulumi.Input<string>;
  /** Further header pairs; values are secret. None of Kaleyra's five. */
  headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** true makes this the account's default at each write; false never demotes another. */
  markAsDefault?: pulumi.Input<boolean>;
  /** Reply automatically to users that CleverTap does not track. Default: false. */
  autoReplyUntracked?: pulumi.Input<boolean>;
  /** Requests under way at the HTTP End Point at once, 30 to 1000. Default: CleverTap's own. */
  maxConcurrentRequests?: pulumi.Input<number>;
  /** true: take over a provider that holds the number and has no owner's mark; a string: the one with exactly this mark. Default: false. */
  adoptExisting?: pulumi.Input<boolean | string>;
  /** Entry of `clevertap:accounts`. Default: the account of `clevertap:accountId`. A change replaces, delete first. */
  account?: pulumi.Input<string>;
}

const TYPE = "pulumi-nodejs:dynamic/clevertap:WhatsAppProvider";

/**
 * The constant text that the SDK's dynamic-provider host compiles. It lies in state twice for every resource, so it holds no
 * code, no version and no path: it only loads the installed package, from the program's folder or from beside the SDK.
 */
export const PROVIDER_TEXT =
  'exports.handler=()=>{let m=require("module"),f=b=>m.createRequire(b)("pulumi-clevertap-whatsapp/host").provider();try{return f(process.cwd()+"/_")}catch{return f(require.main.filename)}}';

/**
 * A WhatsApp provider in CleverTap (Settings > Channels > WhatsApp) for a number served by Kaleyra.
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
export class WhatsAppProvider extends pulumi.CustomResource {
  /** Name shown in CleverTap's dashboard, trimmed. */
  declare readonly nickname: pulumi.Output<string>;
  /** WhatsApp number with the country code. */
  declare readonly mobileNumber: pulumi.Output<string>;
  /** HTTP End Point of Kaleyra. */
  declare readonly httpEndpoint: pulumi.Output<string>;
  /** Kaleyra's API key, secret. Undefined after {@link WhatsAppProvider.get}. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Kaleyra's account SID, secret. Undefined after {@link WhatsAppProvider.get}. */
  declare readonly sid: pulumi.Output<string>;
  /** Kaleyra's API host. */
  declare readonly kaleyraHost: pulumi.Output<string>;
  /** Further header pairs, secret; names in lower case. */
  declare readonly headers: pulumi.Output<Record<string, string> | undefined>;
  /** The argument; see {@link WhatsAppProvider.isDefault} for what is. */
  declare readonly markAsDefault: pulumi.Output<boolean | undefined>;
  /** Whether users that CleverTap does not track get an automatic reply. */
  declare readonly autoReplyUntracked: pulumi.Output<boolean | undefined>;
  /** Requests under way at once, where the program sets it. */
  declare readonly maxConcurrentRequests: pulumi.Output<number | undefined>;
  /** The argument. */
  declare readonly adoptExisting: pulumi.Output<boolean | string | undefined>;
  /** The argument. */
  declare readonly account: pulumi.Output<string | undefined>;
  /** Where Kaleyra sends inbound messages. Known at preview. */
  declare readonly inboundMessageCallbackUrl: pulumi.Output<string>;
  /** Where Kaleyra sends delivery reports. Known at preview. */
  declare readonly deliveryReportCallbackUrl: pulumi.Output<string>;
  /** Version of the payload. Known at preview. */
  declare readonly payloadVersion: pulumi.Output<string>;
  /** Query to append to Kaleyra's Incoming URL of the number. Known at preview. */
  declare readonly incomingUrlQuery: pulumi.Output<string>;
  /** Whether this is the account's default provider. */
  declare readonly isDefault: pulumi.Output<boolean>;
  /** State of the provider at CleverTap: "active". */
  declare readonly status: pulumi.Output<string>;
  /** Counts the changes of the provider, whoever made them. */
  declare readonly revision: pulumi.Output<number>;
  /** CleverTap account that holds the provider. */
  declare readonly accountId: pulumi.Output<string>;
  /** The owner's mark on the provider. */
  declare readonly externalReference: pulumi.Output<string | undefined>;
  /** Digest of the credentials: shows a rotation without showing a credential. */
  declare readonly credentialFingerprint: pulumi.Output<string>;

  /** @throws during preview and update: errors of WhatsAppProviderError's table, all problems at once */
  constructor(name: string, args: WhatsAppProviderArgs, opts?: pulumi.CustomResourceOptions) {
    const isLookup = opts?.id !== undefined;
    const blank = Object.fromEntries([...INPUTS, ...OUTPUTS].map((f) => [f.name, undefined]));
    const props: pulumi.Inputs = { ...blank, ...protect({ ...args }), __provider: PROVIDER_TEXT };
    if (!isLookup) props.__hints = hints(name, args, opts);
    super(TYPE, name, props, pulumi.mergeOptions(opts, { additionalSecretOutputs: [...SECRETS] }));
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

/** Credentials are secret whatever the program passes; an argument that does not exist may be a misspelt one. */
function protect(args: pulumi.Inputs): pulumi.Inputs {
  const isPublic = (name: string) => INPUTS.some((f) => f.name === name) && !SECRETS.includes(name);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      isPublic(name) || value === undefined ? value : pulumi.secret(value),
    ]),
  );
}

function hints(name: string, args: object, opts?: pulumi.CustomResourceOptions): pulumi.Output<Hints> {
  const entries = Object.entries(args).filter(([, value]) => value !== undefined);
  const marks = entries.map(async ([key, value]) =>
    (await pulumi.isSecret(pulumi.output(value))) ? [key] : [],
  );
  return pulumi.output({
    preview: pulumi.runtime.isDryRun(),
    urn: pulumi.createUrn(name, TYPE, opts?.parent),
    organization: pulumi.getOrganization(),
    confidential: Promise.all(marks).then((names) => names.flat()),
    plainPasscodes: plainPasscodes(),
  });
}

/** Only the program can tell how a value stands in the configuration: the host gets all of it in clear. */
function plainPasscodes(): string[] {
  // Exported by every SDK at run time, but kept out of its declarations.
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
  const holdsPasscode = {
    "clevertap:passcode": /./,
    "clevertap:accounts": /"passcode"/,
  };
  return Object.entries(holdsPasscode)
    .filter(([key, pattern]) => pattern.test(pulumi.runtime.getConfig(key) ?? "") && !isConfigSecret(key))
    .map(([key]) => key);
}
