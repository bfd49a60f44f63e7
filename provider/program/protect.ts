import * as pulumi from "@pulumi/pulumi";
import type { Table } from "../model/property";

/** Credentials are secret whatever the program passes; an argument that does not exist may be a misspelt one. */
export function protect(args: pulumi.Inputs, table: Table): pulumi.Inputs {
  const isPublic = (name: string) => {
    const property = Object.hasOwn(table, name) ? table[name] : undefined;
    return property?.role === "argument" && !property.secret;
  };
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      isPublic(name) || value === undefined ? value : pulumi.secret(value),
    ]),
  );
}
