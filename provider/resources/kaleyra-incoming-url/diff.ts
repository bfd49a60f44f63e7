import { differs, type Properties } from "../../model/unknown";
import type { Context } from "../context";
import type { Diff } from "../resource";
import { ARGUMENTS } from "./properties";

/** What is sent or says where: all but the credentials, and the URL, which a refresh may have found changed. */
const COMPARED = [...ARGUMENTS.map(({ name }) => name), "incomingUrl"];
/** What a change of sends nothing. */
const CREDENTIALS = ["sid", "apiKey"];

/** Compares state and checked inputs: costs no request. */
export async function diff(_: Context, _id: string, state: Properties, inputs: Properties): Promise<Diff> {
  return compare(state, inputs);
}

export function compare(state: Properties, inputs: Properties): Diff {
  const changed = COMPARED.filter((name) => differs(state[name], inputs[name]));
  return { changed, replaces: replacing(state, inputs), deleteBeforeReplace: false };
}

/** Names of the properties whose change makes a new resource. */
export function replacing(olds: Properties, inputs: Properties): string[] {
  return ARGUMENTS.filter((p) => p.replaces && differs(olds[p.name], inputs[p.name])).map((p) => p.name);
}

/** Whether a change is one of the credentials alone: the URL at Kaleyra stays what it is. */
export function isRotation(state: Properties, inputs: Properties): boolean {
  const { changed } = compare(state, inputs);
  return changed.length > 0 && changed.every((name) => CREDENTIALS.includes(name));
}
