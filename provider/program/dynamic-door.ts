import * as pulumi from "@pulumi/pulumi";
import { unknownKeyWarnings } from "../configuration/unknown-keys";
import { WhatsAppProviderError } from "../model/errors";
import { propertiesOf, type Table } from "../model/property";
import { properties } from "../resources/kaleyra-incoming-url/properties";
import { hints } from "./hints";
import { type GetWhatsAppProviderArgs, type GetWhatsAppProviderResult, unknownUntilMade } from "./look-up";
import {
  type KaleyraIncomingUrlArgs,
  KaleyraIncomingUrlOutputs,
  type WhatsAppProviderArgs,
  WhatsAppProviderOutputs,
} from "./program";
import { typesOf } from "./tokens";
import { warnOnce } from "./warnings";

/** The front door, program side: a dynamic resource, and a look-up that runs in the program. */

/**
 * The constant text that the SDK's dynamic-provider host compiles. It lies in state twice for every resource, so it holds no
 * code, no version and no path: it only loads the installed package, from the program's folder or from beside the SDK.
 */
export const PROVIDER_TEXT = providerText();
const INCOMING_URL_TEXT = providerText("KaleyraIncomingUrl");

/** @param resource its name; the first of them has none in its text, which lies in the states of version 0.1 */
function providerText(resource?: string): string {
  const name = resource === undefined ? "" : `"${resource}"`;
  return `exports.handler=()=>{let m=require("module"),f=b=>m.createRequire(b)("pulumi-clevertap-whatsapp/host").provider(${name});try{return f(process.cwd()+"/_")}catch{return f(require.main.filename)}}`;
}

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
    if (opts?.import !== undefined)
      throw importOption(
        name,
        "Use the argument adoptExisting: true (or the provider's mark) instead of the option, or import with the native plugin, " +
          '"pulumi-clevertap-whatsapp/plugin"',
      );
    super("dynamic", name, args, extraOf("WhatsAppProvider", PROVIDER_TEXT, name, args, opts), opts);
    warnOnce("unknown keys", () => unknownKeyWarnings(ownConfiguration()));
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
    if (opts?.import !== undefined)
      throw importOption(
        name,
        "Leave the option out: a create sets the URL of a number that has one as well",
      );
    const extra = extraOf("KaleyraIncomingUrl", INCOMING_URL_TEXT, name, args, opts);
    super("dynamic", name, args, { ...extra, ...standIns(properties, { ...args }, opts) }, opts);
    warnOnce("unknown keys", () => unknownKeyWarnings(ownConfiguration()));
  }
}

/** What this door adds to the arguments. A resource that is only read goes through no check. */
function extraOf(
  resource: string,
  text: string,
  name: string,
  args: object | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  if (opts?.id !== undefined) return { __provider: text };
  return { __provider: text, __hints: hints(typesOf(resource).dynamic, name, args ?? {}, opts) };
}

/**
 * The host gets no secrets, and the engine keeps an output for a secret only where an input of its name is one: so what is
 * made of arguments that may be secrets is an input too, empty, which the host takes off again.
 */
function standIns(table: Table, args: pulumi.Inputs, opts?: pulumi.CustomResourceOptions): pulumi.Inputs {
  if (opts?.id !== undefined) return {};
  const made = propertiesOf(table, "early").filter(({ name, madeOf }) => madeOf && args[name] === undefined);
  return Object.fromEntries(
    made.map(({ name, madeOf = [] }) => [name, pulumi.all(madeOf.map((from) => args[from])).apply(() => "")]),
  );
}

/** The engine's Read comes without the line that loads this package, so the SDK's host would crash. */
function importOption(name: string, remedy: string): WhatsAppProviderError {
  return new WhatsAppProviderError("invalid-input", `resource ${name} can't be imported behind this door`, {
    property: "import",
    remedy,
  });
}

/** Values by key of the `clevertap:` configuration, without the namespace. */
function ownConfiguration(): Record<string, string> {
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith("clevertap:"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice("clevertap:".length), value]));
}

/**
 * Finds the provider of a number, whoever made it.
 * @throws WhatsAppProviderError provider-not-found, and those of the configuration and the connection
 * @example
 * const { id } = await getWhatsAppProvider({ mobileNumber: "919999999999" });
 */
export async function getWhatsAppProvider(args: GetWhatsAppProviderArgs): Promise<GetWhatsAppProviderResult> {
  const { lookUpHere } = require("./dynamic-look-up") as typeof import("./dynamic-look-up");
  return lookUpHere(args);
}

/**
 * The same for values that are outputs of other resources. At preview the result is unknown where no provider holds the
 * number yet: this program may be about to make it.
 */
export function getWhatsAppProviderOutput(args: {
  mobileNumber: pulumi.Input<string>;
  account?: pulumi.Input<string>;
}): pulumi.Output<GetWhatsAppProviderResult> {
  return unknownUntilMade(args, getWhatsAppProvider);
}
