import { inspect } from "node:util";
import { readSettings, type Settings } from "../../provider/configuration/settings";
import { WhatsAppProviderError } from "../../provider/model/errors";
import type { Properties } from "../../provider/model/unknown";
import { type Context, createContext } from "../../provider/resources/context";
import { KeptInState, type Resource } from "../../provider/resources/resource";
import { whatsAppProvider } from "../../provider/resources/whatsapp-provider";
import { readMark } from "../../provider/resources/whatsapp-provider/mark";
import type { State } from "../../provider/resources/whatsapp-provider/properties";
import { CANARIES } from "../support/canaries";

/**
 * A small engine in this process: it calls the lifecycle in the engine's order and keeps the engine's kind of state. What a
 * killed or failed create left at the server is not in its state, as it is with the real one.
 */

/** The arguments of each resource, by name. */
export type Program = Record<string, Properties>;

export interface Kept {
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  /** The properties of a provider are named, since most tests are of one. */
  readonly state: State & Properties;
  /** Replaced, and to be deleted when the update ends. */
  readonly doomed?: boolean;
  /** Its last write took effect and ended with an error: the next one is due whatever the difference. */
  readonly unfinished?: boolean;
}

/** How an operation ended. */
export interface Outcome {
  readonly error?: Pick<WhatsAppProviderError, "code" | "message">;
  /** Creates, updates and deletes that were done. */
  readonly steps: number;
  readonly lines: readonly string[];
}

/** Thrown by a transport in place of an answer: the process is gone, and with it everything that it knew. */
export class Killed extends Error {}

export interface DriverOptions {
  readonly endpoint: string;
  readonly accountId: string;
  readonly passcode: string;
  /** Where the same API was before. */
  readonly formerEndpoint?: string;
  readonly settings?: Partial<Settings>;
  /** Name of the stack. Default: dev. */
  readonly stack?: string;
  /** What happens while the process sleeps, which takes no time here. */
  readonly asleep?: () => unknown;
}

/**
 * How a resource is replaced that need not be: `--replace` and `state taint`, for which the engine asks for no diff; the same
 * with `--refresh`, which reads in the same process; and `replaceOnChanges`, after a diff.
 */
export const REPLACEMENTS = ["force", "force with refresh", "on changes"] as const;
export type Replacement = (typeof REPLACEMENTS)[number];

/** What goes through a cell of the fault matrix: the small engine below, or the real one. */
export interface Subject {
  /** What is in state. Set to nothing: a run that never got to write it. */
  resources: readonly { readonly id: string }[];
  /** What another machine, or a changed configuration, would say. */
  options: DriverOptions;
  /** Everything that a user could have seen. */
  readonly seen: readonly string[];
  preview(program: Program): Promise<Outcome>;
  up(program: Program): Promise<Outcome>;
  refresh(): Promise<Outcome>;
  destroy(): Promise<Outcome>;
  /** What `get` does. @param given what a program gives it beside the id */
  get(id: string, given: Properties): Promise<Outcome>;
}

export class Driver implements Subject {
  resources: Kept[] = [];
  options: DriverOptions;
  readonly seen: string[] = [];

  constructor(
    options: DriverOptions,
    private readonly resource: Resource = whatsAppProvider,
  ) {
    this.options = options;
  }

  /** The resources that are not doomed. */
  get live(): Kept[] {
    return this.resources.filter((r) => !r.doomed);
  }

