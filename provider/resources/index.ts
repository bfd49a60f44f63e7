import { notInThisVersion } from "../model/errors";
import { kaleyraIncomingUrl } from "./kaleyra-incoming-url";
import type { Resource } from "./resource";
import { whatsAppProvider } from "./whatsapp-provider";

/** Every resource of this package: hosts, schema and reference follow this list. */
export const RESOURCES: readonly Resource[] = [whatsAppProvider, kaleyraIncomingUrl];

/** @throws WhatsAppProviderError where there is no resource of that name: the program is of another version */
export function resourceNamed(name: string): Resource {
  const found = RESOURCES.find((resource) => resource.name === name);
  if (found) return found;
  throw notInThisVersion(`resource type ${name}`);
}
