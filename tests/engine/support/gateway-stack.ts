import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { addAccount, COMMAND } from "../../../gateway/accounts";
import { addOperator } from "../../../gateway/operators";
import { pages } from "../../../gateway/pages";
import { headerOf, wordsOf } from "../../../gateway/pages/form-fields";
import { type RunningGateway, startGateway } from "../../../gateway/server";
import type { Sandbox } from "../../../sandbox";
import { button, copyAll, logInAs, PASSWORD } from "../../gateway/pages/support";
import { MEERA } from "../../gateway/support";
import { withPage } from "../../support/browser";
import { type Stack, type StackOptions, withStack } from "./stack";

/** The engine in front of a gateway, and a person between the gateway's pages and the sandbox's dashboard. */

const PASSCODE = "passcode-of-the-gateway";

/** A person with two tabs. */
export interface Person {
  /** The tab with the gateway's pages. */
  readonly desk: Page;
  /** The tab with the sandbox's dashboard. */
  readonly dashboard: Page;
  /** Opens the task's page and takes it. */
  take(n: number): Promise<void>;
  /** Takes the task, does it in the dashboard with the values that its page says, and marks it as saved. */
  do(n: number): Promise<void>;
  /** Takes the task, and reports that CleverTap refused it. */
  refuse(n: number, said: string): Promise<void>;
  /** Opens the form of the provider in the dashboard. */
  openProvider(nickname: string): Promise<void>;
  /** Saves the dashboard's form. */
  save(): Promise<void>;
}

export interface GatewayStack {
  readonly stack: Stack;
  readonly sandbox: Sandbox;
  readonly gateway: RunningGateway;
  readonly person: Person;
}

/** Makes a stack whose endpoint is a gateway, runs the body, and removes everything. */
export async function withGatewayStack(
  options: StackOptions,
  body: (scene: GatewayStack) => Promise<void>,
): Promise<void> {
  await withStack(options, async (stack, sandbox) => {
    const dataDir = mkdtempSync(join(tmpdir(), "gateway-"));
    const gateway = await startGateway({
      dataDir,
      verificationLimitMs: 20_000,
      pages: (gateway, addressing) => pages(gateway, { addressing }),
    });
    try {
      const account = sandbox.accounts[0]?.id ?? "";
      addAccount(gateway.gateway, account, PASSCODE, COMMAND);
      addOperator(gateway.gateway, MEERA.name, MEERA.role, PASSWORD, COMMAND);
      await stack.configure({ endpoint: gateway.url, passcode: { secret: PASSCODE } });
      await withPage(async (desk, context) => {
        await logInAs(desk, gateway.url, MEERA);
        const dashboard = await context.newPage();
        const list = `${sandbox.url}/dashboard/${account}/whatsapp`;
        await copyDefaults(desk, dashboard, `${gateway.url}/accounts/${account}`, `${list}/new`);
        await body({ stack, sandbox, gateway, person: personWith(desk, dashboard, gateway.url, list) });
      });
    } finally {
      await gateway.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}

/** What the form of the dashboard shows before Save goes into the account's page, once. */
async function copyDefaults(desk: Page, dashboard: Page, account: string, form: string): Promise<void> {
  await dashboard.goto(form);
  await desk.goto(account);
  for (const [shown, asked] of [
    ["Inbound Message Callback URL", "Inbound message callback URL"],
    ["Delivery Report Callback URL", "Delivery report callback URL"],
    ["Payload Version", "Payload version"],
  ] as const)
    await desk.getByLabel(asked).fill(await dashboard.getByLabel(shown, { exact: true }).inputValue());
  await button(desk, "Save").click();
  await desk.getByText("Copied by meera").waitFor();
}

function personWith(desk: Page, dashboard: Page, url: string, list: string): Person {
  const row = (text: string) => dashboard.getByRole("row").filter({ hasText: text });
  const saved = () => dashboard.getByText(/Provider Details (Added|Updated) Successfully/).waitFor();

  /** The pair with this key, or a new one. */
  async function pairOf(key: string) {
    const pairs = dashboard.getByRole("group", { name: /^Pair \d+$/ });
    for (const pair of await pairs.all()) {
      const found = await pair.getByLabel("Key").inputValue();
      if (found === key || found === "") return pair;
    }
    await button(dashboard, "Add Pair").click();
    return pairs.last();
  }

  async function type(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [property, value] of Object.entries(values)) {
      const header = headerOf(property);
      const field = dashboard.getByLabel(wordsOf(property), { exact: true });
      if (header !== undefined) {
        const pair = await pairOf(header);
        await pair.getByLabel("Key").fill(header);
        await pair.getByLabel("Value").fill(value);
      } else if (value === "true" || value === "false") await field.setChecked(value === "true");
      else await field.fill(value);
    }
  }

  const person: Person = {
    desk,
    dashboard,
    async take(n) {
      await desk.goto(`${url}/tasks/${n}`);
      await desk.bringToFront();
      await button(desk, "Take").click();
      await desk.getByText("Taken", { exact: true }).waitFor();
    },
    async do(n) {
      await person.take(n);
      const kind = (await desk.getByRole("heading", { level: 1 }).textContent())?.split(" ")[2];
      const values = await copyAll(desk);
      await dashboard.goto(list);
      if (kind === "delete") {
        await row(values.mobileNumber ?? "")
          .getByRole("link", { name: "Delete" })
          .click();
        await button(dashboard, "Delete").click();
        await dashboard.getByText("is deleted").waitFor();
      } else {
        if (kind === "add") await dashboard.getByRole("link", { name: "+ Provider" }).click();
        else {
          const number = await desk.locator("#state dd").nth(2).textContent();
          await row(number ?? "")
            .getByRole("link", { name: "Edit" })
            .click();
        }
        await type(values);
        await button(dashboard, "Save").click();
        await saved();
      }
      await button(desk, "Mark as saved").click();
      await desk.getByText("Confirmed").waitFor();
    },
    async refuse(n, said) {
      await person.take(n);
      await desk.getByLabel("What CleverTap said").fill(said);
      await button(desk, "CleverTap refused it").click();
      await desk.getByText("Refused", { exact: true }).waitFor();
    },
    async openProvider(nickname) {
      await dashboard.goto(list);
      await row(nickname).getByRole("link", { name: "Edit" }).click();
    },
    async save() {
      await button(dashboard, "Save").click();
      await saved();
    },
  };
  return person;
}

/** Nothing waits: the state says so after a refresh, nothing is to change, and the messages of a campaign arrive. */
export async function settled({ stack, sandbox }: GatewayStack, mobileNumber: string): Promise<void> {
  await stack.refresh();
  expect((await stack.resource()).outputs).toMatchObject({ status: "active", mobileNumber });
  await stack.preview("--expect-no-changes");
  expect(await sandbox.campaign({ mobileNumber })).toMatchObject({ recipients: 10, delivered: 9 });
}
