/** The projects that are measured: one folder each, with a state of its own that can be put back to empty. */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { capture, tail } from "../tools/execute.mjs";
import { PHASES } from "./measurements.mjs";

const { engineEnvironment } = createRequire(import.meta.url)("../tools/environment.cjs");

/**
 * As the documentation writes a dynamic provider, every method there and nothing done: what any of them costs. Its
 * credentials are secrets too, since a state full of secrets costs the engine more than one without.
 */
const FLOOR = `
const nothing = {
  async check(olds, news) {
    return { inputs: news, failures: [] };
  },
  async diff(id, olds, news) {
    return { changes: JSON.stringify(olds) !== JSON.stringify(news), replaces: [] };
  },
  async create(inputs) {
    return { id: "id-" + inputs.mobileNumber, outs: inputs };
  },
  async read(id, props) {
    return { id, props };
  },
  async update(id, olds, news) {
    return { outs: news };
  },
  async delete(id, props) {},
};
class Nothing extends pulumi.dynamic.Resource {
  constructor(name, { apiKey, sid, ...args }, opts) {
    super(nothing, name, { ...args, apiKey: pulumi.secret(apiKey), sid: pulumi.secret(sid) }, opts);
  }
}`;

const HEADS = {
  floor: `${FLOOR}\nconst make = (name, args) => new Nothing(name, args);`,
  dynamic:
    'const wa = require("pulumi-clevertap-whatsapp");\nconst make = (name, args) => new wa.WhatsAppProvider(name, args);',
  plugin:
    'const wa = require("pulumi-clevertap-whatsapp/plugin");\nconst make = (name, args) => new wa.WhatsAppProvider(name, args);',
};

function javascript(door, settings) {
  return `const pulumi = require("@pulumi/pulumi");
${HEADS[door]}
for (let i = 0; i < Number(process.env.BENCH_COUNT); i++)
  make("number-" + i, { ...${JSON.stringify(settings)}, nickname: process.env.BENCH_NICKNAME, mobileNumber: String(447700900000 + i) });
`;
}

function yaml(settings) {
  const lines = Object.entries({ ...settings, mobileNumber: "447700900000" }).map(
    ([key, value]) => `      ${key}: ${JSON.stringify(value)}`,
  );
  return `resources:\n  number:\n    type: clevertap:WhatsAppProvider\n    properties:\n${lines.join("\n")}\n`;
}

const PLUGIN =
  "plugins:\n  providers:\n    - name: clevertap\n      path: node_modules/pulumi-clevertap-whatsapp/plugin\n";

/** Milliseconds of CPU that the ended children of this process and theirs have used; NaN where the system does not tell. */
function childrenCpu() {
  try {
    // The name of the program, in brackets, may hold spaces. Ticks are hundredths of a second on every Linux of today.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").pop().split(" ");
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

/** The commands of each phase. None but the first asks for a preview. */
const COMMANDS = {
  preview: ["preview"],
  create: ["up", "--yes", "--skip-preview"],
  "no-op": ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  update: ["up", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

/** Writes the program and its project file. @param settings of every resource */
function writeProject(folder, version, door, settings) {
  mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(version, join(folder, "node_modules", "pulumi-clevertap-whatsapp"), "junction");
  const sdk = join("node_modules", "@pulumi", "pulumi");
  symlinkSync(join(version, sdk), join(folder, sdk), "junction");
  writeFileSync(join(folder, "package.json"), '{ "name": "bench", "private": true }');
  const isYaml = door === "yaml";
  const runtime = isYaml ? "runtime: yaml\n" : "runtime: nodejs\nmain: index.js\n";
  const plugin = isYaml || door === "plugin" ? PLUGIN : "";
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: bench\n${runtime}${plugin}${isYaml ? yaml(settings) : ""}`,
  );
  if (!isYaml) writeFileSync(join(folder, "index.js"), javascript(door, settings));
}

/**
 * Makes a project with an empty stack.
 *
 * @param {string} folder to make it in
 * @param {string} version folder of the package that the project uses
 * @param {{door: "floor" | "dynamic" | "plugin" | "yaml", probe?: string, backend?: Record<string, string>}} what backend: the
 * environment of one that is no folder; the stack is then empty before the first run only
 * @param {object} sandbox what the sandbox said when it started
 * @param {{path: string, compileCache: string}} engine
 */
export async function project(folder, version, { door, probe, backend }, sandbox, { path, compileCache }) {
  const state = join(folder, "state");
  const empty = join(folder, "empty");
  mkdirSync(state, { recursive: true });
  const { httpEndpoint, kaleyraHost, kaleyra } = sandbox;
  writeProject(folder, version, door, { nickname: "Kaleyra", httpEndpoint, kaleyraHost, ...kaleyra });
  const base = engineEnvironment({ home: join(folder, "home"), state, path, compileCache, extra: backend });
  const pulumi = async (args, variables = {}) => {
    const env = { ...base, ...variables, NO_COLOR: "1" };
    const began = performance.now();
    const cpuBefore = childrenCpu();
    const result = await capture("pulumi", [...args, "--non-interactive"], { cwd: folder, env });
    const took = { wall: performance.now() - began, cpu: childrenCpu() - cpuBefore };
    if (result.code !== 0)
      throw new Error(`${folder}: pulumi ${args.join(" ")} failed:\n${tail(result, 30)}`);
    return took;
  };
  const { id, passcode } = sandbox.accounts[0];
  await pulumi(["stack", "init", "dev"]);
  const plain = [`clevertap:endpoint=${sandbox.endpoint}`, `clevertap:accountId=${id}`];
  if (probe) plain.push(`clevertap:previewProbe=${probe}`);
  const pairs = plain.flatMap((pair) => ["--plaintext", pair]);
  await pulumi(["config", "set-all", ...pairs, "--secret", `clevertap:passcode=${passcode}`]);
  cpSync(state, empty, { recursive: true });

  const reset = async () => {
    const { status } = await fetch(new URL("/_sandbox/reset", sandbox.url), { method: "POST" });
    rmSync(state, { recursive: true, force: true });
    cpSync(empty, state, { recursive: true });
    if (status !== 204) throw new Error(`the sandbox did not reset: ${status}`);
  };
  return {
    /**
     * Goes through phases of a stack's life with that many resources; stack and sandbox are empty before and after.
     *
     * @returns {Promise<Record<string, {wall: number, cpu: number}>>} milliseconds, by phase
     */
    async run(count, phases) {
      const took = {};
      await reset();
      for (const phase of PHASES) {
        const isNeeded = phase === "create" && phases.some((wanted) => wanted !== "preview");
        if (!isNeeded && !phases.includes(phase)) continue;
        const nickname = PHASES.indexOf(phase) < PHASES.indexOf("update") ? "Kaleyra" : "Kaleyra 2";
        const variables = { BENCH_COUNT: String(count), BENCH_NICKNAME: nickname };
        const sample = await pulumi(COMMANDS[phase], variables);
        if (phases.includes(phase)) took[phase] = sample;
      }
      await reset();
      return took;
    },
  };
}
