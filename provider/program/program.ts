import * as pulumi from "@pulumi/pulumi";
import { properties, SECRETS } from "../resources/whatsapp-provider/properties";
import type { WhatsAppProviderOutputs as Declared, WhatsAppProviderArgs } from "./generated";
import { protect } from "./protect";
import { shortenDebugMessages, shortStacks, warnOfDebugMessages } from "./sdk-patches";
import { DYNAMIC_TYPE, PLUGIN_TYPE } from "./tokens";

export type { WhatsAppProviderArgs } from "./generated";

/** What the program sides of both doors share: arguments, declared outputs, and which of them are secret. */

shortenDebugMessages();

/** The outputs. Declared only: a field, or a class more, would stand between the SDK and the program's line. */
export interface WhatsAppProviderOutputs extends Declared {}

/** The class of both doors, but for its type token. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK sets all of the declared outputs
export class WhatsAppProviderOutputs extends pulumi.CustomResource {
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
    const blank = Object.fromEntries(Object.keys(properties).map((name) => [name, undefined]));
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
