import type { Properties } from "../../provider/model/unknown";
import { readMark } from "../../provider/resources/whatsapp-provider/mark";
import { controlsOf } from "../../sandbox/control/controls";
import { listed } from "../../server/providers";
import type { KeptProvider } from "../../server/storage";
import { Driver, type Kept, Killed, type Outcome, type Program } from "./driver";
import { ENDPOINT, plan, told, world } from "./in-memory";
import { HOUR, STACKS, STATES, type Step } from "./ownership-steps";

/**
 * Several states of one account, and a model of who owns what: it looks at the server before and after each command, and
 * asks nobody. The code under test has no word in it, but for the form of a mark.
 */

/** One state, with the program that belongs to it. */
interface Stack {
  readonly driver: Driver;
  program: Program;
  saved: readonly Kept[];
}

/** A state as it was before a command. */
interface Before {
  readonly stack: Stack;
  readonly program: Program;
  readonly resources: readonly Kept[];
}

const account = () => world.settings.accounts[0] as { id: string; passcode: string };
const sandbox = controlsOf(world);
const server = () => new Map(listed(world.providers, account().id).map((p) => [p.id, p]));
const ownerIn = (stack: Stack, resource: string) =>
  `organization/test/${stack.driver.options.stack}/${resource}`;

export class World {
  readonly stacks: readonly Stack[] = STATES.map((_, i) => ({
    driver: new Driver({
      endpoint: ENDPOINT,
      accountId: account().id,
      passcode: account().passcode,
      stack: STACKS[i % 2],
    }),
    program: {},
    saved: [],
  }));
  /** The mark that a write of this resource put on its provider, as the server showed it after the write. */
  readonly #claims = new WeakMap<Kept, string>();
  /** Every root that a mark ever had. */
  readonly #roots = new Set<string>();

  constructor() {
    sandbox.reset();
    plan(new Map());
  }

