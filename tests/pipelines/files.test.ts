import { execFileSync, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
// The checkers are built where the engine is: a machine for the other tests needs neither.
import "../support/engine";
import { evaluateModule, toolUrl } from "../tools/module";

/** The pipeline files of the template, checked by what GitHub's and GitLab's users check theirs with. */

const ROOT = resolve(__dirname, "../..");
const TEMPLATE = join(ROOT, "template");
const WORKFLOWS = globSync(".github/workflows/*.yml", { cwd: TEMPLATE });
const read = (file: string) => readFileSync(join(TEMPLATE, file), "utf8");

let tools: { actionlint: string; gitlabSchema: string };
beforeAll(async () => {
  tools =
    await evaluateModule(`import { actionlint, gitlabSchema } from ${JSON.stringify(toolUrl("linters.mjs"))};
    console.log(JSON.stringify({ actionlint: await actionlint(), gitlabSchema: await gitlabSchema() }));`);
}, 600_000);

test("GitHub's workflows: actionlint finds nothing, and it does find a mistake", () => {
  expect(WORKFLOWS.length).toBe(3);
  const lint = (args: string[], input?: string) =>
    spawnSync(tools.actionlint, args, { cwd: TEMPLATE, input, encoding: "utf8" });
  const { status, stdout, stderr } = lint(WORKFLOWS);
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  const wrong = read(WORKFLOWS[0] as string).replace("runs-on: ubuntu-24.04", "runs-on: []");
  expect(lint(["-"], wrong).status).toBe(1);
});

test("GitLab's file fits the schema that GitLab publishes, and a mistake does not", () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(tools.gitlabSchema, "utf8")));
  const file = parse(read(".gitlab-ci.yml"));
  validate(file);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ ...file, up: { ...file.up, stage: 5 } })).toBe(false);
});

test.each(WORKFLOWS)(
  "%s: every action is pinned by its commit, and no run line holds an expression",
  (name) => {
    const text = read(name);
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    // A secret gets into a step by its environment, never by a command line.
    for (const [line] of text.matchAll(/^ *(- )?run: .*/gm)) expect(line).not.toContain("${{");
  },
);

test("the scripts are good POSIX sh", () => {
  const scripts = globSync("ci/*", { cwd: ROOT }).filter((file) => !/\./.test(file));
  expect(scripts).toHaveLength(5);
  for (const script of scripts) execFileSync("sh", ["-n", join(ROOT, script)]);
});

test("the scripts that the pipelines call are there", () => {
  const texts = [...WORKFLOWS, ".gitlab-ci.yml", "crontab.example"].map(read);
  const called = texts.flatMap((text) => [...text.matchAll(/pulumi-clevertap-whatsapp\/(ci\/[\w.-]+)/g)]);
  expect(new Set(called.map(([, path]) => path))).toEqual(
    new Set(["ci/preview", "ci/up", "ci/drift", "ci/comment.mjs"]),
  );
  for (const [, path = ""] of called) readFileSync(join(ROOT, path));
});
