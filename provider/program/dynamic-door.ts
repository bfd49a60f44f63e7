import * as pulumi from "@pulumi/pulumi";
import { plainPasscodes } from "../configuration/plain-passcodes";
import { unknownKeyWarnings } from "../configuration/unknown-keys";
import type { Hints } from "../hosts/dynamic";
import { WhatsAppProviderError } from "../model/errors";
import { DYNAMIC_TYPE, organization, type WhatsAppProviderArgs, WhatsAppProviderOutputs } from "./program";

export type { WhatsAppProviderArgs } from "./program";

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
export class WhatsAppProvider extends WhatsAppProviderOutputs {
  /** @throws during preview and update: errors of WhatsAppProviderError's table, all problems at once */
  constructor(name: string, args: WhatsAppProviderArgs, opts?: pulumi.CustomResourceOptions) {
    if (opts?.import !== undefined) throw importOption(name);
    const extra: pulumi.Inputs = { __provider: PROVIDER_TEXT };
    if (opts?.id === undefined) extra.__hints = hints(name, args ?? {}, opts);
    super(DYNAMIC_TYPE, name, args, extra, opts);
    warnOfUnknownKeys();
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

/** The engine's Read comes without the line that loads this package, so the SDK's host would crash. */
function importOption(name: string): WhatsAppProviderError {
  return new WhatsAppProviderError("invalid-input", `resource ${name} can't be imported behind this door`, {
    property: "import",
    remedy:
      "Use the argument adoptExisting: true (or the provider's mark) instead of the option, or import with the native plugin, " +
      '"pulumi-clevertap-whatsapp/plugin"',
  });
}

const warned = new WeakSet<object>();

/** Once for each program: the Automation API runs several in one process. */
function warnOfUnknownKeys(): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack || warned.has(stack)) return;
  warned.add(stack);
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith("clevertap:"));
  const config = Object.fromEntries(own.map(([key, value]) => [key.slice("clevertap:".length), value]));
  for (const line of unknownKeyWarnings(config)) pulumi.log.warn(line);
}

function hints(name: string, args: object, opts?: pulumi.CustomResourceOptions): pulumi.Output<Hints> {
  const entries = Object.entries(args).filter(([, value]) => value !== undefined);
  const marks = entries.map(async ([key, value]) =>
    (await pulumi.isSecret(pulumi.output(value))) ? [key] : [],
  );
  return pulumi.output({
    preview: pulumi.runtime.isDryRun(),
    urn: pulumi.createUrn(name, DYNAMIC_TYPE, opts?.parent),
    organization: organization(),
    confidential: Promise.all(marks).then((names) => names.flat()),
    plainPasscodes: passcodesInClear(),
  });
}

/** Only the program can tell how a value stands in the configuration: the host gets all of it in clear. */
function passcodesInClear(): string[] {
  // Exported by every SDK at run time, but kept out of its declarations.
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
  return plainPasscodes(
    (name) => pulumi.runtime.getConfig(`clevertap:${name}`),
    (name) => isConfigSecret(`clevertap:${name}`),
  );
}