  async step(step: Step): Promise<void> {
    plan(new Map("fates" in step ? step.fates : []));
    const stack = this.stacks["state" in step ? step.state : 0] as Stack;
    const other = this.stacks["other" in step ? step.other : 0] as Stack;
    const { driver } = stack;
    switch (step.do) {
      case "edit":
        stack.program = { ...stack.program, [step.name]: this.#args(step) };
        return;
      case "drop":
        stack.program = Object.fromEntries(Object.entries(stack.program).filter(([n]) => n !== step.name));
        return;
      case "same program":
        other.program = stack.program;
        return;
      case "rename":
        return this.#rename(stack, step.to);
      case "forget":
        driver.resources = [];
        return;
      case "save":
        stack.saved = [...driver.resources];
        return;
      case "restore":
        driver.resources = [...stack.saved];
        return;
      case "copy":
        other.driver.resources = [...driver.resources];
        return;
      case "move":
        return this.#move(stack, other, step.name);
      case "a day passes":
        jest.setSystemTime(Date.now() + 25 * HOUR);
        return;
      case "by hand":
        return this.#byHand(step.number, step.what);
      case "import":
        return this.#import(stack, step.name, step.number);
      case "two at once": {
        const run = (s: Stack) => s.driver.up(s.program);
        return this.#watched(other === stack ? [stack] : [stack, other], (stacks) =>
          Promise.all(stacks.map(run)),
        );
      }
      case "refresh":
        return this.#watched([stack], () => this.#expectTold(stack, driver.refresh));
      case "preview":
        return this.#watched([stack], () =>
          this.#expectTold(
            stack,
            () => driver.preview(stack.program),
            // It asks nothing about what is to be deleted, and of the rest tells what it happens to know.
            (kept) =>
              kept.name in stack.program &&
              (told().listings > 0 || kept.state.externalReference !== this.#claims.get(kept)),
          ),
        );
      case "up":
        return this.#watched([stack], () => driver.up(stack.program));
      case "replace":
        return this.#watched([stack], () => driver.up(stack.program, step.name, step.way), step.name);
      case "destroy":
        return this.#watched([stack], () => this.#expectLeftAlone(stack, driver.destroy));
    }
  }

  #args({ number, nickname, adoption }: { number: string; nickname: string; adoption: string }): Properties {
    const mark = [...server().values()].find((p) => p.mobileNumber === number)?.externalReference;
    const adoptExisting = { nothing: undefined, true: true, "the mark": mark }[adoption];
    return {
      nickname,
      mobileNumber: number,
      httpEndpoint: `${ENDPOINT}/kaleyra/clevertap`,
      apiKey: "A0123456789abcdef0123456789abcdef",
      sid: "HXIN1234567890IN",
      kaleyraHost: "https://api.kaleyra.io/",
      ...(adoptExisting !== undefined && { adoptExisting }),
    };
  }

  #rename(stack: Stack, to: string): void {
    const backend = this.stacks.indexOf(stack) < 2 ? this.stacks.slice(0, 2) : this.stacks.slice(2);
    const isTaken = backend.some((other) => other !== stack && other.driver.options.stack === to);
    // `stack rename` twice: the names change places.
    if (isTaken)
      for (const other of backend) other.driver.options = { ...other.driver.options, stack: flip(other) };
    else stack.driver.options = { ...stack.driver.options, stack: to };
  }

  #move(from: Stack, to: Stack, resource: string): void {
    if (from === to || to.driver.live.some((kept) => kept.name === resource)) return;
    const moved = from.driver.live.filter((kept) => kept.name === resource);
    from.driver.resources = from.driver.resources.filter((kept) => !moved.includes(kept));
    to.driver.resources = [...to.driver.resources, ...moved];
  }

  #byHand(mobileNumber: string, what: number): void {
    const found = [...server().values()].find((p) => p.mobileNumber === mobileNumber);
    if (!found) sandbox.createProvider({ mobileNumber, nickname: "By hand" });
    else if (what === 0) sandbox.patchProvider(found.id, { nickname: "By hand" });
    else if (what === 1) sandbox.patchProvider(found.id, { externalReference: null });
  }

  async #import(stack: Stack, resource: string, mobileNumber: string): Promise<void> {
    const found = [...server().values()].find((p) => p.mobileNumber === mobileNumber);
    if (!found || stack.driver.live.some((kept) => kept.name === resource)) return;
    await stack.driver.import(resource, found.id);
    const args = { number: mobileNumber, nickname: found.nickname, adoption: "nothing" };
    stack.program = { ...stack.program, [resource]: this.#args(args) };
  }

  /** The resource's own write is what the server shows, or it was imported and nobody has written. */
  #holds(kept: Kept, provider: KeptProvider): boolean {
    return kept.id === provider.id && this.#claims.get(kept) === provider.externalReference;
  }

  /**
   * Runs a command of some states, and looks at what it did to providers.
   * @param forced the resource that is replaced by force: its state is handed to nobody
   */
  async #watched(
    actors: readonly Stack[],
    run: (stacks: readonly Stack[]) => Promise<unknown>,
    forced?: string,
  ): Promise<void> {
    const before = server();
    for (const { externalReference } of before.values()) this.#see(externalReference);
    const states = actors.map(
      (stack): Before => ({ stack, program: stack.program, resources: [...stack.driver.resources] }),
    );
    const startedAt = Date.now();
    await run(actors).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    const after = server();
    expect(new Set([...after.values()].map((p) => p.mobileNumber)).size).toBe(after.size);
    for (const provider of before.values()) {
      const now = after.get(provider.id);
      if (now?.revision !== provider.revision) this.#expectRightful(provider, now, states, startedAt, forced);
    }
    for (const state of states) this.#learn(state, before, after, actors.length > 1);
  }

  /** @param now undefined: it was deleted, which nothing excuses but a state that holds it */
  #expectRightful(
    provider: KeptProvider,
    now: KeptProvider | undefined,
    states: readonly Before[],
    at: number,
    forced: string | undefined,
  ): void {
    const { id, externalReference: mark } = provider;
    const holders = states.flatMap(({ stack, resources }) =>
      resources.filter((kept) => this.#holds(kept, provider)).map(({ name }) => ({ stack, name })),
    );
    const next = readMark(now?.externalReference);
    // Whose name the write left. Of two at once only the last one shows, so there any holder will do.
    const writes = (stack: Stack, name: string) =>
      states.length > 1 || !next || next.owner === ownerIn(stack, name);
    if (holders.some(({ stack, name }) => writes(stack, name))) return;
    const isTaken = states.some(({ stack, program, resources }) =>
      Object.keys(program).some((name) => {
        const kept = name === forced ? [] : resources;
        return (
          next &&
          writes(stack, name) &&
          this.#isExcused({ stack, program, resources: kept }, name, provider, at)
        );
      }),
    );
    if (!isTaken)
      throw new Error(
        `${id} (${mark}) ${now ? "changed" : "vanished"}; held by ${holders.length} of the actors`,
      );
    if (next && this.#roots.has(next.root)) throw new Error(`${id} was taken over under an old root`);
  }

  #see(mark: string | undefined): void {
    const root = readMark(mark)?.root;
    if (root !== undefined) this.#roots.add(root);
  }

  /**
   * An explicit adoption, or the known limit: names used again within a day of a create and before any later write, by a
   * program that says the same. It is no excuse for a state that has seen that create itself, by an import for one.
   */
  #isExcused(
    { stack, program, resources }: Before,
    name: string,
    provider: KeptProvider,
    at: number,
  ): boolean {
    const args = program[name];
    if (!args) return false;
    if (args.adoptExisting === (provider.externalReference ?? true)) return true;
    const mark = readMark(provider.externalReference);
    const own = resources.find((kept) => kept.name === name && kept.id === provider.id && !kept.doomed);
    return (
      mark?.owner === ownerIn(stack, name) &&
      provider.revision === mark.n + 1 &&
      mark.n >= (own?.state.revision ?? 0) &&
      args.nickname === provider.nickname &&
      at - Date.parse(provider.updatedAt) <= 24 * HOUR
    );
  }

  /** Takes down what the resources of a state wrote. */
  #learn({ stack, resources }: Before, before: Servers, after: Servers, isRace: boolean): void {
    for (const kept of stack.driver.resources) {
      if (resources.includes(kept)) continue;
      const old = resources.find(({ name, id, doomed }) => name === kept.name && id === kept.id && !doomed);
      const now = after.get(kept.id);
      const isMoved = now !== undefined && now.revision !== before.get(kept.id)?.revision;
      const isWritten = isMoved && !kept.doomed && kept.state !== old?.state;
      const isLast = isWritten && kept.state.revision === now.revision;
      // Of two at once, the one that was overtaken knows alone what it wrote.
      const claim = isLast ? now.externalReference : isWritten && isRace ? kept.state.__mark : undefined;
      const inherited = old && this.#claims.get(old);
      if ((claim ?? inherited) !== undefined) this.#claims.set(kept, (claim ?? inherited) as string);
    }
  }

  /** Whoever has lost a provider is told of each, with its mark. */
  async #expectTold(
    stack: Stack,
    run: () => Promise<Outcome>,
    isAsked: (kept: Kept) => boolean = () => true,
  ): Promise<void> {
    const before = { stack, program: stack.program, resources: [...stack.driver.resources] };
    // What the next update takes by right is no loss.
    const lost = this.#lost(stack).filter(
      ({ kept, provider }) => !this.#isExcused(before, kept.name, provider, Date.now()),
    );
    const { error, lines } = await run();
    if (error) return;
    const text = lines.join("\n");
    for (const { kept, provider } of lost.filter(({ kept }) => isAsked(kept))) {
      expect(text).toContain("taken-over");
      expect(text).toContain(kept.id);
      // A preview may know it from the last refresh, and the mark of that time.
      const marks = [provider.externalReference, kept.state.externalReference];
      expect(marks.some((mark) => text.includes(mark ?? "no owner's mark"))).toBe(true);
    }
  }

  async #expectLeftAlone(stack: Stack, run: () => Promise<Outcome>): Promise<void> {
    const lost = this.#lost(stack);
    const { error, lines } = await run();
    if (error) return;
    const now = server();
    for (const { kept } of lost.filter(({ kept }) => now.has(kept.id)))
      expect(lines).toContainEqual(expect.stringMatching(`provider ${kept.id} carries .* left alone$`));
  }

  /** Resources whose provider is there, and somebody else's. */
  #lost({ driver }: Stack): { kept: Kept; provider: KeptProvider }[] {
    const now = server();
    return driver.live.flatMap((kept) => {
      const provider = now.get(kept.id);
      return provider && !this.#holds(kept, provider) ? [{ kept, provider }] : [];
    });
  }
}

type Servers = ReadonlyMap<string, KeptProvider>;

const flip = ({ driver }: Stack) => STACKS[driver.options.stack === STACKS[0] ? 1 : 0];
