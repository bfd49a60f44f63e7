import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { readSettings } from "../configuration/settings";
import { WhatsAppProviderError } from "../model/errors";
import { createContext } from "../resources/context";
import { lookup } from "../resources/whatsapp-provider/lookup";
import type { GetWhatsAppProviderResult } from "./generated";

export type { GetWhatsAppProviderResult } from "./generated";

/** What {@link getWhatsAppProvider} looks for. */
export interface GetWhatsAppProviderArgs {
  /** The number, digits only with the country code. */
  mobileNumber: string;
  /** Entry of `clevertap:accounts`. Default: the account of `clevertap:accountId`. */
  account?: string;
}

/**
 * Finds the provider of a number, whoever made it.
 * @throws WhatsAppProviderError provider-not-found, and those of the configuration and the connection
 * @example
 * const { id } = await getWhatsAppProvider({ mobileNumber: "919999999999" });
 */
export async function getWhatsAppProvider(args: GetWhatsAppProviderArgs): Promise<GetWhatsAppProviderResult> {
  const config = new pulumi.Config("clevertap");
  const settings = readSettings((key) => config.get(key));
  const context = createContext(settings, { log: (line) => void pulumi.log.info(line) });
  try {
    return (await lookup(context, args)) as GetWhatsAppProviderResult;
  } finally {
    await context.session(args.account).api.close();
  }
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

/** For both doors: a look-up whose "not found" means "not yet" at preview. */
export function unknownUntilMade<A, T>(
  args: pulumi.Input<A>,
  find: (args: pulumi.Unwrap<A>) => Promise<T>,
): pulumi.Output<T> {
  const found = pulumi.output(args).apply(async (known) => {
    try {
      return await find(known);
    } catch (error) {
      const isNotYet = pulumi.runtime.isDryRun() && WhatsAppProviderError.is(error);
      if (isNotYet && error.code === "provider-not-found") return unknown;
      throw error;
    }
  });
  return found as pulumi.Output<T>;
}
