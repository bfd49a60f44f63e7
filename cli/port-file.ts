import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The file in the sandbox's data folder that holds its port, so that addresses in a stack's state stay good. */
const portFile = (dataDir: string) => join(dataDir, "port");

/** A port as a person writes it. */
export function portNumber(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined;
}

/** The port that the sandbox of this data folder had the last time. */
export async function rememberedPort(dataDir: string): Promise<number | undefined> {
  return portNumber((await readFile(portFile(dataDir), "utf8").catch(() => "")).trim());
}

/** Keeps the port of the sandbox that runs on this data folder. */
export async function rememberPort(dataDir: string, url: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  await writeFile(portFile(dataDir), `${new URL(url).port}\n`);
}
