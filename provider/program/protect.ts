import * as pulumi from "@pulumi/pulumi";
import { ARGUMENTS, SECRETS } from "../resources/whatsapp-provider/properties";

/** Credentials are secret whatever the program passes; an argument that does not exist may be a misspelt one. */
export function protect(args: pulumi.Inputs): pulumi.Inputs {
  const isPublic = (name: string) => ARGUMENTS.some((f) => f.name === name) && !SECRETS.includes(name);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      isPublic(name) || value === undefined ? value : pulumi.secret(value),
    ]),
  );
}
