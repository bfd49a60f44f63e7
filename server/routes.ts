import type { Answer, Call } from "./http";
import { Problem } from "./problem";

/** Answers a call, or throws the Problem that is the answer. */
export type Handler<Context> = (context: Context, call: Call) => Answer | Promise<Answer>;

/**
 * Calls and who answers them, such as `GET /providers/:id`. A path is a regular expression in which `:id` is one part,
 * which `call.param("id")` gives. The method `*` is any. The first that fits answers.
 */
export type Routes<Context> = Readonly<Record<string, Handler<Context>>>;

/** A part that is not encoded well stays as it is: it names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * One handler for a whole table. A known path with another method is answered with method-not-allowed.
 *
 * @param unknown what not-found says of any other path
 */
export function router<Context>(routes: Routes<Context>, unknown: string): Handler<Context> {
  const table = Object.entries(routes).map(([name, handler]) => {
    const [method = "", path = ""] = name.split(" ");
    return { method, path: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`), handler };
  });
  return (context, call) => {
    const here = table.filter(({ path }) => path.test(call.path));
    const found = here.find(({ method }) => method === "*" || method === call.method);
    if (found) {
      const parts = found.path.exec(call.path)?.groups;
      return found.handler(context, { ...call, param: (name) => decoded(parts?.[name] ?? "") });
    }
    if (here.length === 0) throw new Problem("not-found", unknown);
    const allowed = here.map(({ method }) => method).join(", ");
    throw new Problem("method-not-allowed", `Use ${allowed} here.`, {}, { Allow: allowed });
  };
}
