import * as pulumi from "@pulumi/pulumi";
import { plainPasscodes } from "../configuration/plain-passcodes";
import type { Hints } from "../hosts/dynamic";
import { organization } from "./organization";

/** What the dynamic host can't know of a resource: it goes to check with the arguments. */
export function hints(
  type: string,
  name: string,
  args: object,
  opts?: pulumi.CustomResourceOptions,
): pulumi.Output<Hints> {
  const entries = Object.entries(args).filter(([, value]) => value !== undefined);
  const marks = entries.map(async ([key, value]) =>
    (await pulumi.isSecret(pulumi.output(value))) ? [key] : [],
  );
  return pulumi.output({
    preview: pulumi.runtime.isDryRun(),
    urn: pulumi.createUrn(name, type, opts?.parent),
    organization: organization(),
    confidential: Promise.all(marks).then((names) => names.flat()),
    plainPasscodes: passcodesInClear(),
  });
}

/** Only the program can tell how a value stands in the configuration: the host gets all of it in clear. */
function passcodesInClear(): string[] {
  // Exported by every SDK at run time, but kept out of its declarations.
  const isConfigSecret = Reflect.get(pulumi.runtime, "isConfigSecret") as (key: string) => boolean;
  return plainPasscodes(
    (name) => pulumi.runtime.getConfig(`clevertap:${name}`),
    (name) => isConfigSecret(`clevertap:${name}`),
  );
}
