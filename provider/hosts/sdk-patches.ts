import { version } from "@pulumi/pulumi/version";
import { isWanted, type SdkPatch, TRIED } from "../model/sdk-patch";

/** What this package replaces in the process of the SDK's dynamic-provider host. */

/** An error is printed by the engine alone. */
export const HOST_ERRORS: SdkPatch = {
  variable: "CLEVERTAP_PATCH_HOST_ERRORS",
  replaces: "`console.error`",
  where: "the host of dynamic resources, from the first call for a resource of this package",
  reason:
    "The SDK's host prints each error of check, diff, read and delete, and the engine prints it again. Here the host's own print of errors of this package is left out; all else is printed.",
  gain: "one cause, one message",
  tried: TRIED,
};

/** What the host prints of an error whose text and stack are empty. */
const NOTHING = ": ";

/** Leaves out what the host prints of errors of {@link toldByEngine}. */
export function printErrorsOnce(): void {
  if (!isWanted(HOST_ERRORS, version)) return;
  const print = console.error;
  console.error = (...values: unknown[]) => {
    if (values.length !== 1 || values[0] !== NOTHING) print(...values);
  };
}

/** An error of which the host has nothing to print: the engine prints its message. */
export function toldByEngine(message: string, stack: string): Error {
  const error = Object.assign(new Error(message), { stack });
  return isWanted(HOST_ERRORS, version) ? Object.assign(error, { toString: () => "" }) : error;
}
