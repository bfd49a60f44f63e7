import { hasUnknown, type Properties } from "../../model/unknown";
import { ARGUMENTS, EARLY, type Inputs, type Wanted } from "./properties";

/** Whether all of some checked inputs is known, so that they can be sent. */
export function isKnown(inputs: Wanted): inputs is Inputs {
  const values: Properties = inputs;
  const isThere = [...ARGUMENTS, ...EARLY].every(
    (p) => (p.role === "argument" && !p.required) || values[p.name] !== undefined,
  );
  return isThere && inputs.__owner !== undefined && !hasUnknown(values);
}

/**
 * Checked inputs as they come back from the engine for a create or an update.
 * @throws Error where the engine hands over what no check has made: a defect
 */
export function knownInputs(values: Properties): Inputs {
  const inputs: Wanted = values;
  if (isKnown(inputs)) return inputs;
  throw new Error("inputs that no check has made");
}
