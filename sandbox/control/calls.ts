import { type Answer, type Call, json, NO_CONTENT } from "../../server/http";
import { Problem } from "../../server/problem";
import { type Handler, type Routes, router } from "../../server/routes";
import type { World } from "../world";
import {
  ACCOUNT_FILTER,
  bodyOf,
  CAMPAIGN,
  DETAILS,
  FAULT,
  HAND_MADE,
  KALEYRA,
  MANUAL,
  PROVIDER_PATCH,
  queryOf,
  REFUSAL,
  REQUEST_FILTER,
} from "./bodies";
import { type Controls, controlsOf } from "./controls";

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
  "GET /requests": ({ controls }, call) => counted(controls.requests(queryOf(call, REQUEST_FILTER))),
  "DELETE /requests": done(({ controls }) => controls.resetRequests()),
  "GET /callbacks": ({ controls }, call) =>
    counted(controls.callbacks(queryOf(call, ACCOUNT_FILTER).account)),
  "GET /faults": ({ world }) => json(200, { faults: world.faults.list() }),
  "POST /faults": ({ world }, call) => {
    world.faults.add(bodyOf(call, FAULT));
    return json(201, { faults: world.faults.list() });
  },
  "DELETE /faults": done(({ controls }) => controls.clearFaults()),
  "POST /providers": ({ controls }, call) => json(201, controls.createProvider(bodyOf(call, HAND_MADE))),
  "PATCH /providers/:id": ({ controls }, call) =>
    json(200, controls.patchProvider(call.param("id"), bodyOf(call, PROVIDER_PATCH))),
  "DELETE /providers/:id": done(({ controls }, call) => controls.deleteProvider(call.param("id"))),
  "PUT /manual": done(({ controls }, call) => controls.setManual(bodyOf(call, MANUAL).manual)),
  "GET /tasks": ({ controls }, call) => counted(controls.tasks(queryOf(call, ACCOUNT_FILTER).account)),
  "POST /tasks/:id/confirm": done(({ controls }, call) => controls.confirmTask(call.param("id"))),
  "POST /tasks/:id/refuse": done(({ controls }, call) =>
    controls.refuseTask(call.param("id"), bodyOf(call, REFUSAL).reason),
  ),
  "PUT /kaleyra": done(({ controls }, call) => controls.setKaleyra(bodyOf(call, KALEYRA))),
  "PUT /kaleyra/details": done(({ controls }, call) =>
    controls.setShowsIncomingUrl(bodyOf(call, DETAILS).incomingUrl),
  ),
  "POST /campaign": async ({ controls }, call) => json(200, await controls.campaign(bodyOf(call, CAMPAIGN))),
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
