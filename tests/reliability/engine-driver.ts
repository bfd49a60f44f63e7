import type { ErrorCode } from "../../provider/model/errors";
import type { Run, Stack } from "../engine/support/stack";
import type { DriverOptions, Outcome, Program, Subject } from "./driver";

/** The real CLI as the subject of a cell: the same program, configuration and state, by its commands. */
export class EngineDriver implements Subject {
  options: DriverOptions;
  #resources: readonly { readonly id: string }[] = [];
  #forgotten = false;
  readonly #stack: Stack;
  #configured: string | undefined;

  /** @param type name of the resource in every program */
  constructor(
    stack: Stack,
    options: DriverOptions,
    private readonly type = "WhatsAppProvider",
  ) {
    this.#stack = stack;
    this.options = options;
  }

  get seen(): readonly string[] {
    return this.#stack.printed;
  }

  get resources() {
    return this.#resources;
  }

  set resources(value) {
    this.#forgotten = value.length === 0;
    this.#resources = value;
  }

  preview = (program: Program) => this.#run(["preview"], program);
  up = (program: Program) => this.#run(["up", "--yes", "--skip-preview"], program);
  refresh = () => this.#run(["refresh", "--yes", "--skip-preview"]);
  destroy = () => this.#run(["destroy", "--yes", "--skip-preview"]);
  get = (id: string): Promise<Outcome> => {
    throw new Error(`a program that gets ${id} is not a cell of the real engine`);
  };

  async #run(command: string[], program?: Program): Promise<Outcome> {
    await this.#configure();
    if (this.#forgotten) await this.#stack.forget(this.type);
    this.#forgotten = false;
    if (program) this.#stack.program(textOf(this.type, program));
    const run = await this.#stack.pulumi(...command);
    this.#resources = (await this.#stack.resources(this.type)) as { id: string }[];
    return outcomeOf(this.type, run);
  }

  async #configure(): Promise<void> {
    const { endpoint, accountId, passcode, formerEndpoint, settings } = this.options;
    const { requestTimeout = 10, maxAttempts = 5 } = settings ?? {};
    const seconds = String(Math.max(1, requestTimeout));
    const more = { requestTimeout: seconds, maxAttempts: String(maxAttempts) };
    const values = { endpoint, accountId, passcode: { secret: passcode }, formerEndpoint, ...more };
    if (JSON.stringify(values) === this.#configured) return;
    this.#configured = JSON.stringify(values);
    await this.#stack.configure(values);
  }
}

const textOf = (type: string, program: Program) =>
  Object.entries(program)
    .map(([name, args]) => `new wa.${type}("${name}", ${JSON.stringify(args)});`)
    .join("\n");

/** The message as the CLI shows it, and what it did to resources of the type. */
function outcomeOf(type: string, { code, output }: Run): Outcome {
  const steps = [...output.matchAll(new RegExp(`:${type} \\S+ (?:created|updated|deleted|replaced)\\b`, "g"))]
    .length;
  if (code === 0) return { steps, lines: [] };
  const [line, found] = /^.*\[([a-z-]+)(?:, request [^\]]+)?\].*$/m.exec(output) ?? [
    output,
    "no code at all",
  ];
  return { error: { code: found as ErrorCode, message: line }, steps, lines: [] };
}
