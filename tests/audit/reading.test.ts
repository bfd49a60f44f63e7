import { execFileSync } from "node:child_process";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { auditDiff, auditHistory, type Report } from "../../audit";
import { readGatewayLog } from "../../audit/reading/gateway-log";
import { revisionIn } from "../../audit/reading/git";
import { statesFrom } from "../../audit/reading/sources";
import { readState } from "../../audit/reading/state";
import { inFolder } from "./support/folder";
import { checkpoint, exported, gatewayLog, resource, type Wanted } from "./support/states";

const INDIA: Wanted = { name: "india", number: "919999999999", nickname: "Kaleyra", key: "1" };
const TIME = "2026-07-01T00:00:00Z";
const GOOD = exported(TIME, [resource(INDIA)]);
const CANARY = "canary-A0123456789abcdef";

const read = (content: unknown) =>
  readState(
    Buffer.isBuffer(content)
      ? content
      : Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
    "state.json",
  );

describe("a state", () => {
  const text = JSON.stringify(GOOD);
  const { version: _, ...unversioned } = checkpoint(TIME, [resource(INDIA)]).checkpoint as unknown as {
    version: number;
  };
  test.each<[string, unknown]>([
    ["as exported", GOOD],
    ["with spaces", JSON.stringify(GOOD, undefined, 4)],
    ["with a byte order mark", `\uFEFF${text}`],
    ["a checkpoint of a file backend", checkpoint(TIME, [resource(INDIA)])],
    ["a checkpoint of the oldest format, without a version", unversioned],
    ["format 1", { ...GOOD, version: 1 }],
    ["format 4", { ...GOOD, version: 4 }],
    ["packed by gzip", gzipSync(text)],
    ["packed by zstd", zstdCompressSync(text)],
  ])("%s is read", (_, content) => {
    const { stack, time, resources, others } = read(content);
    expect([stack, time, resources.map(({ name }) => name), others]).toEqual([
      "shop/prod",
      "2026-07-01T00:00:00.000Z",
      ["india"],
      1,
    ]);
  });

  test.each<[string, unknown, string]>([
    ["empty", "", "state.json is empty"],
    ["cut off", text.slice(0, -200), "state.json ends in the middle: it is cut off. Export the state again"],
    [
      "damaged",
      text.replace('"version":3', '"version":3 x'),
      "state.json is not JSON: something in it is damaged. Export the state again",
    ],
    ["a web page", `<html>${CANARY}`, "state.json is not JSON. Give what `pulumi stack export` wrote"],
    [
      "packed and cut off",
      gzipSync(text).subarray(0, 100),
      "state.json is packed and can't be unpacked: it is cut off or damaged. Copy it again",
    ],
    [
      "of Terraform",
      { version: 4, terraform_version: "1.9.0", resources: [] },
      "state.json is a state of Terraform, not of Pulumi",
    ],
    [
      "something else",
      { name: CANARY },
      "state.json is no state of Pulumi. Give what `pulumi stack export` wrote",
    ],
    ["a list", [GOOD], "state.json is no state of Pulumi. Give what `pulumi stack export` wrote"],
    [
      "of a newer format",
      { ...GOOD, version: 5 },
      "state.json has format 5, and this version of the package knows up to 4: install a newer one",
    ],
    [
      "without a list of resources",
      { version: 3, deployment: { resources: {} } },
      "state.json is no state of Pulumi: its resources are not a list",
    ],
    [
      "whose deployment is a text",
      { version: 3, deployment: CANARY },
      "state.json is no state of Pulumi: its deployment is not an object",
    ],
    [
      "with an entry without a urn",
      { version: 3, deployment: { resources: [{ type: "x" }] } },
      "state.json: entry 1 of its resources has no urn or no type. The file is damaged: export the state again",
    ],
    [
      "with an entry that is null",
      { version: 3, deployment: { resources: [null] } },
      "state.json: entry 1 of its resources has no urn or no type. The file is damaged: export the state again",
    ],
    [
      "nested without an end",
      `{"deployment":{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`,
      "state.json holds more than 200 objects inside each other: it is no state",
    ],
  ])("%s is refused in words that quote nothing of it", (_, content, message) => {
    expect(() => read(content)).toThrow(new Error(message));
  });

  test("of a stack that was never updated is empty, and known by its name", () => {
    const state = read({ version: 3, checkpoint: { stack: "organization/shop/prod", latest: null } });
    expect([state.stack, state.resources, state.time]).toEqual(["shop/prod", [], undefined]);
  });

  test("on one line or on many: every URN has its line", () => {
    const many = exported(TIME, [resource(INDIA), resource({ ...INDIA, name: "us" })]);
    const urn = String(resource({ ...INDIA, name: "us" }).urn);
    expect(read(JSON.stringify(many)).lines.get(urn)).toBe(1);
    const text = JSON.stringify(many, undefined, 2);
    const line = text.split("\n").findIndex((one) => one.includes(urn)) + 1;
    expect(read(text).lines.get(urn)).toBe(line);
  });

  test("with keys of a prototype changes none, and is read as it is", () => {
    const hostile = JSON.stringify(GOOD).replace(
      '"nickname":',
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"nickname":',
    );
    expect(read(hostile).resources[0]?.values.get("nickname")).toBe("Kaleyra");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("whose JSON holds JSON without an end is looked into no further", () => {
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    expect(read(exported(TIME, [resource({ ...INDIA, settings: { note: deep } })])).clear).toEqual([]);
  });

  test("with another package's resources leaves them out", () => {
    const other = {
      urn: "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::b",
      type: "aws:s3/bucket:Bucket",
      inputs: { headers: { a: "b" } },
    };
    const foreign = { ...resource(INDIA), type: "other:clevertap:WhatsAppProvider" };
    const state = read(exported(TIME, [resource(INDIA), other, foreign]));
    expect([state.resources.length, state.others, state.clear]).toEqual([1, 3, []]);
  });
});

test.each([
  ["HEAD:state.json", "HEAD", "./state.json"],
  ["main~3:../a b.json", "main~3", "../a b.json"],
  ["--upload-pack=x:y", undefined, undefined],
  ["state.json", undefined, undefined],
  [":state.json", undefined, undefined],
])("%s as a revision", (text, revision, path) => {
  expect(revisionIn(text)).toEqual(revision === undefined ? undefined : { folder: ".", revision, path });
});

/** A repository with a file that two people have committed. */
function repository(folder: string, write: (name: string, content: unknown) => string): string {
  const git = (author: string, ...args: string[]) =>
    execFileSync(
      "git",
      [
        "-c",
        `user.name=${author}`,
        "-c",
        `user.email=${author}@example.com`,
        "-c",
        "commit.gpgsign=false",
        ...args,
      ],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1", HOME: folder },
      },
    );
  git("meera", "init", "-q");
  const commit = (author: string, message: string, state: unknown) => {
    write("state.json", state);
    git(author, "add", "-A");
    git(author, "commit", "-qm", message);
  };
  commit("meera", "The first number", exported(TIME, [resource(INDIA)]));
  commit(
    "arun",
    "Name the country",
    exported("2026-08-01T00:00:00Z", [resource({ ...INDIA, nickname: "Kaleyra India" })]),
  );
  commit(
    "meera",
    "A new key",
    exported("2026-09-01T00:00:00Z", [resource({ ...INDIA, nickname: "Kaleyra India", key: "2" })]),
  );
  return `${folder}/state.json`;
}

const whoDidWhat = ({ changes }: Report) =>
  changes.map(({ kinds, by }) => [kinds, by.map(({ author, message }) => `${author.name}: ${message}`)]);

describe("git", () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  test("two revisions of a file: what changed between, and who committed it", async () => {
    await inFolder(async (write, folder) => {
      repository(folder, write);
      process.chdir(folder);
      const report = await auditDiff("HEAD~2:state.json", "HEAD:state.json");
      expect(whoDidWhat(report)).toEqual([[["rotated"], ["arun: Name the country", "meera: A new key"]]]);
    });
  });

  test("every revision of a file", async () => {
    await inFolder(async (write, folder) => {
      const { updates } = await auditHistory(repository(folder, write));
      expect(
        updates.map(({ author, changes }) => [author.name, changes.map(({ kinds }) => kinds.join())]),
      ).toEqual([
        ["meera", []],
        ["arun", ["changed"]],
        ["meera", ["rotated"]],
      ]);
    });
  });

  test("a revision that there is not", async () => {
    await inFolder(async (write, folder) => {
      repository(folder, write);
      process.chdir(folder);
      await expect(auditDiff("nowhere:state.json", "HEAD:state.json")).rejects.toThrow(
        /git knows no nowhere:.\/state.json/,
      );
    });
  });
});

