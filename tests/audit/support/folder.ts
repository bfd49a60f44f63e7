import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes a file of the folder: a text, bytes, or a value as JSON. @returns its path */
export type Write = (name: string, content: unknown) => string;

/** Runs the body with a folder of its own, which is removed afterwards. */
export async function inFolder<T>(body: (write: Write, folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "wa-audit-"));
  try {
    return await body((name, content) => {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      const isRaw = typeof content === "string" || Buffer.isBuffer(content);
      writeFileSync(file, isRaw ? content : JSON.stringify(content));
      return file;
    }, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
