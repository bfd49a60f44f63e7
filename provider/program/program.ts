import * as pulumi from "@pulumi/pulumi";
import { propertiesOf, type Table } from "../model/property";
import { properties as ofIncomingUrl } from "../resources/kaleyra-incoming-url/properties";
import { properties as ofProvider } from "../resources/whatsapp-provider/properties";
import type {
  WhatsAppProviderOutputs as Declared,
  KaleyraIncomingUrlArgs,
  KaleyraIncomingUrlOutputs as UrlDeclared,
  WhatsAppProviderArgs,
} from "./generated";
import { protect } from "./protect";
import { shortenDebugMessages, shortStacks, warnOfDebugMessages } from "./sdk-patches";
import { typesOf } from "./tokens";

export type { KaleyraIncomingUrlArgs, WhatsAppProviderArgs } from "./generated";

/** What the program sides of both doors share: arguments, declared outputs, and which of them are secret. */

shortenDebugMessages();

/** Which way a program goes to the lifecycle. */
export type Door = "dynamic" | "plugin";

/**
 * What the SDK registers a resource with.
 * @param resource its name
 * @param extra what one door adds to the arguments
 */
function registration(
  resource: string,
  table: Table,
  door: Door,
  args: pulumi.Inputs,
  extra: pulumi.Inputs,
  opts: pulumi.CustomResourceOptions | undefined,
) {
  const blank = Object.fromEntries(Object.keys(table).map((name) => [name, undefined]));
  const types = typesOf(resource);
  // A program that changes doors keeps its resources: what the other door made under this name is this one.
  const aliases = [{ type: door === "plugin" ? types.dynamic : types.plugin }];
  const secrets = propertiesOf(table, "argument").filter(({ secret }) => secret);
  const additionalSecretOutputs = secrets.map(({ name }) => name);
  return {
    type: types[door],
    props: { ...blank, ...protect(args, table), ...extra },
    opts: pulumi.mergeOptions(opts, { additionalSecretOutputs, aliases }),
  };
}

/** The outputs. Declared only: a field, or a class more, would stand between the SDK and the program's line. */
export interface WhatsAppProviderOutputs extends Declared {}

/** The class of both doors. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK sets all of the declared outputs
export class WhatsAppProviderOutputs extends pulumi.CustomResource {
  /** @param extra what one door adds to the arguments */
  protected constructor(
    door: Door,
    name: string,
    args: WhatsAppProviderArgs,
    extra: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const own = registration("WhatsAppProvider", ofProvider, door, { ...args }, extra, opts);
    const restore = shortStacks();
    try {
      super(own.type, name, own.props, own.opts);
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

/** The outputs, as above. */
export interface KaleyraIncomingUrlOutputs extends UrlDeclared {}

/** What a read of a number at Kaleyra needs. */
export type KaleyraAccessArgs = Pick<KaleyraIncomingUrlArgs, "kaleyraHost" | "sid" | "apiKey">;

/** The class of both doors. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK sets all of the declared outputs
export class KaleyraIncomingUrlOutputs extends pulumi.CustomResource {
  /** @param extra what one door adds to the arguments */
  protected constructor(
    door: Door,
    name: string,
    args: KaleyraIncomingUrlArgs,
    extra: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const own = registration("KaleyraIncomingUrl", ofIncomingUrl, door, { ...args }, extra, opts);
    const restore = shortStacks();
    try {
      super(own.type, name, own.props, own.opts);
    } finally {
      restore();
    }
    warnOfDebugMessages();
  }

  /**
   * Reads the Incoming URL of a number that something else manages. Kaleyra answers with a key only, so it takes one.
   * `incomingUrl` stays undefined where `readsBack` is false.
   * @param id the number
   */
  static get<T extends KaleyraIncomingUrlOutputs>(
    this: new (
      name: string,
      args: KaleyraIncomingUrlArgs,
      opts?: pulumi.CustomResourceOptions,
    ) => T,
    name: string,
    id: pulumi.Input<pulumi.ID>,
    { kaleyraHost, sid, apiKey, ...opts }: KaleyraAccessArgs & pulumi.CustomResourceOptions,
  ): T {
    return new this(name, { kaleyraHost, sid, apiKey } as KaleyraIncomingUrlArgs, { ...opts, id });
  }
}
