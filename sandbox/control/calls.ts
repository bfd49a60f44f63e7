import { type Answer, type Call, json } from "../../server/http";
import { Problem } from "../../server/problem";
import { receivedCallbacks } from "../clevertap/callbacks";
import { runCampaign } from "../clevertap/campaign";
import type { World } from "../world";
import {
  bodyOf,
  CALLBACK_FILTER,
  CAMPAIGN,
  FAULT,
  HAND_MADE,
  KALEYRA,
  PROVIDER_PATCH,
  queryOf,
  REQUEST_FILTER,
} from "./bodies";
import { createByHand, deleteProvider, patchProvider, resetAll, sandboxState, setKaleyra } from "./controls";

const DONE: Answer = { status: 204, headers: {}, body: "" };

type Control = (world: World, call: Call, id: string) => Answer | Promise<Answer>;

const CONTROLS: Record<string, Control> = {
  "GET /state": (world) => json(200, sandboxState(world)),
  "GET /requests": (world, call) => {
    const items = world.log.list(queryOf(call, REQUEST_FILTER));
    return json(200, { count: items.length, items });
  },
  "DELETE /requests": (world) => {
    world.log.clear();
    return DONE;
  },
  "GET /callbacks": (world, call) => {
    const items = receivedCallbacks(world, queryOf(call, CALLBACK_FILTER).account);
    return json(200, { count: items.length, items });
  },
  "GET /faults": (world) => json(200, { faults: world.faults.list() }),
  "POST /faults": (world, call) => {
    world.faults.add(bodyOf(call, FAULT));
    return json(201, { faults: world.faults.list() });
  },
  "DELETE /faults": (world) => {
    world.faults.clear();
    return DONE;
  },
  "POST /providers": (world, call) => json(201, createByHand(world, bodyOf(call, HAND_MADE))),
  "PATCH /providers/:id": (world, call, id) =>
    json(200, patchProvider(world, id, bodyOf(call, PROVIDER_PATCH))),
  "DELETE /providers/:id": (world, _call, id) => {
    deleteProvider(world, id);
    return DONE;
  },
  "PUT /kaleyra": (world, call) => {
    setKaleyra(world, bodyOf(call, KALEYRA));
    return DONE;
  },
  "POST /campaign": async (world, call) => json(200, await runCampaign(world, bodyOf(call, CAMPAIGN))),
  "POST /reset": (world) => {
    resetAll(world);
    return DONE;
  },
};

/** A call to the sandbox itself, under `/_sandbox/`. @throws Problem */
export async function controlCall(world: World, call: Call): Promise<Answer> {
  const path = call.path.slice("/_sandbox".length);
  const [, id = ""] = /^\/providers\/([^/]+)$/.exec(path) ?? [];
  const name = `${call.method} ${id === "" ? path : "/providers/:id"}`;
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (!control) throw new Problem("not-found", `Known: ${Object.keys(CONTROLS).join(", ")} under /_sandbox.`);
  return control(world, call, id);
}
