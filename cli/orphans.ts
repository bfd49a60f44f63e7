import type { Provider } from "../contract/types";
import { ApiError } from "../provider/api/api-error";
import type { Session } from "../provider/resources/session";
import { taskText } from "../provider/resources/whatsapp-provider/waiting";
import { command } from "./command";
import { PulumiFailed } from "./pulumi";
import { reachOf } from "./reach";
import { exportState, idsOfOtherStacks, isLocked, type StackName, stackName } from "./stacks";
import { type ExportedState, providersIn } from "./state";
import { printTable } from "./table";

const HELP = `Usage: pulumi-clevertap-whatsapp orphans [--stack STACK] [--remove ID]...

Lists the providers that carry this stack's mark and that no state of the backend names: what a killed create left
behind when its resource was then removed from the program, or what retainOnDelete kept. Look at each before you name
it: a stack of the same name on another backend would leave the same marks.

  --stack STACK  default: the selected one
  --remove ID    deletes this one, unless it has changed since it was listed

Exit code: 0 none left, 1 some left or a removal failed, 2 can't tell.`;

/** Without a look at the lock, a provider this young may belong to an update that is running. */
const SETTLED_MINUTES = 60;

/** `orphans`. */
export const orphansCommand = command({
  help: HELP,
  options: { stack: { type: "string" }, remove: { type: "string", multiple: true } },
  failed: 2,
  run: ({ stack, remove = [] }) => listAndRemove(stack, remove),
});

async function listAndRemove(stack: string | undefined, remove: readonly string[]): Promise<number> {
  const { found, isLockKnown } = await findOrphans(await stackName(stack));
  if (found.length > 0) {
    printTable(
      ["account", "id", "number", "nickname", "changed", "mark"],
      found.map(({ session, provider: p }) => [
        session.account.accountId,
        p.id,
        p.mobileNumber,
        p.nickname,
        p.updatedAt ?? "",
        p.externalReference ?? "",
      ]),
    );
  }
  const unknown = remove.filter((id) => !found.some(({ provider }) => provider.id === id));
  if (unknown.length > 0) console.error(`not an orphan of this stack, left alone: ${unknown.join(", ")}`);
  let left = 0;
  for (const orphan of found) {
    if (!remove.includes(orphan.provider.id) || !(await removed(orphan, isLockKnown))) left++;
  }
  if (found.length === 0) console.log("No orphans: every provider with this stack's mark is in a state.");
  else if (remove.length === 0) console.log("\nTo remove one: --remove ID");
  return left === 0 && unknown.length === 0 ? 0 : 1;
}

/** Deletes one, under the revision that was listed. @returns whether it is gone */
async function removed({ session, provider }: Orphan, isLockKnown: boolean): Promise<boolean> {
  const { id, revision, updatedAt, answeredAt } = provider;
  if (!isLockKnown) {
    const safeFrom = new Date(Date.parse(updatedAt ?? "") + SETTLED_MINUTES * 60_000);
    if (!(safeFrom.getTime() <= Date.parse(answeredAt ?? ""))) {
      const from = Number.isNaN(safeFrom.getTime()) ? "" : `, from ${safeFrom.toISOString()} on`;
      console.error(
        `${id}: left alone, since this backend does not tell whether an update is running${from}`,
      );
      return false;
    }
  }
  try {
    const waiting = await session.api.delete(id, revision);
    console.log(
      waiting ? `${id}: its delete waits for a person: ${taskText(waiting, session)}` : `removed ${id}`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    console.error(`${id}: left alone: ${error.message}`);
    return false;
  }
}

interface Orphan {
  readonly session: Session;
  readonly provider: Provider;
}

async function findOrphans(name: StackName): Promise<{ found: Orphan[]; isLockKnown: boolean }> {
  await expectNoUpdate(name);
  const before = usable(await exportState(name.full, { secrets: true }), name);
  const { sessions, isOurs } = await reachOf(name, before);
  const listed: Orphan[] = [];
  for (const session of sessions) {
    for (const provider of await session.listing())
      if (isOurs(provider) && provider.status !== "deleting") listed.push({ session, provider });
  }
  // An update that made one of them has ended now, and the state that is read next names it.
  const isLockKnown = await expectNoUpdate(name);
  const known = new Set(providersIn(usable(await exportState(name.full), name)).map(({ id }) => id));
  const missing = listed.filter(({ provider }) => !known.has(provider.id));
  const elsewhere = missing.length > 0 ? await idsOfOtherStacks(name) : new Map();
  return { found: missing.filter(({ provider }) => !elsewhere.has(provider.id)), isLockKnown };
}

/** @returns whether the backend tells @throws PulumiFailed while an update is running */
async function expectNoUpdate(name: StackName): Promise<boolean> {
  const locked = await isLocked(name);
  if (locked)
    throw new PulumiFailed(
      `an update of ${name.full} is running: wait for its end, or run \`pulumi cancel\``,
    );
  return locked !== undefined;
}

/** @throws PulumiFailed where the state can't say what is missing from it */
function usable(state: ExportedState, { full }: StackName): ExportedState {
  if (state.hasPending) {
    throw new PulumiFailed(
      `an update of ${full} was cut off. Run \`pulumi up\`, which finishes what it began; where the resource has left ` +
        "the program, run `pulumi refresh --clear-pending-creates`. Then look again",
    );
  }
  if (state.resources.length === 0)
    throw new PulumiFailed(
      `the state of ${full} holds nothing, so nothing can be missing from it: run \`pulumi up\` first`,
    );
  return state;
}
