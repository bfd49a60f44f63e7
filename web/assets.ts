import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Hono } from "hono";

/** Addresses of the files that every page loads. */
export const STYLE = "/assets/style.css";
export const SCRIPT = "/assets/page.js";
export const ICON = "/assets/icon.svg";

const TYPES = {
  [STYLE]: "text/css; charset=utf-8",
  [SCRIPT]: "text/javascript; charset=utf-8",
  [ICON]: "image/svg+xml",
};

/** The package's folder, from the sources and from `dist` alike. */
const PACKAGE = dirname(require.resolve("pulumi-clevertap-whatsapp/package.json"));

/** The style sheet, for a page that stands alone in a file. */
export function styleSheet(): string {
  return readFileSync(join(PACKAGE, "web", STYLE), "utf8");
}

/** Serves the files of `web/assets`: `app.route("/", assets())`. */
export function assets(): Hono {
  const app = new Hono();
  for (const [address, type] of Object.entries(TYPES))
    app.get(address, (c) =>
      c.body(readFileSync(join(PACKAGE, "web", address), "utf8"), 200, { "Content-Type": type }),
    );
  return app;
}
