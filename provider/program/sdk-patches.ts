import { join } from "node:path";
import { ReadResourceResponse, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { version } from "@pulumi/pulumi/version";
import { isWanted, type SdkPatch, TRIED } from "../model/sdk-patch";
import { warnOnce } from "./warnings";

/** What this package replaces in the process of a program. Without it everything works, but for the reasons given. */

/** Debug messages without the engine's answers. */
export const DEBUG_MESSAGES: SdkPatch = {
  variable: "CLEVERTAP_PATCH_DEBUG_MESSAGES",
  replaces: "`toString` of `RegisterResourceResponse` and `ReadResourceResponse`",
  where: "the program, for all its resources, from the import of this package",
  reason:
    "The SDK writes the engine's whole answer to a registration or a read into a debug message, secrets in clear: `--debug` prints it, `--event-log` keeps it. Here it is the URN alone.",
  gain: "no secret in debug messages",
  tried: TRIED,
};

/** Short stacks while a resource of ours is registered. */
export const STACKS: SdkPatch = {
  variable: "CLEVERTAP_PATCH_STACKS",
  replaces: "`Error.prepareStackTrace`",
  where: "the program, while a resource of this package is registered",
  reason:
    "The SDK formats four stacks for each property, and maps each back to TypeScript frame by frame. Here only the one is formatted that tells the engine where the resource was made, and it has the program's own frames alone.",
  gain: "create of 100 by the plugin 0.85 to 0.74 of a do-nothing provider, half a kilobyte less state for each resource",
  tried: TRIED,
};

/** Takes the engine's answers out of debug messages, of every resource: any of them may be given a secret of ours. */
export function shortenDebugMessages(): void {
  if (!isWanted(DEBUG_MESSAGES, version)) return;
  for (const { prototype } of [RegisterResourceResponse, ReadResourceResponse])
    prototype.toString = function (this: RegisterResourceResponse | ReadResourceResponse) {
      return this.getUrn();
    };
}

/** One line where a version that was not tried has its debug messages in full, and nobody has decided that. */
export function warnOfDebugMessages(): void {
  if (isWanted(DEBUG_MESSAGES, version) || process.env[DEBUG_MESSAGES.variable] === "off") return;
  warnOnce("debug messages", () => [
    `@pulumi/pulumi ${version} was not tried with pulumi-clevertap-whatsapp (${TRIED.join(" to ")} were), so it is left as it is: ` +
      `--debug and --event-log show secrets in clear. ${DEBUG_MESSAGES.variable}=on hides them here too.`,
  ]);
}

/**
 * Shortens stacks until the returned function is called. An error that is thrown keeps its stack: it is formatted when
 * somebody looks at it.
 */
export function shortStacks(): () => void {
  const format = Error.prepareStackTrace;
  // Node's own mapping (--enable-source-maps) cannot be called from here.
  if (process.sourceMapsEnabled || !isWanted(STACKS, version)) return () => {};
  Error.prepareStackTrace = (error, sites) => {
    // The SDK lifts the limit for the position, and only for it.
    if (Error.stackTraceLimit !== Number.POSITIVE_INFINITY) return "";
    const frames = sites
      .filter((site, i) => !(isOurs(site) && isOurs(sites[i + 1])))
      .filter((site, i) => i <= SDK_FRAMES || isProgram(site.getFileName()));
    return format ? format(error, frames) : [error, ...frames].join("\n    at ");
  };
  return () => {
    Error.prepareStackTrace = format;
  };
}

const HERE = join(__dirname, "/");
/** A constructor of ours. The SDK expects one, the outermost, above the line that made the resource. */
const isOurs = (site?: NodeJS.CallSite) => site?.getFileName()?.startsWith(HERE) ?? false;
/** The SDK's frames above that line: two functions and three constructors, of which the last is ours. */
const SDK_FRAMES = 5;
const isProgram = (file: string | null | undefined) => !!file && !/^node:|[\\/]node_modules[\\/]/.test(file);