describe("a folder", () => {
  test("of exported states is a history in the order of their times", async () => {
    await inFolder(async (write, folder) => {
      write("b.json", exported(TIME, [resource(INDIA)]));
      write("a.json.gz", gzipSync(JSON.stringify(exported("2026-09-01T00:00:00Z", []))));
      write("notes.txt", "no state");
      const { updates } = await auditHistory(folder);
      expect(updates.map(({ time, changes }) => [time, changes.map(({ kinds }) => kinds.join())])).toEqual([
        ["2026-07-01T00:00:00.000Z", []],
        ["2026-09-01T00:00:00.000Z", ["removed"]],
      ]);
    });
  });

  test("of a file backend holds the present state of each stack, and no backup", async () => {
    await inFolder(async (write, folder) => {
      write(".pulumi/stacks/shop/prod.json", checkpoint(TIME, [resource(INDIA)]));
      write(".pulumi/stacks/shop/prod.json.bak", "x");
      write(".pulumi/stacks/shop/live.json", checkpoint(TIME, [], "shop/live"));
      write(".pulumi/backups/shop/prod/prod.1.json", "x");
      expect((await statesFrom(folder)).map(({ stack }) => stack)).toEqual(["shop/live", "shop/prod"]);
    });
  });

  test.each([["without a state", /holds no state/]])("%s", async (_, message) => {
    await inFolder(async (_write, folder) => expect(statesFrom(folder)).rejects.toThrow(message));
  });
});

