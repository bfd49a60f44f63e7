import { hasUnknown, type Properties } from "../../model/unknown";
import type { Resource } from "../resource";
import { check } from "./check";
import { diff, replacing } from "./diff";
import { planned, previewCreate, previewUpdate } from "./preview";
import { ARGUMENTS, EARLY, type Inputs, properties, type Wanted } from "./properties";
import { read } from "./read";
import { create, update } from "./write";

/** The Incoming URL of a number at Kaleyra: the guide's last manual step. */
export const kaleyraIncomingUrl: Resource = {
  name: "KaleyraIncomingUrl",
  properties,
  changesInOutputs: [],
  check,
  diff,
  isReplaced: (_, olds, news) => replacing(olds, news).length > 0,
  previewCreate,
  previewUpdate,
  planned,
  stable: () => ["mobileNumber"],
  create: (context, inputs) => create(context, knownInputs(inputs)),
  read,
  update: (context, id, state, inputs) => update(context, id, state, knownInputs(inputs)),
  async delete(context, id) {
    context.log(
      `number ${id}: Kaleyra keeps its Incoming URL, since no call is documented that takes one away`,
    );
  },
};

/** @throws Error where the engine hands over what no check has made: a defect */
function knownInputs(values: Properties): Inputs {
  const inputs: Wanted = values;
  if (isKnown(inputs)) return inputs;
  throw new Error("inputs that no check has made");
}

function isKnown(inputs: Wanted): inputs is Inputs {
  const values: Properties = inputs;
  return [...ARGUMENTS, ...EARLY].every(({ name }) => values[name] !== undefined) && !hasUnknown(values);
}
