import { type Answer, type Call, json, jsonBody, NO_CONTENT } from "../../server/http";
import { Problem } from "../../server/problem";
import { type Handler, type Routes, router } from "../../server/routes";
import type { CampaignOptions } from "../clevertap/campaign";
import type { KaleyraCredentials } from "../options";
import type { World } from "../world";
import { type Controls, controlsOf, type HandMade, type ProviderPatch } from "./controls";
import type { FaultSpec } from "./faults";
import type { RequestFilter } from "./requests";

function body<T>(call: Call): T {
  const value = jsonBody(call);
  if (typeof value !== "object" || value === null)
    throw new Problem("invalid-field", "The body must be an object.");
  return value as T;
}

function counted(items: readonly unknown[]): Answer {
  return json(200, { count: items.length, items });
}

interface Context {
  readonly world: World;
  readonly controls: Controls;
}

/** For what has nothing to show. */
function done(act: (context: Context, call: Call) => void): Handler<Context> {
  return (context, call) => {
    act(context, call);
    return NO_CONTENT;
  };
}

const CALLS: Routes<Context> = {
  "GET /state": ({ controls }) => json(200, controls.state()),
  "GET /requests": ({ controls }, { query }) =>
    counted(controls.requests(Object.fromEntries(query) as RequestFilter)),
  "DELETE /requests": done(({ controls }) => controls.resetRequests()),
  "GET /callbacks": ({ controls }, { query }) =>
    counted(controls.callbacks(query.get("account") ?? undefined)),
  "GET /faults": ({ world }) => json(200, { faults: world.faults.list() }),
  "POST /faults": ({ world }, call) => {
    try {
      world.faults.add(body<FaultSpec>(call));
    } catch (error) {
      throw error instanceof Problem ? error : new Problem("invalid-field", (error as Error).message);
    }
    return json(201, { faults: world.faults.list() });
  },
  "DELETE /faults": done(({ controls }) => controls.clearFaults()),
  "POST /providers": ({ controls }, call) => {
    const values = body<HandMade>(call);
    if (typeof values.mobileNumber !== "string")
      throw new Problem("invalid-field", "mobileNumber must be a string.");
    return json(201, controls.createProvider(values));
  },
  "PATCH /providers/:id": ({ controls }, call) =>
    json(200, controls.patchProvider(call.param("id"), body<ProviderPatch>(call))),
  "DELETE /providers/:id": done(({ controls }, call) => controls.deleteProvider(call.param("id"))),
  "PUT /kaleyra": done(({ controls }, call) => {
    const { sid, apiKey } = body<Partial<KaleyraCredentials>>(call);
    if (typeof sid !== "string" || typeof apiKey !== "string")
      throw new Problem("invalid-field", "sid and apiKey must be strings.");
    controls.setKaleyra({ sid, apiKey });
  }),
  "POST /campaign": async ({ controls }, call) => {
    const options = body<CampaignOptions>(call);
    if (typeof options.mobileNumber !== "string")
      throw new Problem("invalid-field", "mobileNumber must be a string.");
    return json(200, await controls.campaign(options));
  },
  "POST /reset": done(({ controls }) => controls.reset()),
};

/** A known path with another method is no known call either. */
function unknown(): never {
  throw new Problem("not-found", `Known: ${Object.keys(CALLS).join(", ")} under /_sandbox.`);
}

const route = router<Context>({ ...CALLS, "* .*": unknown }, "");

/** A call to the sandbox itself, under `/_sandbox/`. @throws Problem */
export function controlCall(world: World, call: Call): Answer | Promise<Answer> {
  const path = call.path.slice("/_sandbox".length);
  return route({ world, controls: controlsOf(world) }, { ...call, path });
}
