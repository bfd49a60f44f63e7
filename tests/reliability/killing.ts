import { execFileSync } from "node:child_process";
import type { LoggedRequest, Sandbox } from "../../sandbox";
import type { Run, Stack } from "../engine/support/stack";

/** Ends a process of a running pulumi command at a moment that the server sees. Only processes that this test started are touched. */

/** Whom it strikes. `interrupt` is Ctrl-C to the engine; the others are SIGKILL. */
export const TARGETS = ["engine", "provider", "program", "interrupt"] as const;
export type Target = (typeof TARGETS)[number];

/** When: at the n-th request of the command, from 1, as it arrives or when it has been answered. */
export interface Moment {
  readonly request: number;
  readonly edge: "arrived" | "answered";
  /** Only requests with this method to the provider API count; left out: those of the resources to Kaleyra too. */
  readonly method?: string;
}

const PATTERNS: Record<"provider" | "program", RegExp> = {
  provider: /dynamic-provider|pulumi-resource-clevertap|plugin\/main/,
  program: /nodejs\/cmd\/run|pulumi\/cmd\/run/,
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Everything that a process started, and what that started. */
export function descendants(root: number): Process[] {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line): Process[] => {
      const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }] : [];
    });
  const found: Process[] = [];
  for (let parents = [root]; parents.length > 0; ) {
    const children = all.filter((p) => parents.includes(p.parent));
    found.push(...children);
    parents = children.map((p) => p.pid);
  }
  return found;
}

export function end(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
    return false;
  }
}

/** Paths of the provider API, and of Kaleyra's number API. */
const RESOURCES = "^/+v[12]/";

const writesAndDefaults = (request: LoggedRequest) => request.query.validateOnly === undefined;

/** Runs a pulumi command and strikes. @returns how it ended, and whether there was something to strike */
export async function runAndKill(
  stack: Stack,
  sandbox: Sandbox,
  args: string[],
  target: Target,
  moment: Moment,
): Promise<Run & { struck: boolean }> {
  sandbox.resetRequests();
  // Wide enough for the signal to arrive in the middle of a request.
  sandbox.fault({ kind: "latency", delayMs: 250, path: RESOURCES });
  const child = stack.start(args);
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const exit = new Promise<number>((done, fail) => {
    child.on("error", fail);
    child.on("exit", (status) => done(status ?? 1));
  });
  let struck = false;
  let family: Process[] = [];
  const strike = () => {
    family = descendants(child.pid as number);
    if (target === "engine" || target === "interrupt") {
      struck = end(child.pid as number, target === "engine" ? "SIGKILL" : "SIGINT");
      return;
    }
    for (const { pid, command } of family)
      if (PATTERNS[target].test(command)) struck = end(pid, "SIGKILL") || struck;
  };
  const watch = setInterval(() => {
    const kind = moment.method === undefined ? "all" : "api";
    const seen = sandbox
      .requests({ kind, method: moment.method })
      .filter(({ path }) => new RegExp(RESOURCES).test(path))
      .filter(writesAndDefaults)
      .filter((r) => moment.edge === "arrived" || r.status !== undefined);
    if (seen.length < moment.request) return;
    clearInterval(watch);
    strike();
  }, 5);
  const code = await exit;
  clearInterval(watch);
  sandbox.clearFaults();
  // The killed engine's provider may live on and finish its request: it is left to do so, then nothing stays behind.
  while (sandbox.requests({ kind: "all" }).some((r) => r.status === undefined))
    await new Promise((done) => setTimeout(done, 10));
  for (const { pid } of family) end(pid, "SIGKILL");
  stack.printed.push(output);
  return { code, output, struck };
}
