import { execFile, spawn } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox";
import { CANARIES } from "../../support/canaries";
import { isolatedEnvironment } from "../../support/engine";
import { validateRequest } from "../../support/openapi";
import { accountConfig, copyUsualStack } from "./usual-stack";

/** The real CLI on a project of its own, with a state and a home of its own, against a sandbox of its own. */

const ROOT = resolve(__dirname, "../../..");
const MAIN = join(ROOT, "dist/cli/main.js");

export { CANARIES };

/** Where the text of a program begins in index.js, as the engine notes it: below the lines that {@link Stack.program} writes. */
export const PROGRAM_POSITION = "project:///index.js#7,1";

/** Which way the program goes to the lifecycle. */
export type Door = "dynamic" | "plugin";
export const DOORS: readonly Door[] = ["dynamic", "plugin"];

export interface StackOptions {
  /**
   * Text of index.js. `wa` is the door's module, `settings(over)` the arguments of a good provider, `incoming(provider, over)`
   * those of the Incoming URL of its number.
   */
  readonly program?: string;
  /** Folder with a project to copy instead. */
  readonly folder?: string;
  readonly door?: Door;
  readonly sandbox?: SandboxOptions;
  /** `clevertap:` configuration beside the account's; a value of undefined leaves a key out. */
  readonly config?: Record<string, string | { secret: string } | undefined>;
  readonly environment?: Record<string, string>;
}

export interface Run {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface Exported {
  readonly deployment: { readonly resources?: ExportedResource[] };
}

export interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  protect?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export class Stack {
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly environment: Record<string, string>;
  readonly #door: Door;
  #logs = 0;
  /** Everything that any command printed, for the canaries. */
  readonly printed: string[] = [];

  constructor(sandbox: Sandbox, options: StackOptions) {
    this.sandbox = sandbox;
    this.#door = options.door ?? "dynamic";
    this.directory = mkdtempSync(join(tmpdir(), "wa stack "));
    const modules = join(this.directory, "node_modules");
    if (options.folder) cpSync(options.folder, this.directory, { recursive: true });
    mkdirSync(join(modules, "@pulumi"), { recursive: true });
    symlinkSync(ROOT, join(modules, "pulumi-clevertap-whatsapp"));
    symlinkSync(join(ROOT, "node_modules/@pulumi/pulumi"), join(modules, "@pulumi/pulumi"));
    for (const folder of [".state", ".events"]) mkdirSync(join(this.directory, folder));
    writeFileSync(join(this.directory, "package.json"), '{ "name": "test", "private": true }');
    if (!options.folder) {
      const plugin =
        "plugins:\n  providers:\n    - name: clevertap\n      path: node_modules/pulumi-clevertap-whatsapp/plugin\n";
      writeFileSync(
        join(this.directory, "Pulumi.yaml"),
        `name: test\nruntime: nodejs\nmain: index.js\n${this.#door === "plugin" ? plugin : ""}`,
      );
    }
    this.environment = isolatedEnvironment(this.directory, join(this.directory, ".state"), {
      // The flag --event-log exists only with it.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_STACK: "dev",
      ...options.environment,
    });
    if (options.program) this.program(options.program);
  }

  /** Writes the program anew. */
  program(text: string): void {
    const { httpEndpoint, kaleyraHost, incomingBaseUrl, kaleyra } = this.sandbox;
    writeFileSync(
      join(this.directory, "index.js"),
      `const pulumi = require("@pulumi/pulumi");
const wa = require("pulumi-clevertap-whatsapp${this.#door === "plugin" ? "/plugin" : ""}");
const settings = (over) => ({ nickname: "Kaleyra", mobileNumber: "919999999999", httpEndpoint: ${JSON.stringify(httpEndpoint)},
  apiKey: ${JSON.stringify(kaleyra.apiKey)}, sid: ${JSON.stringify(kaleyra.sid)}, kaleyraHost: ${JSON.stringify(kaleyraHost)}, ...over });
const incoming = ({ mobileNumber, incomingUrlQuery }, over) => ({ mobileNumber, incomingUrlQuery, kaleyraHost: ${JSON.stringify(kaleyraHost)},
  sid: ${JSON.stringify(kaleyra.sid)}, apiKey: ${JSON.stringify(kaleyra.apiKey)}, baseUrl: ${JSON.stringify(incomingBaseUrl)}, ...over });
${text}`,
    );
  }

  /** The selected stack's name. */
  get name(): string {
    return this.environment.PULUMI_STACK as string;
  }

  /** Takes another stack of this folder for the next commands. */
  select(name: string): void {
    this.environment.PULUMI_STACK = name;
  }

  /** Makes a stack with the configuration of the selected one, and selects it. */
  async init(name: string): Promise<void> {
    if (name !== this.name) copyFileSync(this.#configFile(this.name), this.#configFile(name));
    this.select(name);
    await this.ok("stack", "init", name);
  }

  /** Renames the selected stack and follows it. */
  async rename(name: string): Promise<void> {
    await this.ok("stack", "rename", name);
    this.select(name);
  }

  /** Logs in to a backend of that name; to the usual one without a name. */
  login(backend = ""): void {
    mkdirSync(join(this.directory, ".state", backend), { recursive: true });
    this.environment.PULUMI_BACKEND_URL = this.#backendUrl(backend);
  }

  #configFile(stack: string): string {
    return join(this.directory, `Pulumi.${stack}.yaml`);
  }

  #backendUrl(backend: string): string {
    return `file://${join(this.directory, ".state", backend)}?metadata=skip`;
  }

