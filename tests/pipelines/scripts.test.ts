import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { json } from "node:stream/consumers";

/** The scripts of ci/, without an engine. What they do with one is in git.test.ts. */

const CI = resolve(__dirname, "../../ci");
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "wa ci "));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(home, name), text);
const read = (name: string) => readFileSync(join(home, name), "utf8");

function run(program: string, args: string[], env: Record<string, string> = {}) {
  const options = { cwd: home, env: { PATH: process.env.PATH, ...env } };
  return new Promise<{ code: number; output: string }>((done) => {
    execFile(program, args, options, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

const node = (script: string, args: string[], env?: Record<string, string>) =>
  run(process.execPath, [join(CI, script), ...args], env);

describe("with-lock.mjs", () => {
  /** A stand-in for pulumi: it is locked by this holder until `pulumi cancel`. */
  function lockedBy(user: string, host: string, since: Date, message?: string) {
    const holder = `  file:///locks/x.json: created by ${user}@${host} (pid 1) at ${since.toISOString()}`;
    const said = message ?? `error: the stack is currently locked by 1 lock(s). Either wait\n${holder}`;
    write("message", said);
    write(
      "pulumi",
      '#!/bin/sh\necho "$@" >>calls\ncase $1 in cancel) echo >cancelled ;; *) [ -e cancelled ] || { cat message >&2; exit 255; } ;; esac\n',
    );
    chmodSync(join(home, "pulumi"), 0o755);
    return { PATH: [home, process.env.PATH].join(delimiter), LOCK_WAIT: "0" };
  }
  const me = userInfo().username;
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

  test.each([
    ["of a process of this machine that has ended", me, hostname(), 0],
    ["that an earlier runner has left", me, "runner-1", 2],
  ])("takes away a lock %s", async (_, user, host, hours) => {
    const env = lockedBy(user, host, hoursAgo(hours));
    expect(await node("with-lock.mjs", ["prod", "up", "--yes"], env)).toMatchObject({ code: 0 });
    expect(read("calls").split("\n")).toEqual([
      "up --yes --stack prod --non-interactive",
      "cancel --yes --stack prod --non-interactive",
      "up --yes --stack prod --non-interactive",
      "",
    ]);
  });

  test.each([
    ["a person", "anna", "laptop", 48],
    ["another runner that may still run", me, "runner-1", 0.5],
  ])("leaves alone the lock of %s, and says whose it is", async (_, user, host, hours) => {
    const { code, output } = await node(
      "with-lock.mjs",
      ["prod", "up"],
      lockedBy(user, host, hoursAgo(hours)),
    );
    expect(code).toBe(75);
    expect(output).toMatch(new RegExp(`^error: the stack prod is in use by ${user}@${host} since .*\n$`));
    expect(read("calls")).not.toContain("cancel");
  });

  test("knows Pulumi Cloud's answer too", async () => {
    const env = lockedBy(
      "",
      "",
      new Date(),
      "error: [409] Conflict: Another update is currently in progress.",
    );
    const { code, output } = await node("with-lock.mjs", ["prod", "up"], env);
    expect({ code, output }).toMatchObject({ code: 75, output: expect.stringContaining("another update") });
  });

  test("any other failure comes out as it is", async () => {
    const env = lockedBy("", "", new Date(), "error: something else");
    expect(await node("with-lock.mjs", ["prod", "up"], env)).toEqual({
      code: 255,
      output: "error: something else",
    });
  });
});

describe("report.mjs", () => {
  const urn = "urn:pulumi:prod::numbers::pulumi-nodejs:dynamic/clevertap:WhatsAppProvider::";
  const change = (name: string, before: string, after: string) => ({
    op: "update",
    urn: `${urn}${name}`,
    oldState: { inputs: { nickname: before } },
    newState: { inputs: { nickname: after } },
    detailedDiff: { nickname: { kind: "update" } },
  });
  const report = async (mode: string, plan: object) => {
    write(`${mode}.json`, JSON.stringify(plan));
    return node("report.mjs", [mode, "prod", "."]);
  };

  test("nothing but text comes out of a name that holds Markdown or HTML", async () => {
    const name = "<img src=x onerror=alert(1)> | `x` **b**\n@everyone";
    expect((await report("drift", { steps: [change("a", name, "B")] })).code).toBe(1);
    const cell = "<code>&lt;img src=x onerror=alert(1)&gt; &#124; `x` **b** @everyone</code>";
    expect(read("drift.md")).toContain(`| <code>a</code> | change | nickname | ${cell} | <code>B</code> |`);
    expect(read("drift.html")).toContain(`<td>${cell}</td>`);
  });

  test("a comment stays below GitHub's limit, and says what it left out", async () => {
    const steps = Array.from({ length: 2000 }, (_, i) => change(`number-${i}`, "Before", "After"));
    expect((await report("preview", { steps })).code).toBe(0);
    expect(read("preview.md").length).toBeLessThan(65_536);
    expect(read("preview.md")).toMatch(
      /\n2000 resources to change\.\n.*\n\d+ more rows did not fit: preview\.json/s,
    );
  });

  test("no drift is 0; where pulumi gave no plan, its words are the report", async () => {
    expect((await report("drift", { steps: [{ op: "same", urn: `${urn}a` }] })).code).toBe(0);
    expect(read("drift.md")).toContain("No drift");
    write("preview.json", "");
    write("preview.err", "error: no stack named 'prod' found\n");
    await node("report.mjs", ["preview", "prod", "."]);
    expect(read("preview.md")).toContain("- error: <code>no stack named 'prod' found</code>");
  });
});

describe("comment.mjs", () => {
  interface Comment {
    id: number;
    body: string;
  }
  let github: Server;
  let comments: Comment[];
  let tokens: (string | undefined)[];
  beforeEach(async () => {
    comments = Array.from({ length: 130 }, (_, id) => ({ id, body: `words ${id}` }));
    tokens = [];
    github = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
      tokens.push(request.headers.authorization);
      const page = Number(searchParams.get("page"));
      if (request.method === "GET")
        response.end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
      else {
        const { body } = (await json(request)) as { body: string };
        const id = /comments\/(\d+)$/.exec(pathname)?.[1];
        const found = comments.find((comment) => String(comment.id) === id);
        if (found) found.body = body;
        else comments.push({ id: comments.length, body });
        response.end("{}");
      }
    }).listen(0, "127.0.0.1");
    await once(github, "listening");
  });
  afterEach(() => github.close());

  test("the first run adds a comment, the next ones write it anew", async () => {
    write("event.json", '{ "number": 7 }');
    const env = {
      GITHUB_TOKEN: "canary-token",
      GITHUB_REPOSITORY: "team/numbers",
      GITHUB_EVENT_PATH: join(home, "event.json"),
      GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
    };
    for (const text of ["one", "two"]) {
      write("preview.md", `<!-- preview of prod -->\n${text}\n`);
      const { code, output } = await node("comment.mjs", ["preview.md"], env);
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringMatching(/^The comment was \w+\.\n$/),
      });
    }
    expect(comments).toHaveLength(131);
    expect(comments.at(-1)?.body).toBe("<!-- preview of prod -->\ntwo\n");
    expect(new Set(tokens)).toEqual(new Set(["Bearer canary-token"]));
  });
});

test("destroy refuses what is no preview stack", async () => {
  const { code, output } = await run("sh", [join(CI, "destroy"), "prod"]);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining("begin with pr-") });
});
