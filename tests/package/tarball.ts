import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** Packs the repository as it is. @returns the tarball's path in the folder */
export async function pack(folder: string): Promise<string> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: resolve(__dirname, "../..") });
  return join(folder, Object.values(JSON.parse(stdout) as { filename: string }[])[0]?.filename as string);
}