  /** Runs a command of the package in the stack's folder. */
  cli(...args: string[]): Promise<Run & { readonly stdout: string }> {
    const options = { cwd: this.directory, env: this.environment };
    return new Promise((done) => {
      execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
        this.printed.push(stdout, stderr);
        done({ code: error ? Number(error.code) : 0, output: stdout + stderr, stdout });
      });
    });
  }

  /** Starts any pulumi command; one that changes or compares something writes its events to a file of its own. */
  start(args: readonly string[]) {
    const hasEvents = ["preview", "up", "refresh", "destroy"].includes(args[0] ?? "");
    const log = hasEvents ? ["--event-log", join(this.directory, ".events", `${++this.#logs}.json`)] : [];
    return spawn("pulumi", [...args, ...log, "--non-interactive"], {
      cwd: this.directory,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs any pulumi command. */
  async pulumi(...args: string[]): Promise<Run> {
    const child = this.start(args);
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    const code = await new Promise<number>((done, fail) => {
      child.on("error", fail);
      child.on("close", (status) => done(status ?? 1));
    });
    this.printed.push(output);
    return { code, output };
  }

  /** Runs a command that must succeed. */
  async ok(...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs a command that must fail, and returns what it printed. */
  async fails(...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code === 0)
      throw new Error(`pulumi ${args.join(" ")} succeeded, but a failure was expected:\n${output}`);
    return output;
  }

  up = (...args: string[]) => this.ok("up", "--yes", "--skip-preview", ...args);
  preview = (...args: string[]) => this.ok("preview", ...args);
  refresh = (...args: string[]) => this.ok("refresh", "--yes", "--skip-preview", ...args);
  destroy = (...args: string[]) => this.ok("destroy", "--yes", "--skip-preview", ...args);

  /** Sets keys of the `clevertap:` configuration in one go. */
  async configure(values: Record<string, string | { secret: string } | undefined>): Promise<void> {
    const pairs = Object.entries(values).flatMap(([key, value]) => {
      if (value === undefined) return [];
      const isSecret = typeof value === "object";
      return [isSecret ? "--secret" : "--plaintext", `clevertap:${key}=${isSecret ? value.secret : value}`];
    });
    if (pairs.length > 0) await this.ok("config", "set-all", "--path", ...pairs);
  }

  config = (key: string, value: string | { secret: string }) => this.configure({ [key]: value });

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = { stdout: await this.ok("stack", "output", "--json") };
    return JSON.parse(stdout);
  }

  async exported(): Promise<Exported> {
    return JSON.parse(await this.ok("stack", "export"));
  }

  /** Writes an exported state, changed, back. */
  async edit(change: (state: Exported) => Exported): Promise<void> {
    const file = join(this.directory, "edited.json");
    writeFileSync(file, JSON.stringify(change(await this.exported())));
    await this.ok("stack", "import", "--file", file);
  }

  /** Takes the resources of a type out of the state, as if it had been lost before they were made. */
  forget(type = "WhatsAppProvider"): Promise<void> {
    return this.edit((state) => {
      const resources = state.deployment.resources?.filter((r) => !r.type.endsWith(`:${type}`));
      return { ...state, deployment: { ...state.deployment, resources } };
    });
  }

  /** The one provider in state. */
  async resource(): Promise<ExportedResource & { readonly id: string }> {
    const [resource, ...more] = await this.resources();
    if (resource?.id === undefined || more.length > 0) throw new Error("there is not one provider in state");
    return { ...resource, id: resource.id };
  }

  /** The resources of a type in state. */
  async resources(type = "WhatsAppProvider") {
    const { deployment } = await this.exported();
    // An empty state has no list at all.
    return (deployment.resources ?? []).filter((r) => r.type.endsWith(`:${type}`));
  }
}

/** Makes a stack, runs the body, and removes everything. */
export async function withStack(
  options: StackOptions,
  body: (stack: Stack, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  // The 1-second rule would fail good probes on a busy machine.
  const sandbox = await startSandbox({ verificationLimitMs: 20_000, ...options.sandbox });
  const stack = new Stack(sandbox, options);
  try {
    const keepsStateElsewhere = options.environment?.PULUMI_BACKEND_URL !== undefined;
    const isUsual = !options.folder && !options.sandbox?.accounts && !keepsStateElsewhere;
    if (isUsual && !Object.values(options.config ?? {}).includes(undefined)) {
      await copyUsualStack(stack);
      await stack.configure(options.config ?? {});
    } else {
      await stack.ok("stack", "init", "dev");
      await stack.configure({ ...accountConfig(sandbox), ...options.config });
    }
    await body(stack, sandbox);
    expectNoCanary(stack);
    for (const { method, path, query, headers, body } of sandbox.requests()) {
      validateRequest(method, path, query, headers, body);
    }
  } finally {
    await sandbox.close();
    rmSync(stack.directory, { recursive: true, force: true });
  }
}

/** The life of every program: up, nothing to change, nothing drifted, destroy, and the server has nothing left. */
export async function lifeCycle(
  options: StackOptions & { readonly settlesDefault?: boolean },
  body: (stack: Stack, sandbox: Sandbox) => Promise<void> = async () => {},
): Promise<void> {
  await withStack(options, async (stack, sandbox) => {
    await stack.up();
    await body(stack, sandbox);
    await settle(stack, options.settlesDefault);
    await stack.destroy();
    expect(sandbox.providers().length).toBe(0);
  });
}

/** Nothing to change, nothing drifted. A program that moves the default may need one refresh to settle `isDefault`. */
export async function settle(stack: Stack, settlesDefault = false): Promise<void> {
  await stack.preview("--expect-no-changes");
  if (settlesDefault) await stack.refresh();
  await stack.refresh("--expect-no-changes");
}

/** In what was printed, in the state with its history and backups, and in the event logs. */
function expectNoCanary(stack: Stack): void {
  const files = [".state", ".events"].flatMap((folder) =>
    readdirSync(join(stack.directory, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
  );
  const passcodes = stack.sandbox.accounts.map((account) => account.passcode);
  for (const secret of [...Object.values(CANARIES), ...passcodes]) {
    const at = [...stack.printed, ...files].find((text) => text.includes(secret));
    if (at !== undefined)
      throw new Error(`a secret came out in clear:\n${at.replaceAll(secret, "«SECRET»")}`);
  }
}
