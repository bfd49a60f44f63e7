import type { z } from "zod";
import { type Call, jsonBody } from "../server/http";
import { invalidField } from "../server/problem";

/** What comes with a call, in the form that is expected. */

/** The body of a call. @throws Problem when it is no JSON, or invalid-field with everything that is wrong */
export function bodyOf<T>(call: Call, schema: z.ZodType<T>): T {
  return valid(jsonBody(call), schema);
}

/** The query of a call. @throws Problem invalid-field */
export function queryOf<T>(call: Call, schema: z.ZodType<T>): T {
  return valid(Object.fromEntries(call.query), schema);
}

/** A value of that form. @throws Problem invalid-field with everything that is wrong */
export function valid<T>(value: unknown, schema: z.ZodType<T>): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const errors = error.issues.flatMap((issue) => {
    const at = issue.path.map((part) => `/${String(part)}`).join("");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ pointer: `${at}/${key}`, message: "is not a known field" }));
    return [{ pointer: at, message: `is wrong: ${issue.message}` }];
  });
  throw invalidField(errors.map((problem) => ({ ...problem, code: "invalid" })));
}
