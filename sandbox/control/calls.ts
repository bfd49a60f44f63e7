import { type Answer, type Call, json, jsonBody } from "../../server/http";
import { Problem } from "../../server/problem";
import { receivedCallbacks } from "../clevertap/callbacks";
import { type CampaignOptions, runCampaign } from "../clevertap/campaign";
import type { KaleyraCredentials } from "../options";
import type { World } from "../world";
import {
  createByHand,
  deleteProvider,
  type HandMade,
  type ProviderPatch,
  patchProvider,
  resetAll,
  sandboxState,
  setKaleyra,
} from "./controls";
import type { FaultSpec } from "./faults";
import type { RequestFilter } from "./requests";

const DONE: Answer = { status: 204, headers: {}, body: "" };

function body<T>(call: Call): T {
  const value = jsonBody(call);
  if (typeof value !== "object" || value === null)
    throw new Problem("invalid-field", "The body must be an object.");
  return value as T;
}

function addFault(world: World, spec: FaultSpec): Answer {
  try {
    world.faults.add(spec);
  } catch (error) {
    throw new Problem("invalid-field", (error as Error).message);
  }
  return json(201, { faults: world.faults.list() });
}

type Control = (world: World, call: Call, id: string) => Answer | Promise<Answer>;

const CONTROLS: Record<string, Control> = {
  "GET /state": (world) => json(200, sandboxState(world)),
  "GET /requests": (world, { query }) => {
    const items = world.log.list(Object.fromEntries(query) as RequestFilter);
    return json(200, { count: items.length, items });
  },
  "DELETE /requests": (world) => {
    world.log.clear();
    return DONE;
  },
  "GET /callbacks": (world, { query }) => {
    const items = receivedCallbacks(world, query.get("account") ?? undefined);
    return json(200, { count: items.length, items });
  },
  "GET /faults": (world) => json(200, { faults: world.faults.list() }),
  "POST /faults": (world, call) => addFault(world, body<FaultSpec>(call)),
  "DELETE /faults": (world) => {
    world.faults.clear();
    return DONE;
  },
  "POST /providers": (world, call) => json(201, createByHand(world, body<HandMade>(call))),
  "PATCH /providers/:id": (world, call, id) => json(200, patchProvider(world, id, body<ProviderPatch>(call))),
  "DELETE /providers/:id": (world, _call, id) => {
    deleteProvider(world, id);
    return DONE;
  },
  "PUT /kaleyra": (world, call) => {
    const { sid, apiKey } = body<Partial<KaleyraCredentials>>(call);
    if (typeof sid !== "string" || typeof apiKey !== "string")
      throw new Problem("invalid-field", "sid and apiKey must be strings.");
    setKaleyra(world, { sid, apiKey });
    return DONE;
  },
  "POST /campaign": async (world, call) => {
    const options = body<CampaignOptions>(call);
    if (typeof options.mobileNumber !== "string")
      throw new Problem("invalid-field", "mobileNumber must be a string.");
    return json(200, await runCampaign(world, options));
  },
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
  return control(world, call, decodeURIComponent(id));
}
