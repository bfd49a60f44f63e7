import { styleText } from "node:util";
import type { Provider } from "../contract/types";
import { type Clock, realClock } from "../provider/api/retry";
import { type ErrorCode, WhatsAppProviderError } from "../provider/model/errors";
import { visible } from "../provider/model/text";
import type { Session } from "../provider/resources/session";
import { refusalText, taskText } from "../provider/resources/whatsapp-provider/waiting";
import { command, UsageError } from "./command";
import { reachOf } from "./reach";
import { exportState, stackName } from "./stacks";
import { plainValue, providersIn, type StateResource } from "./state";
import { printTable } from "./table";

const HELP = `Usage: pulumi-clevertap-whatsapp wait [--stack STACK] [--timeout S]

Waits until people have made what the stack asked for: the providers of its state, and its deletes.

  --stack STACK  default: the selected one
  --timeout S    seconds; 0 looks once; default: no end

Exit code: 0 all active, 1 something was refused, 2 can't tell, 3 still waiting.`;

const ALL_ACTIVE = 0;
const REFUSED = 1;
const CANNOT_TELL = 2;
const STILL_WAITING = 3;

/** Seconds between two looks. */
const LOOK_EVERY = 10;
/** Seconds between two lines that say what is waited for. */
const TELL_EVERY = 60;

/** Failures of a look that may be over at the next one. */
const PASSING: readonly ErrorCode[] = ["unreachable", "unavailable", "too-many-requests"];

/** `wait`. */
export const waitCommand = command({
  help: HELP,
  options: { stack: { type: "string" }, timeout: { type: "string" } },
  failed: CANNOT_TELL,
  async run({ stack, timeout }) {
    const limit = timeout === undefined ? Number.POSITIVE_INFINITY : Number(timeout);
    if (timeout?.trim() === "" || !(limit >= 0))
      throw new UsageError("--timeout must be a number of seconds.");
    const name = await stackName(stack);
    const state = await exportState(name.full, { secrets: true });
    const resources = providersIn(state);
    const { sessions, isOurs } = await reachOf(name, state);
    // Somebody may have typed one of them into a reason.
    for (const { api } of sessions) api.conceal(resources.flatMap(secretsOf));
    return wait({ sessions, isOurs, ids: new Set(resources.flatMap(({ id }) => id ?? [])) }, limit);
  },
});

function secretsOf({ outputs = {} }: StateResource): string[] {
  const { apiKey, sid, headers } = plainValue(outputs) as Record<string, unknown>;
  return [apiKey, sid, ...Object.values(headers ?? {})].filter((value) => typeof value === "string");
}

/** What is waited for. */
export interface Wanted {
  readonly sessions: readonly Session[];
  /** Ids of the providers in the stack's state. */
  readonly ids: ReadonlySet<string>;
  /** Whether a provider carries a mark of the stack: its deletes are in no state any more. */
  isOurs(provider: Provider): boolean;
}

/** How it stands with one provider. */
interface Standing {
  readonly provider: Provider;
  /** `gone`: the state names it, and the API has it no more. */
  readonly is: "active" | "deleted" | "gone" | "refused" | "waiting";
  readonly text: string;
}

/**
 * Looks until nothing waits any more or the time is over, and prints what changes.
 *
 * @param limit in seconds
 * @returns the exit code
 * @throws WhatsAppProviderError what kept it from looking
 */
export async function wait(wanted: Wanted, limit: number, clock: Clock = realClock): Promise<number> {
  const start = clock.now();
  let told = start;
  let standings = await look(wanted, new Map());
  const count = (is: Standing["is"]) => [...standings.values()].filter((one) => one.is === is).length;
  const open = [...standings.values()].filter(({ is }) => is === "waiting" || is === "refused");
  if (open.length > 0)
    printTable(
      ["number", "nickname", "status"],
      open.map(({ provider, text }) => [provider.mobileNumber, provider.nickname, text]),
    );
  while (count("waiting") > 0) {
    const left = start + limit - clock.now();
    if (left <= 0) break;
    await clock.sleep(Math.min(LOOK_EVERY, left));
    const isLast = clock.now() >= start + limit;
    const before = standings;
    try {
      standings = await look(wanted, before);
    } catch (error) {
      if (isLast || !WhatsAppProviderError.is(error) || !PASSING.includes(error.code)) throw error;
      continue;
    }
    for (const [id, { provider, is, text }] of standings) {
      if (before.get(id)?.text === text) continue;
      const colour = is === "refused" || is === "gone" ? "red" : is === "waiting" ? "yellow" : "green";
      console.log(styleText(colour, visible(`${provider.mobileNumber} ${provider.nickname}: ${text}`)));
      told = clock.now();
    }
    if (count("waiting") > 0 && clock.now() - told >= TELL_EVERY) {
      told = clock.now();
      console.log(`still waiting for ${count("waiting")} after ${Math.round(told - start)} s`);
    }
  }
  const lost = [...wanted.ids].filter((id) => (standings.get(id)?.is ?? "gone") === "gone");
  for (const id of lost) console.error(`${id} is in the state and not at the API: run \`pulumi refresh\``);
  return conclusion(count("refused"), count("waiting"), lost.length, standings.size);
}

function conclusion(refused: number, waiting: number, lost: number, all: number): number {
  if (refused > 0) {
    console.log(
      styleText("red", `${refused} refused. Correct what the reason names, then run \`pulumi up\`.`),
    );
    return REFUSED;
  }
  if (waiting > 0) {
    console.log(styleText("yellow", `${waiting} still waiting.`));
    return STILL_WAITING;
  }
  if (lost > 0) return CANNOT_TELL;
  const what =
    all === 0 ? "Nothing waits." : "Nothing waits: all is active. `pulumi refresh` brings it into the state.";
  console.log(styleText("green", what));
  return ALL_ACTIVE;
}

/** What there is now of what is waited for. @param before what the look before has found */
async function look(
  { sessions, ids, isOurs }: Wanted,
  before: ReadonlyMap<string, Standing>,
): Promise<Map<string, Standing>> {
  const found = new Map<string, Standing>();
  for (const session of sessions) {
    for (const provider of await session.api.list()) {
      const { id, status } = provider;
      const isWaiting = status === "pending" || status === "deleting";
      const isWanted = ids.has(id) || before.has(id) || (isWaiting && isOurs(provider));
      if (isWanted) found.set(id, { provider, ...standing(provider, session, before.get(id)) });
    }
  }
  for (const [id, { provider }] of before) {
    if (found.has(id)) continue;
    const is = ids.has(id) ? "gone" : "deleted";
    found.set(id, { provider, is, text: is });
  }
  return found;
}

function standing(provider: Provider, session: Session, before?: Standing): Omit<Standing, "provider"> {
  const { status, statusReason } = provider;
  if (status === "pending" || status === "deleting")
    return { is: "waiting", text: `${status}: ${taskText(provider, session)}` };
  // A delete that is refused leaves an active provider, and a reason.
  const isRefusedDelete = before?.provider.status === "deleting" && statusReason !== undefined;
  if (status === "refused" || isRefusedDelete || (before?.is === "refused" && statusReason !== undefined))
    return { is: "refused", text: `refused: ${refusalText(provider, session)}` };
  return { is: "active", text: "active" };
}
