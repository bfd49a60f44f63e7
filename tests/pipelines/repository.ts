import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Sandbox } from "../../sandbox";
import { isolatedEnvironment } from "../support/engine";

/** A bare git repository whose hook plays the runner, and somebody's clone of it, with the template as its content. */

const ROOT = resolve(__dirname, "../..");

/** What a job of the pipeline did. */
export interface Job {
  readonly code: number;
  readonly log: string;
  /** A file that it has written into ci-report. */
  report(name: string): string;
}

export class Repository {
  readonly home = mkdtempSync(join(tmpdir(), "wa pipeline "));
  readonly clone = join(this.home, "numbers");
  readonly environment: Record<string, string>;
  /** Everything that a job or a command printed, for the canaries. */
  readonly printed: string[] = [];

  constructor(backend: Record<string, string>) {
    const modules = join(this.home, "node_modules");
    mkdirSync(join(modules, "@pulumi"), { recursive: true });
    symlinkSync(ROOT, join(modules, "pulumi-clevertap-whatsapp"));
    symlinkSync(join(ROOT, "node_modules/@pulumi/pulumi"), join(modules, "@pulumi/pulumi"));
    const person = { NAME: "Test", EMAIL: "test@example.com" };
    const git = Object.entries(person).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    this.environment = isolatedEnvironment(this.home, join(this.home, "state"), {
      ...Object.fromEntries(git),
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      PIPELINE_HOME: this.home,
      // Its types are checked with those of the examples.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...backend,
    });
    mkdirSync(join(this.home, "state"));
    this.#run("git", ["init", "--quiet", "--bare", "--initial-branch=main", "origin.git"], this.home);
    const hook = join(this.home, "origin.git/hooks/post-receive");
    copyFileSync(join(__dirname, "post-receive"), hook);
    chmodSync(hook, 0o755);
    this.#run("git", ["clone", "--quiet", "origin.git", "numbers"], this.home);
    cpSync(join(ROOT, "template"), this.clone, { recursive: true });
    symlinkSync(modules, join(this.clone, "node_modules"));
    this.edit("Pulumi.yaml", "$" + "{PROJECT}", "numbers");
  }

  /** Makes the stack `prod` with the configuration for a sandbox, as a team does once by hand. */
  configure(sandbox: Sandbox): void {
    const [account] = sandbox.accounts as [{ id: string; passcode: string }];
    const plain = {
      "clevertap:endpoint": sandbox.endpoint,
      "clevertap:accountId": account.id,
      // So that a server that answers "later" holds a run until a test lets it go on.
      "clevertap:maxAttempts": "20",
      httpEndpoint: sandbox.httpEndpoint,
      kaleyraHost: sandbox.kaleyraHost,
    };
    const secret = {
      "clevertap:passcode": account.passcode,
      apiKey: sandbox.kaleyra.apiKey,
      sid: sandbox.kaleyra.sid,
    };
    const pairs = (flag: string, values: object) =>
      Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    this.pulumi("stack", "init", "prod");
    this.pulumi("config", "set-all", ...pairs("--plaintext", plain), ...pairs("--secret", secret));
  }

  /** Runs pulumi in the clone, by hand. */
  pulumi(...args: string[]): string {
    return this.#run(
      "pulumi",
      [...args, "--stack", "prod", "--non-interactive"].filter(isNotTwice),
      this.clone,
    );
  }

  git = (...args: string[]): string => this.#run("git", args, this.clone).trim();

  /** Replaces a text in a file of the clone. */
  edit(file: string, before: string, after: string): void {
    const path = join(this.clone, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(before)) throw new Error(`${file} does not hold ${before}`);
    writeFileSync(path, text.replace(before, after));
  }

  /** Commits everything in the clone to a new branch, which begins at the last commit of main. */
  commit(branch: string): void {
    this.git("checkout", "--quiet", "-B", branch);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", branch);
  }

  /** Pushes a branch and lets the runner work. */
  async push(branch: string): Promise<Job> {
    await once(this.startPush(branch), "exit");
    return this.job(branch);
  }

  /** Merges a branch into main and lets the runner work. */
  async merge(branch: string): Promise<Job> {
    this.git("checkout", "--quiet", "main");
    this.git("merge", "--quiet", "--no-ff", "--message", `Merge ${branch}`, branch);
    return this.push("main");
  }

  /** Starts a push, in a process group of its own with the runner. */
  startPush(branch: string): ChildProcess {
    const options = { cwd: this.clone, env: this.environment, detached: true, stdio: "ignore" } as const;
    return spawn("git", ["push", "--quiet", "origin", branch], options);
  }

  #path(branch: string): string {
    const script = branch === "main" ? "up" : "preview";
    return join(this.home, "jobs", `${script}-${this.git("rev-parse", branch)}`);
  }

  /** What the job of the last push of a branch has said so far. */
  log(branch: string): string {
    const file = `${this.#path(branch)}.log`;
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** The job of the last push of a branch, when it has ended. */
  job(branch: string): Job {
    const path = this.#path(branch);
    const log = this.log(branch);
    this.printed.push(log);
    const report = (name: string) => readFileSync(join(path, "ci-report", name), "utf8");
    return { code: Number(readFileSync(`${path}.code`, "utf8")), log, report };
  }

  /** Runs a shell command in the home of somebody who has the clone. */
  shell(command: string): Promise<{ readonly code: number; readonly output: string }> {
    const env = { ...this.environment, HOME: this.home };
    return new Promise((done) => {
      execFile("sh", ["-c", command], { env }, (error, stdout, stderr) => {
        this.printed.push(stdout, stderr);
        done({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  #run(program: string, args: string[], cwd: string): string {
    const output = execFileSync(program, args, {
      cwd,
      env: this.environment,
      encoding: "utf8",
      stdio: "pipe",
    });
    this.printed.push(output);
    return output;
  }
}

/** `stack init prod` names the stack already. */
const isNotTwice = (word: string, index: number, words: string[]) =>
  words[1] !== "init" || (word !== "--stack" && words[index - 1] !== "--stack");
