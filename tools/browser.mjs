import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cacheRoot, ensureFolder } from "./bootstrap/cache.mjs";
import { capture, tail } from "./execute.mjs";
import { SetupProblem } from "./setup-problem.mjs";

/** The package's own fonts first: a machine without a screen often has none. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;

/**
 * A headless Chromium, unpacked once from the npm package that ships it.
 *
 * @returns {Promise<{executablePath: string, env: Record<string, string>}>} env: what it needs beside the usual environment
 */
export async function headlessBrowser() {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const { version } = createRequire(entry)("../package.json");
  const folder = join(await cacheRoot(), "chromium", version);
  await ensureFolder("Unpacking the browser", folder, {
    build: async (temporary) => {
      // The package unpacks into the folder for temporary files, and takes what it finds there for whole.
      const script = `await (await import(${JSON.stringify(entry)})).default.executablePath()`;
      const args = ["--input-type=module", "-e", script];
      const env = { ...process.env, TMPDIR: temporary };
      const result = await capture(process.execPath, args, { cwd: dirname(entry), env });
      if (result.code !== 0) throw new SetupProblem(`The browser could not be unpacked:\n${tail(result)}`);
      await writeFile(join(temporary, "fonts.conf"), FONTS);
      return ["chromium", "fonts.conf"];
    },
  });
  return {
    executablePath: join(folder, "chromium"),
    env: { FONTCONFIG_FILE: join(folder, "fonts.conf") },
  };
}
