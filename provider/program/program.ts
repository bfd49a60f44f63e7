import * as pulumi from "@pulumi/pulumi";
import { INPUTS, OUTPUTS, SECRETS } from "../resources/whatsapp-provider/properties";
import { protect } from "./protect";
import { shortenDebugMessages, shortStacks, warnOfDebugMessages } from "./sdk-patches";
import { DYNAMIC_TYPE, PLUGIN_TYPE } from "./tokens";

/** What the program sides of both doors share: arguments, declared outputs, and which of them are secret. */

/** Arguments of a WhatsAppProvider. */
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

shortenDebugMessages();

/** The outputs of a provider, as both doors' classes declare them. */
export class WhatsAppProviderOutputs extends pulumi.CustomResource {
  /** Name shown in CleverTap's dashboard, trimmed. */
  declare readonly nickname: pulumi.Output<string>;
  /** WhatsApp number with the country code. */
  declare readonly mobileNumber: pulumi.Output<string>;
  /** HTTP End Point of Kaleyra. */
  declare readonly httpEndpoint: pulumi.Output<string>;
  /** Kaleyra's API key, secret. Undefined after `get`. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Kaleyra's account SID, secret. Undefined after `get`. */
  declare readonly sid: pulumi.Output<string>;
  /** Kaleyra's API host. */
  declare readonly kaleyraHost: pulumi.Output<string>;
  /** Further header pairs, secret; names in lower case. */
  declare readonly headers: pulumi.Output<Record<string, string> | undefined>;
  /** The argument; `isDefault` says what is. */
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
  /** Query for Kaleyra's Incoming URL of the number: append it after `?`, or after `&` where the URL has a query already. Known at preview. */
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

  /**
   * @param type token of the resource's type
   * @param extra what one door adds to the arguments
   */
  protected constructor(
    type: string,
    name: string,
    args: WhatsAppProviderArgs,
    extra: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const blank = Object.fromEntries([...INPUTS, ...OUTPUTS].map((f) => [f.name, undefined]));
    const props = { ...blank, ...protect({ ...args }), ...extra };
    // A program that changes doors keeps its resources: what the other door made under this name is this one.
    const aliases = [{ type: type === PLUGIN_TYPE ? DYNAMIC_TYPE : PLUGIN_TYPE }];
    const more = pulumi.mergeOptions(opts, { additionalSecretOutputs: [...SECRETS], aliases });
    const restore = shortStacks();
    try {
      super(type, name, props, more);
    } finally {
      restore();
    }
    warnOfDebugMessages();
  }

  /**
   * Reads a provider that something else manages. Secrets stay undefined.
   * @param id the provider's id at CleverTap
   */
  static get<T extends WhatsAppProviderOutputs>(
    this: new (
      name: string,
      args: WhatsAppProviderArgs,
      opts?: pulumi.CustomResourceOptions,
    ) => T,
    name: string,
    id: pulumi.Input<pulumi.ID>,
    { account, ...opts }: { account?: pulumi.Input<string> } & pulumi.CustomResourceOptions = {},
  ): T {
    return new this(name, { account } as WhatsAppProviderArgs, { ...opts, id });
  }
}
