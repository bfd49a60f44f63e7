import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { ARGUMENTS, properties, SECRETS } from "../resources/whatsapp-provider/properties";
import type { WhatsAppProviderOutputs as Declared, WhatsAppProviderArgs } from "./generated";

export type { WhatsAppProviderArgs } from "./generated";

/** What the program sides of both doors share: arguments, declared outputs, and which of them are secret. */

/** Type tokens of the two doors. */
export const DYNAMIC_TYPE = "pulumi-nodejs:dynamic/clevertap:WhatsAppProvider";
export const PLUGIN_TYPE = "clevertap:index:WhatsAppProvider";

/**
 * The SDK writes the engine's whole answer into a debug message, secrets in clear: `--debug` prints it, `--event-log` keeps
 * it. With this, only the URN is written; of every resource of the program, since any of them may be given a secret of ours.
 */
RegisterResourceResponse.prototype.toString = function (this: RegisterResourceResponse) {
  return this.getUrn();
};

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
  }
}

/**
 * The SDK formats four stacks for each property, each mapped back to TypeScript frame by frame: a third of a program's time
 * with many resources. Until the returned function is called only the one is formatted that tells the engine the resource's
 * position: without this file's frame, which the SDK does not expect, and of the rest only the program's own, since the engine
 * writes them into every resource's state. An error that is thrown keeps its stack: it is formatted when somebody looks at it.
 */
function shortStacks(): () => void {
  const format = Error.prepareStackTrace;
  // Node's own mapping (--enable-source-maps) cannot be called from here.
  if (process.sourceMapsEnabled) return () => {};
  Error.prepareStackTrace = (error, sites) => {
    // The SDK lifts the limit for the position, and only for it.
    if (Error.stackTraceLimit !== Number.POSITIVE_INFINITY) return "";
    const frames = sites
      .filter((site) => site.getFileName() !== __filename)
      .filter((site, i) => i <= SDK_FRAMES || isProgram(site.getFileName()));
    return format ? format(error, frames) : [error, ...frames].join("\n    at ");
  };
  return () => {
    Error.prepareStackTrace = format;
  };
}

/** The SDK's own frames above the line that made the resource: two functions and three constructors. */
const SDK_FRAMES = 5;
const isProgram = (file: string | null | undefined) => !!file && !/^node:|[\\/]node_modules[\\/]/.test(file);

/** Credentials are secret whatever the program passes; an argument that does not exist may be a misspelt one. */
function protect(args: pulumi.Inputs): pulumi.Inputs {
  const isPublic = (name: string) => ARGUMENTS.some((p) => p.name === name) && !SECRETS.includes(name);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      isPublic(name) || value === undefined ? value : pulumi.secret(value),
    ]),
  );
}

/** Mocks and old engines give none; a backend without organizations says "organization". */
export function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}
