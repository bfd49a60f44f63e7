import { type Field, INPUTS } from "../fields";
import { type Properties, type State, UNKNOWN } from "./values";
import { NO_FINGERPRINT } from "./wire";

/** What a change of the inputs means for a provider that exists. */
export interface Diff {
  /** Names of the properties that change, in the order of the table. */
  readonly changed: string[];
  /** Those of them that make a new provider. */
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/** Compares state (as last written or refreshed) with checked inputs. Pure: no request, no configuration. */
export function diff(state: State, inputs: Properties): Diff {
  const old = state as Properties;
  const fields = (INPUTS as readonly Field[]).filter((f) => !f.local && f.name !== "markAsDefault");
  const changed = fields
    .filter((f) => differs(old[f.name] ?? f.default, inputs[f.name] ?? f.default))
    .map((f) => f.name);
  // false never demotes another, so only the wish to be the default, while another one is, is a change.
  if (
    inputs.markAsDefault === UNKNOWN ? !state.isDefault : inputs.markAsDefault === true && !state.isDefault
  ) {
    changed.push("markAsDefault");
  }
  for (const name of ["inboundMessageCallbackUrl", "deliveryReportCallbackUrl", "payloadVersion"]) {
    if (inputs[name] !== UNKNOWN && differs(old[name], inputs[name])) changed.push(name);
  }
  // A refresh found that a credential may have been changed elsewhere.
  if (state.credentialFingerprint === NO_FINGERPRINT) changed.push("credentialFingerprint");
  const replacing = fields.filter((f) => f.replaces && changed.includes(f.name));
  return {
    changed,
    replaces: replacing.map((f) => f.name),
    deleteBeforeReplace: replacing.some((f) => f.replaces === "delete-first"),
  };
}

function differs(a: unknown, b: unknown): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a !== b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].some((key) => differs((a as Properties)[key], (b as Properties)[key]));
}
