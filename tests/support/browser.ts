import { readFileSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { evaluateModule, toolUrl } from "../tools/module";

/** A real browser for tests of pages. A test that needs no engine must not import the engine's support beside it. */

let running: Promise<Browser> | undefined;

afterAll(async () => (await running)?.close());

/** The browser of this file of tests: started at first use, closed after the last test. */
export function browser(): Promise<Browser> {
  running ??= launch();
  return running;
}

async function launch(): Promise<Browser> {
  const { executablePath, env } = await evaluateModule<{
    executablePath: string;
    env: Record<string, string>;
  }>(
    `import { headlessBrowser } from ${JSON.stringify(toolUrl("browser.mjs"))};
     console.log(JSON.stringify(await headlessBrowser()));`,
  );
  return chromium.launch({ executablePath, args: ["--no-sandbox"], env: { ...process.env, ...env } });
}

/** What the browser complained about: errors of scripts, and what the page's policy blocked. */
export type Complaints = readonly string[];

/**
 * Opens a page in a context of its own, runs the body, and closes it. Fails when the browser complained about the page.
 *
 * @param options colour scheme, viewport, `javaScriptEnabled` and so on; the clipboard may be used
 */
export async function withPage(
  body: (page: Page, context: BrowserContext) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await (await browser()).newContext({
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const complaints: string[] = [];
  context.on("page", (page) => {
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // An answer of 400 and above is a line in the console as well; a test may well ask for one.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        complaints.push(message.text());
    });
  });
  try {
    await body(await context.newPage(), context);
  } finally {
    await context.close();
  }
  expect(complaints).toEqual([]);
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Fails with each violation that axe-core finds in the page as it is now, and where. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the debugger's protocol, which the page's policy doesn't bind.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const axe = Reflect.get(globalThis, "axe") as typeof import("axe-core");
    const result = await axe.run();
    return result.violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ html }) => html) }));
  });
  expect(violations).toEqual([]);
}

/** Fails when the page is wider than its window: one would have to scroll to the side. */
export async function expectNoSideways(page: Page): Promise<void> {
  const root = page.locator("html");
  const [content, window] = await root.evaluate((element) => [element.scrollWidth, element.clientWidth]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

export const PHONE = { width: 390, height: 844 };
