import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../configuration/settings";
import { createContext } from "../resources/context";
import { lookup } from "../resources/whatsapp-provider/lookup";
import type { GetWhatsAppProviderArgs, GetWhatsAppProviderResult } from "./look-up";

/** The look-up of the front door. It runs in the program, and loads the client, so it is loaded with the first one. */
export async function lookUpHere(args: GetWhatsAppProviderArgs): Promise<GetWhatsAppProviderResult> {
  const config = new pulumi.Config("clevertap");
  const settings = readSettings((key) => config.get(key));
  const context = createContext(settings, { log: (line) => void pulumi.log.info(line) });
  try {
    return (await lookup(context, args)) as GetWhatsAppProviderResult;
  } finally {
    await context.close();
  }
}
