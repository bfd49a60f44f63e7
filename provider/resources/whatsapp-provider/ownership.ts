import type { Provider } from "../../../contract/types";
import { WhatsAppProviderError } from "../../model/errors";
import { quoted, visible } from "../../model/text";
import type { Evidence } from "../evidence";
import { visibleDifferences } from "./conversion";
import { isEarlierMark, markText, newMark, readMark, resourceOfMark } from "./mark";
import type { State, Wanted } from "./properties";

/**
 * Who may touch what. Names are used again (a renamed stack, a second backend, a copied state), so a name is evidence and
 * never proof:
 *
 * - **A claim** is the mark that a write of this state put on the provider (`__mark`). Reading, refreshing and importing make
 *   none. {@link claimOf}
 * - **A state writes to and deletes** the provider that carries its claim; without a claim, one that carries no mark; and the
 *   one whose mark the program names in `adoptExisting`. {@link isHeld}
 * - **A create takes** what the program adopts, what its own lost create left behind, and the very object that it replaces.
 *   {@link mayTake}
 * - **Everybody else is told**: `taken-over`, with the mark and the two ways out. {@link takenOver}
 *
 * Known limit: until something else writes to it, and for 24 hours, a provider that was just made can't be told from a lost
 * create of another resource of the same names. The new one takes it, and the earlier owner is told.
 */

type Program = Pick<Wanted, "__owner" | "adoptExisting">;

/** Hours within which a create that got no answer is finished without a person. */
const FRESH_HOURS = 24;

/**
 * The mark that a write of this state put on its provider.
 * @param owner the resource's present owner, where the host tells it
 */
export function claimOf(state: State, owner?: string): string | undefined {
  if (state.__mark !== undefined || state.__imported) return state.__mark;
  // A state of version 0.1. It counts as imported where its mark names another resource.
  const mark = state.externalReference;
  const isOwn = owner === undefined || readMark(mark)?.owner === owner;
  return isEarlierMark(mark) && isOwn ? mark : undefined;
}

/** Whether a state, with what its program says, may write to the provider as it was found. */
export function isHeld(state: State, found: Provider, program: Wanted): boolean {
  const claim = claimOf(state, program.__owner);
  const mark = found.externalReference;
  return (
    mark === claim ||
    mark === ownWrite(claim, program) ||
    isAdopted(program, mark) ||
    isLostWrite(program, found, state.revision ?? Number.POSITIVE_INFINITY)
  );
}

/** Whether the program names the mark of a provider, or says of an unmarked one that it takes it. */
export function isAdopted({ adoptExisting }: Partial<Program>, mark: string | undefined): boolean {
  return mark === undefined ? adoptExisting === true : adoptExisting === mark;
}

/** Whether a create may take the provider that holds its number. */
export function mayTake(evidence: Evidence, program: Wanted, holder: Provider): boolean {
  const mark = holder.externalReference;
  return isAdopted(program, mark) || evidence.has(program.__owner, mark) || isLostWrite(program, holder, 0);
}

/**
 * Whether the provider is what a write of this resource left behind, whose answer was lost or whose engine was killed: its
 * owner, nothing written since the mark's root was drawn, the content that would be written now, and fresh.
 * @param seen the revision that the state has: what it has seen itself, in an import for one, was no write of its own
 */
function isLostWrite(program: Wanted, found: Provider, seen: number): boolean {
  const mark = readMark(found.externalReference);
  return (
    mark !== undefined &&
    mark.owner === program.__owner &&
    mark.n >= seen &&
    found.revision === mark.n + 1 &&
    visibleDifferences(program, found).length === 0 &&
    isFresh(found)
  );
}

/** By the clock of the API, since its timestamps are of that clock. Without either it is not fresh. */
function isFresh({ answeredAt, updatedAt, createdAt }: Provider): boolean {
  const age = Date.parse(answeredAt ?? "") - Date.parse(updatedAt ?? createdAt ?? "");
  return Math.abs(age) <= FRESH_HOURS * 3_600_000;
}

/** What an update under this claim puts on the provider: the root stays, the owner is the present one. */
function ownWrite(claim: string | undefined, { __owner }: Program): string | undefined {
  const mark = readMark(claim);
  return mark && __owner && markText({ ...mark, owner: __owner });
}

/** The mark that an update writes. @param found the provider, where it was looked at */
export function markOfUpdate(state: State, program: Wanted, found?: Provider): string {
  const claim = claimOf(state, program.__owner);
  const own = ownWrite(claim, program);
  const isKept = !found || found.externalReference === claim || found.externalReference === own;
  return own !== undefined && isKept
    ? own
    : newMark(program.__owner ?? "", found?.revision ?? state.revision);
}

/** Whether a state knows already that its provider is another's: from its last refresh, or since it was imported. */
export function isKnownLost(state: State, program: Partial<Program>): boolean {
  const mark = state.externalReference;
  return mark !== claimOf(state, program.__owner) && !isAdopted(program, mark);
}

/** Whether the next update is to change the mark: after an import, for an adoption, and to be refused, for a lost provider. */
export function marksAnew(state: State, program: Partial<Program>): boolean {
  // In a refresh after an import the engine compares what no program has said yet.
  if (program.__owner === undefined) return false;
  const claim = claimOf(state, program.__owner);
  const mark = state.externalReference;
  if (claim !== undefined) return mark !== claim;
  return mark === undefined || isAdopted(program, mark);
}

/** Keeps what a state that a diff or a read was handed proves. @param owner of the resource; left out: the claim's own */
export function remember(evidence: Evidence, state: State, owner?: string): void {
  const claim = claimOf(state, owner);
  const key = owner ?? readMark(claim)?.owner;
  if (claim !== undefined && key !== undefined) evidence.saw(key, claim);
}

/** The resource has lost its provider to another owner, or never had it. */
export function takenOver(id: string, mark: string | undefined): WhatsAppProviderError {
  const now = mark === undefined ? "carries no owner's mark any more" : `carries the mark ${quoted(mark)}`;
  const adopt = mark === undefined ? "true" : quoted(mark);
  return new WhatsAppProviderError(
    "taken-over",
    `provider ${id} ${now}${belongsTo(mark)}, which this state did not write`,
    {
      remedy: `Leave it to its owner with \`pulumi state delete URN\`, or take it with adoptExisting: ${adopt}`,
    },
  );
}

/** ` (resource a of stack shop/dev)`, where a mark tells. */
export function belongsTo(mark: string | undefined): string {
  const found = resourceOfMark(mark);
  return found ? ` ${visible(`(resource ${found.name} of stack ${found.stack})`)}` : "";
}
