import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** Packs the repository as it is, into a folder. @returns the tarball's path, and the paths of the files in it */
export async function pack(folder: string): Promise<{ tarball: string; packed: string[] }> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: resolve(__dirname, "../..") });
  const [made] = Object.values(JSON.parse(stdout)) as [{ filename: string; files: { path: string }[] }];
  return { tarball: join(folder, made.filename), packed: made.files.map(({ path }) => path) };
}
