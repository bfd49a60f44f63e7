import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { WhatsAppProviderError } from "../model/errors";

export type { GetWhatsAppProviderResult } from "./generated";

/** What `getWhatsAppProvider` looks for. */
export interface GetWhatsAppProviderArgs {
  /** The number, digits only with the country code. */
  mobileNumber: string;
  /** Entry of `clevertap:accounts`. Default: the account of `clevertap:accountId`. */
  account?: string;
}

/** A look-up whose "not found" means "not yet" at preview. */
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
