import type { Resource } from "../resource";
import { check } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { CHANGES_IN_OUTPUTS, diff, replacing } from "./diff";
import { knownInputs } from "./inputs";
import { planned, stable } from "./planned";
import { previewCreate, previewUpdate } from "./preview";
import { properties } from "./properties";
import { read } from "./read";
import { update } from "./update";

/** A WhatsApp provider in CleverTap: Settings > Channels > WhatsApp > + Provider. */
export const whatsAppProvider: Resource = {
  name: "WhatsAppProvider",
  properties,
  changesInOutputs: CHANGES_IN_OUTPUTS,
  check,
  diff,
  isReplaced: (context, olds, news) => replacing(context, olds, news).length > 0,
  previewCreate,
  previewUpdate,
  planned,
  stable,
  create: (context, inputs) => create(context, knownInputs(inputs)),
  read,
  update: (context, id, state, inputs) => update(context, id, state, knownInputs(inputs)),
  delete: remove,
};