describe("the history of a file backend", () => {
  const record = (seconds: number, more = {}) => ({
    kind: "update",
    startTime: seconds,
    result: "succeeded",
    environment: {},
    config: {},
    ...more,
  });
  const backend = (write: (name: string, content: unknown) => string) => {
    write(".pulumi/stacks/shop/prod.json", checkpoint("2026-09-01T00:00:00Z", [resource(INDIA)]));
    const base = ".pulumi/history/shop/prod/prod-";
    write(
      `${base}1.history.json`,
      record(Date.parse(TIME) / 1000, {
        config: { "clevertap:endpoint": "https://a.example.com", "other:x": "1" },
      }),
    );
    write(`${base}1.checkpoint.json`, checkpoint(TIME, []));
    write(
      `${base}2.history.json.gz`,
      gzipSync(
        JSON.stringify(
          record(1_788_220_800, {
            config: { "clevertap:endpoint": "https://b.example.com", "other:x": "2" },
          }),
        ),
      ),
    );
    write(
      `${base}2.checkpoint.json.gz`,
      gzipSync(
        JSON.stringify(
          checkpoint("2026-09-01T00:00:05Z", [resource({ ...INDIA, created: "2026-09-01T00:00:02Z" })]),
        ),
      ),
    );
    // An update that was killed.
    write(`${base}3.history.json`, record(1_788_230_000));
  };

  test("tells each update, packed or not, with the changes of the configuration", async () => {
    await inFolder(async (write, folder) => {
      backend(write);
      const { updates } = await auditHistory(folder);
      expect(
        updates.map(({ changes, settings }) => [changes.map(({ kinds }) => kinds.join()), settings]),
      ).toEqual([
        [[], []],
        [
          ["added"],
          [
            {
              property: "clevertap:endpoint",
              label: "clevertap:endpoint",
              before: "https://a.example.com",
              after: "https://b.example.com",
            },
          ],
        ],
      ]);
    });
  });

  test("of another time is not read for a diff: its states may be many", async () => {
    await inFolder(async (write, folder) => {
      backend(write);
      const base = ".pulumi/history/shop/prod/prod-0";
      write(`${base}.history.json`, record(Date.parse("2026-05-01") / 1000));
      write(`${base}.checkpoint.json`, "damaged");
      const before = write("before.json", exported(TIME, []));
      const { changes } = await auditDiff(before, `${folder}/.pulumi/stacks/shop/prod.json`);
      expect(changes.map(({ kinds, by }) => [kinds.join(), by.length])).toEqual([["added", 0]]);
      await expect(auditHistory(folder)).rejects.toThrow(/prod-0.checkpoint.json is not JSON/);
    });
  });

  test("--since and --stack leave out; a stack that there is not is told with those that there are", async () => {
    await inFolder(async (write, folder) => {
      backend(write);
      const since = new Date("2026-08-01");
      expect((await auditHistory(folder, { since, stack: "prod" })).updates).toHaveLength(1);
      expect((await auditHistory(folder, { stack: "shop/prod" })).updates).toHaveLength(2);
      await expect(auditHistory(folder, { stack: "live" })).rejects.toThrow(
        "keeps no update of that stack. It has: shop/prod",
      );
    });
  });
});

describe("the gateway's log", () => {
  test("is read by the provider's id", async () => {
    await inFolder((write) => {
      const lines = gatewayLog([
        { at: TIME, actor: "pulumi", action: "open", task: "1", provider: "p1" },
        { at: TIME, actor: "Ravi", action: "log-in" },
        { at: TIME, actor: "Ravi", action: "save", task: "1", provider: "p1" },
      ]);
      const log = readGatewayLog(write("log.jsonl", lines.map((line) => JSON.stringify(line)).join("\n")));
      expect(log.fault).toBeUndefined();
      expect(log.lines).toBe(3);
      expect(log.events.get("p1")?.map(({ action }) => action)).toEqual(["open", "save"]);
    });
  });

  test.each([
    ["a line that is no JSON", `{"seq":1}\n${CANARY}`, /line 2 of .* is not JSON/],
    ["a line that is no object", "[1]", /line 1 of .* is no line of a gateway's log/],
  ])("%s is told without its text", async (_, text, message) => {
    await inFolder((write) => {
      const file = write("log.jsonl", text);
      expect(() => readGatewayLog(file)).toThrow(message);
      expect(() => readGatewayLog(file)).not.toThrow(CANARY);
    });
  });
});

test("a state that is newer than the other is no BEFORE", async () => {
  await inFolder(async (write) => {
    const [a, b] = [
      write("a.json", exported("2026-09-01T00:00:00Z", [])),
      write("b.json", exported(TIME, [])),
    ];
    await expect(auditDiff(a, b)).rejects.toThrow(`${a} is newer than ${b}: name the earlier state first`);
  });
});
