import { membersOf } from "../../contract/json";

/** What Kaleyra's APIs answer. Their envelopes differ, and some are not documented at all, so all of it is read tolerantly. */

/** Kaleyra's code for a SID and a key that do not belong together. */
const WRONG_KEY = "RBC001";

export interface Envelope {
  /** HTTP 2xx and an empty `error`. */
  readonly isDone: boolean;
  /** SID and key are not accepted. */
  readonly refusesKey: boolean;
  /** Kaleyra's code, such as E13001; empty where none came. */
  readonly code: string;
  /** Kaleyra's words. They may quote what was sent, secrets included. */
  readonly message: string;
  readonly data: unknown;
}

/** @param json the answer's body; of any type */
export function readEnvelope(status: number, json: unknown): Envelope {
  const { code, message, data, error } = membersOf(json);
  const { message: detail, error: reason } = membersOf(error);
  return {
    isDone: status >= 200 && status < 300 && isEmpty(error) && text(code) !== WRONG_KEY,
    refusesKey: status === 401 || text(code) === WRONG_KEY,
    code: text(code),
    message: [message, detail, reason, error].map(text).find((words) => words !== "") ?? "",
    data,
  };
}

/** Whether a member says nothing. It may be an object, a list, or left out. */
export function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "";
}

/** A member as text; empty where it is neither text nor number. */
function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
