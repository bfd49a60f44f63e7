import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { main } from "../../cli/main";
import { type Sandbox, startSandbox } from "../../sandbox";

const ROOT = resolve(__dirname, "../..");

let folder: string;
let printed: string[];
let complained: string[];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "wa-cli-")), "data");
  printed = [];
  complained = [];
  jest.spyOn(console, "log").mockImplementation((text) => printed.push(String(text)));
  jest.spyOn(console, "error").mockImplementation((text) => complained.push(String(text)));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

/** Runs the sandbox command until the body is done. */
async function whileRunning(args: string[], body: () => Promise<void>): Promise<number> {
  const running = main(["sandbox", ...args]);
  while (printed.length === 0) await new Promise((done) => setTimeout(done, 10));
  try {
    await body();
  } finally {
    process.emit("SIGTERM");
  }
  return running;
}

test("prints what a program needs, keeps its port, and ends cleanly", async () => {
  const urls: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    printed.length = 0;
    const code = await whileRunning(["--data", folder, "--print", "json"], async () => {
      const details = JSON.parse(printed[0] ?? "");
      urls.push(details.url);
      expect(Object.keys(details)).toEqual([
        "url",
        "endpoint",
        "httpEndpoint",
        "kaleyraHost",
        "incomingBaseUrl",
        "accounts",
        "kaleyra",
      ]);
      expect((await fetch(`${details.url}/_sandbox/state`)).status).toBe(200);
    });
    expect(code).toBe(0);
  }
  expect(urls[0]).toBe(urls[1]);
  expect(readFileSync(join(folder, "port"), "utf8").trim()).toBe(new URL(urls[0] ?? "").port);
});

test("prints the lines that set a stack up", async () => {
  await whileRunning([], async () => {
    expect(printed[0]).toMatch(/pulumi config set clevertap:endpoint http:\/\/127\.0\.0\.1:\d+\n/);
    expect(printed[0]).toContain("pulumi config set --secret clevertap:passcode");
    expect(printed[0]).toMatch(/^Approved numbers: 919999999999, .*14155550100 to 14155550199/m);
  });
});

test("--manual: what is saved waits, and it says where", async () => {
  await whileRunning(["--manual"], async () => {
    const [page = ""] = /http:\S+\/tasks$/.exec(printed[0] ?? "") ?? [];
    expect((await fetch(page)).status).toBe(200);
    const state = await fetch(new URL("/_sandbox/state", page));
    expect(await state.json()).toMatchObject({ manual: true });
  });
});

test("prints every line that the README and the examples ask for, each with a value", async () => {
  const texts = ["README.md", ...globSync("examples/*/index.ts", { cwd: ROOT })].map((file) =>
    readFileSync(join(ROOT, file), "utf8"),
  );
  const asked = texts.join("\n").match(/^(\/\/ )?pulumi config set .*?[\w:]+(?= *#|$| [A-Z_]+)/gm) ?? [];
  expect(asked.length).toBeGreaterThan(8);
  await whileRunning([], async () => {
    for (const line of asked) {
      const command = line.replace("// ", "");
      expect(printed[0]).toMatch(new RegExp(`^  ${command} \\S+$`, "m"));
    }
  });
});

test("says what to do when the port is taken", async () => {
  const other = await startSandbox();
  try {
    const { port } = new URL(other.url);
    expect(await main(["sandbox", "--port", port])).toBe(1);
    expect(complained[0]).toBe(
      `Port ${port} on 127.0.0.1 is taken. Choose another with --port N, or leave --port out.`,
    );
  } finally {
    await other.close();
  }
});

describe("campaign", () => {
  async function withProvider(body: (sandbox: Sandbox) => Promise<void>, dataDir?: string): Promise<void> {
    const sandbox = await startSandbox({ dataDir });
    sandbox.createProvider({ mobileNumber: "919999999999" });
    await body(sandbox).finally(() => sandbox.close());
  }

  test("uses a running sandbox, or starts one on the folder", async () => {
    expect(await main(["campaign", "--data", folder, "--number", "919999999999"])).toBe(1);
    expect(complained[0]).toContain("There is no sandbox in");
    await whileRunning(["--data", folder], async () => {
      const { port } = { port: readFileSync(join(folder, "port"), "utf8").trim() };
      await fetch(`http://127.0.0.1:${port}/_sandbox/providers`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ mobileNumber: "919999999999" }),
      });
      expect(await main(["campaign", "--data", folder, "--number", "919999999999"])).toBe(0);
    });
    expect(await main(["sandbox", "campaign", "--data", folder, "--number", "+919999999999"])).toBe(0);
    for (const text of printed.slice(1)) {
      expect(text).toMatch(/^ {2}delivered {6}9 {3}90 %$/m);
      expect(text).toContain("The provider works");
    }
    expect(existsSync(join(folder, "sandbox.db"))).toBe(true);
  });

  test("ends with 1 when the provider does not work", () =>
    withProvider(async (sandbox) => {
      sandbox.setKaleyra({ sid: "HXIN0000000000IN", apiKey: "rotated" });
      expect(await main(["campaign", "--url", sandbox.url, "--number", "919999999999"])).toBe(1);
      expect(printed[0]).toContain("The provider does not work: 2000 Invalid Credentials.");
      expect(await main(["campaign", "--url", sandbox.url, "--number", "15017122661"])).toBe(1);
      expect(complained[0]).toBe("No provider has the number 15017122661.");
    }));

  test.each([
    [[]],
    [["--number", "919999999999"]],
    [["--number", "9", "--url", "x", "--recipients", "0"]],
    [["--what"]],
  ])("%j ends with 2", async (args) => {
    expect(await main(["campaign", ...args])).toBe(2);
    expect(complained[0]).toContain("Usage:");
  });
});

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(await main(["--version"])).toBe(0);
  expect(printed).toEqual([version]);
});

test("an unknown command, and help", async () => {
  expect(await main(["nothing"])).toBe(2);
  expect(await main(["--help"])).toBe(0);
  expect(printed[0]).toContain("sandbox");
  expect(await main(["sandbox", "--port", "x"])).toBe(2);
});
