import type { BrowserContextOptions, Page } from "playwright-core";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../../sandbox";
import { withPage } from "../../../support/browser";

/** A sandbox and a page of its dashboard. A busy machine must not turn a good probe into a timeout. */
export async function withDashboard(
  body: (page: Page, sandbox: Sandbox) => Promise<void>,
  { browser, ...options }: SandboxOptions & { readonly browser?: BrowserContextOptions } = {},
): Promise<void> {
  const sandbox = await startSandbox({ verificationLimitMs: 20_000, ...options });
  try {
    await withPage(async (page) => {
      await page.goto(sandbox.url);
      await body(page, sandbox);
    }, browser);
  } finally {
    await sandbox.close();
  }
}

/** The values of the published guide, as a person types them. */
export function guideValues(sandbox: Sandbox) {
  const { apiKey, sid } = sandbox.kaleyra;
  return {
    nickname: "Kaleyra India",
    mobileNumber: "919999999999",
    httpEndpoint: sandbox.httpEndpoint,
    pairs: [
      ["api-key", apiKey],
      ["sid", sid],
      ["kaleyra-host", sandbox.kaleyraHost],
    ] as [key: string, value: string][],
  };
}

export type GuideValues = ReturnType<typeof guideValues>;

/** Types one header pair into the last, empty row. */
export async function typePair(page: Page, key: string, value: string): Promise<void> {
  const row = page.getByRole("group", { name: /^Pair \d+$/ }).last();
  await row.getByLabel("Key").fill(key);
  await row.getByLabel("Value").fill(value);
}

/** Walks through the published steps, from the list of providers up to Save. */
export async function typeProvider(page: Page, values: GuideValues): Promise<void> {
  await page.getByRole("link", { name: "+ Provider" }).click();
  await page.getByLabel("Provider", { exact: true }).selectOption("Generic (Other)");
  await page.getByLabel("Nickname").fill(values.nickname);
  await page.getByLabel("Mobile number").fill(values.mobileNumber);
  await page.getByLabel("HTTP End Point").fill(values.httpEndpoint);
  const shown = async (label: string) => page.getByLabel(label, { exact: true }).inputValue();
  const pairs = [
    ...values.pairs,
    ["inbound-message-callback-url", await shown("Inbound Message Callback URL")],
    ["delivery-report-callback-url", await shown("Delivery Report Callback URL")],
  ] as const;
  await page.getByRole("link", { name: "Header", exact: true }).click();
  for (const [index, [key, value]] of pairs.entries()) {
    if (index > 0) await page.getByRole("button", { name: "Add Pair" }).click();
    await typePair(page, key, value);
  }
}

export const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();

/** The rows of the providers' table, each with its cells' words. */
export async function providerRows(page: Page): Promise<string[]> {
  const rows = page.getByRole("table").getByRole("row");
  return (await rows.allTextContents()).slice(1).map((text) => text.replace(/\s+/g, " ").trim());
}
