import * as pulumi from "@pulumi/pulumi";

/** The stack's organization. Mocks and old engines give none; a backend without organizations says "organization". */
export function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}
