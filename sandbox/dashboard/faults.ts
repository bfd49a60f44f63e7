import type { FormFault } from "../../web/forms";
import type { Refusal } from "./api";
import { FIELDS, type PairRow } from "./provider-input";

/** What the form's pieces are called in the contract's pointers. */
function placeOf(
  pointer: string,
  rows: readonly PairRow[],
): { readonly field?: string; readonly label?: string } {
  const [, index, part = "key"] = /^\/headers\/(\d+)(?:\/(\w+))?$/.exec(pointer) ?? [];
  const row = index === undefined ? undefined : rows[Number(index)];
  if (row) {
    const isValue = part === "value";
    return {
      field: `${isValue ? "value" : "key"}-${row.row}`,
      label: row.key || (isValue ? "Value" : "Key"),
    };
  }
  const field = FIELDS.find(({ name }) => pointer === `/${name}`);
  return field ? { field: field.name, label: field.label } : {};
}

/**
 * The reasons of a refusal, each at its field.
 *
 * @param rows the pairs of the request, in its order
 */
export function formFaults(refusal: Refusal, rows: readonly PairRow[]): FormFault[] {
  const { code, detail, errors = [], verification } = refusal;
  if (code === "revision-mismatch")
    return [
      { message: "The provider was changed since this page was made. Open it again to see how it is now." },
    ];
  const faults = errors.map(({ pointer = "", key, message }) => {
    const { field, label } = placeOf(pointer, rows);
    return { field, message: [label ?? key, message].filter(Boolean).join(": ") };
  });
  if (faults.length === 0) return [{ message: detail }];
  const { bspCode, bspMessage, httpStatus } = verification ?? {};
  const said = [bspCode, bspMessage].filter(Boolean).join(" ");
  if (said === "") return faults;
  return [...faults, { message: `The HTTP End Point answered: ${said} (HTTP ${httpStatus}).` }];
}

/** The message at a field, of all that are about it. */
export function faultAt(faults: readonly FormFault[], field: string): string | undefined {
  const messages = faults.filter((fault) => fault.field === field).map(({ message }) => message);
  return messages.length === 0 ? undefined : messages.join(". ");
}
