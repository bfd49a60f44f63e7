import type { Resource } from "./resource";
import { whatsAppProvider } from "./whatsapp-provider";

/** Every resource of this package: hosts, schema and reference follow this list. */
export const RESOURCES: readonly Resource[] = [whatsAppProvider];

/** @throws Error where there is no resource of that name */
export function resourceNamed(name: string): Resource {
  const found = RESOURCES.find((resource) => resource.name === name);
  if (found) return found;
  const names = RESOURCES.map((resource) => resource.name).join(", ");
  throw new Error(`there is no resource type ${name}: this package has ${names}`);
}