  preview = (program: Program) => this.#run((context) => this.#preview(context, program));
  /** @param replace name of a resource to make anew whatever its difference */
  up = (program: Program, replace?: string, way: Replacement = "force") =>
    this.#run(async (context, step) => {
      if (way === "force with refresh") await this.#refresh(context);
      await this.#update(context, program, step, replace, way);
    });
  destroy = () => this.up({});

  /** Reads everything, what waits for its deletion included, as the engine does. */
  refresh = () => this.#run((context) => this.#refresh(context));

  /** What \`pulumi import\` does. */
  import = (name: string, id: string) =>
    this.#run(async (context) => {
      const result = await this.resource.read(context, id, {});
      if (result) this.resources = [...this.resources, { name, id, ...result }];
    });

  get = (id: string, given: Properties = {}) =>
    this.#run(async (context) => void (await this.resource.read(context, id, given)));

  /** Whether a mark on the server is one of this stack's. */
  static isOurs(mark: string | undefined): boolean {
    return readMark(mark)?.owner.startsWith("organization/test/") ?? false;
  }

  async #refresh(context: Context): Promise<void> {
    for (const kept of [...this.resources]) {
      const result = await this.resource.read(context, kept.id, kept.state);
      this.#replace(kept, result && { ...kept, ...result, unfinished: false });
    }
  }

  async #preview(context: Context, program: Program): Promise<void> {
    for (const [name, args] of Object.entries(program)) {
      const kept = this.live.find((r) => r.name === name);
      const inputs = await this.#check(context, name, args, kept);
      const { changed, replaces } = kept
        ? await this.resource.diff(context, kept.id, kept.state, inputs)
        : { changed: [name], replaces: [name] };
      if (changed.length === 0) continue;
      const failures =
        kept && replaces.length === 0
          ? await this.resource.previewUpdate(context, kept.id, kept.state, inputs)
          : await this.resource.previewCreate(context, inputs);
      if (failures[0]) throw failures[0];
    }
  }

  async #update(
    context: Context,
    program: Program,
    step: () => void,
    force: string | undefined,
    way: Replacement,
  ): Promise<void> {
    for (const [name, args] of Object.entries(program)) {
      const kept = this.live.find((r) => r.name === name);
      const inputs = await this.#check(context, name, args, kept);
      const make = async () => {
        try {
          const made = await this.resource.create(context, inputs);
          step();
          return { name, inputs, ...made };
        } catch (error) {
          if (error instanceof KeptInState) {
            this.resources.push({ name, inputs, id: error.id, state: error.state, unfinished: true });
            if (kept) this.#replace(kept, { ...kept, doomed: true });
          }
          throw error;
        }
      };
      if (!kept) {
        this.resources.push(await make());
        continue;
      }
      if (name === force) {
        if (way === "on changes") await this.resource.diff(context, kept.id, kept.state, inputs);
        const made = await make();
        this.#replace(kept, { ...kept, doomed: true });
        this.resources.push(made);
        continue;
      }
      const { changed, replaces, deleteBeforeReplace } = await this.resource.diff(
        context,
        kept.id,
        kept.state,
        inputs,
      );
      if (changed.length === 0 && !kept.unfinished) this.#replace(kept, { ...kept, inputs });
      else if (replaces.length === 0) {
        const write = this.resource.update(context, kept.id, kept.state, inputs);
        const state = await write.catch((error: unknown) => {
          // The engine keeps the old inputs then, with the new outputs.
          if (error instanceof KeptInState)
            this.#replace(kept, { ...kept, state: error.state, unfinished: true });
          throw error;
        });
        step();
        this.#replace(kept, { name, id: kept.id, inputs, state });
      } else if (deleteBeforeReplace) {
        await this.#delete(context, kept, step);
        this.resources.push(await make());
      } else {
        const made = await make();
        this.#replace(kept, { ...kept, doomed: true });
        this.resources.push(made);
      }
    }
    for (const kept of [...this.resources]) {
      if (kept.doomed || !(kept.name in program)) await this.#delete(context, kept, step);
    }
  }

  async #check(context: Context, name: string, news: Properties, kept?: Kept): Promise<Properties> {
    const urn = `urn:pulumi:${this.options.stack ?? "dev"}::test::pulumi-nodejs:dynamic/clevertap:${this.resource.name}::${name}`;
    const request = { olds: kept?.inputs, news, urn, organization: "organization" };
    const { inputs, failures } = await this.resource.check(context, request);
    if (failures[0]) throw failures[0];
    return inputs;
  }

  async #delete(context: Context, kept: Kept, step: () => void): Promise<void> {
    await this.resource.delete(context, kept.id, kept.state);
    step();
    this.#replace(kept, undefined);
  }

  #replace(old: Kept, kept: Kept | undefined): void {
    this.resources = this.resources.flatMap((r) => (r === old ? (kept ?? []) : r));
  }

  /** One process of the engine's: a context of its own, and every error looked at. */
  async #run(work: (context: Context, step: () => void) => Promise<void>): Promise<Outcome> {
    const { endpoint, accountId, passcode, formerEndpoint = "", settings } = this.options;
    const config: Record<string, string> = { endpoint, accountId, passcode, formerEndpoint };
    const lines: string[] = [];
    let steps = 0;
    let now = 0;
    const sleep = async (seconds: number) => {
      now += seconds;
      await this.options.asleep?.();
    };
    const context = createContext(
      { ...readSettings((key) => config[key], {}), ...settings },
      { log: (line) => lines.push(line), clock: { now: () => now, sleep, random: () => 0.5 } },
    );
    try {
      await work(context, () => steps++);
      return { steps, lines };
    } catch (error) {
      if (!WhatsAppProviderError.is(error)) throw error;
      this.seen.push(error.message, inspect(error, { depth: null, showHidden: true }), error.stack ?? "");
      return { error, steps, lines };
    } finally {
      this.seen.push(...lines);
      await context.close();
    }
  }
}

/** Nothing of a secret was shown. */
export function expectNoSecret(texts: readonly string[], ...more: string[]): void {
  for (const secret of [...Object.values(CANARIES), ...more])
    for (const text of texts) {
      const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
      if (forms.some((form) => text.includes(form)))
        throw new Error(`a secret came out: ${text.replaceAll(secret, "«SECRET»")}`);
    }
}
