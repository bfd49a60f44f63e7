import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository (or unpacked package) that these tools belong to. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ignored folder for everything the demo and the set-up keep inside the repository. */
export const demoFolder = join(repository, ".pulumi-demo");
