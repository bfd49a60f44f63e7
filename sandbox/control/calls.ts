import { type Answer, type Call, json, NO_CONTENT } from "../../server/http";
import { Problem } from "../../server/problem";
import { type Handler, type Routes, router } from "../../server/routes";
import { bodyOf, queryOf } from "../call-values";
import type { World } from "../world";
import {
  ACCOUNT_FILTER,
  CAMPAIGN,
  DETAILS,
  FAULT,
  HAND_MADE,
  KALEYRA,
  MANUAL,
  PROVIDER_PATCH,
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

interface ControlCall {
  /** What it does, for docs/control-calls.md. */
  readonly does: string;
  /** Type of its JSON body or of its query. */
  readonly takes?: string;
  readonly answer: Handler<Context>;
}

/** Every control call, under `/_sandbox`. */
export const CONTROL_CALLS: Readonly<Record<string, ControlCall>> = {
  "GET /state": {
    does: "Addresses, accounts with their providers, counts of callbacks, and the last campaign",
    answer: ({ controls }) => json(200, controls.state()),
  },
  "GET /requests": {
    does: "The requests that arrived, without secrets",
    takes: "RequestFilter",
    answer: ({ controls }, call) => counted(controls.requests(queryOf(call, REQUEST_FILTER))),
  },
  "DELETE /requests": {
    does: "Empties that log",
    answer: done(({ controls }) => controls.resetRequests()),
  },
  "GET /callbacks": {
    does: "The delivery reports and inbound messages that arrived; `?account=ID` for one account",
    answer: ({ controls }, call) => counted(controls.callbacks(queryOf(call, ACCOUNT_FILTER).account)),
  },
  "GET /faults": {
    does: "The faults that are still to come",
    answer: ({ world }) => json(200, { faults: world.faults.list() }),
  },
  "POST /faults": {
    does: "Makes the next calls that fit go wrong",
    takes: "FaultSpec",
    answer: ({ world }, call) => {
      world.faults.add(bodyOf(call, FAULT));
      return json(201, { faults: world.faults.list() });
    },
  },
  "DELETE /faults": { does: "Takes all faults away", answer: done(({ controls }) => controls.clearFaults()) },
  "POST /providers": {
    does: "Makes a provider past the API, as by hand and without its checks; what is left out is good",
    takes: "HandMade",
    answer: ({ controls }, call) => json(201, controls.createProvider(bodyOf(call, HAND_MADE))),
  },
  "PATCH /providers/:id": {
    does: "Changes a provider past the API: drift for the engine",
    takes: "ProviderPatch",
    answer: ({ controls }, call) =>
      json(200, controls.patchProvider(call.param("id"), bodyOf(call, PROVIDER_PATCH))),
  },
  "DELETE /providers/:id": {
    does: "Removes a provider past the API",
    answer: done(({ controls }, call) => controls.deleteProvider(call.param("id"))),
  },
  "PUT /manual": {
    does: 'Whether what is saved from now on waits for a person: `{"manual": true}`',
    answer: done(({ controls }, call) => controls.setManual(bodyOf(call, MANUAL).manual)),
  },
  "GET /tasks": {
    does: "What a person has to do, or had; `?account=ID` for one account",
    answer: ({ controls }, call) => counted(controls.tasks(queryOf(call, ACCOUNT_FILTER).account)),
  },
  "POST /tasks/:id/confirm": {
    does: "Somebody has done it at the dashboard",
    answer: done(({ controls }, call) => controls.confirmTask(call.param("id"))),
  },
  "POST /tasks/:id/refuse": {
    does: 'CleverTap refused it: `{"reason": "…"}`',
    answer: done(({ controls }, call) => controls.refuseTask(call.param("id"), bodyOf(call, REFUSAL).reason)),
  },
  "PUT /kaleyra": {
    does: "Other credentials of Kaleyra; with the old key among `otherApiKeys` a rotation overlaps",
    takes: "KaleyraCredentials",
    answer: done(({ controls }, call) => controls.setKaleyra(bodyOf(call, KALEYRA))),
  },
  "PUT /kaleyra/details": {
    does: 'Whether Kaleyra\'s details of a number hold its Incoming URL: `{"incomingUrl": true}`',
    answer: done(({ controls }, call) => controls.setShowsIncomingUrl(bodyOf(call, DETAILS).incomingUrl)),
  },
  "POST /campaign": {
    does: "Sends a campaign through a saved provider, waits for its reports, and counts them",
    takes: "CampaignOptions",
    answer: async ({ controls }, call) => json(200, await controls.campaign(bodyOf(call, CAMPAIGN))),
  },
  "POST /reset": {
    does: "Removes everything that was made, faults and the log included",
    answer: done(({ controls }) => controls.reset()),
  },
};

/** A known path with another method is no known call either. */
function unknown(): never {
  throw new Problem("not-found", `Known: ${Object.keys(CONTROL_CALLS).join(", ")} under /_sandbox.`);
}

const ANSWERS: Routes<Context> = Object.fromEntries(
  Object.entries(CONTROL_CALLS).map(([call, { answer }]) => [call, answer]),
);

const route = router<Context>({ ...ANSWERS, "* .*": unknown }, "");

/** A call to the sandbox itself, under `/_sandbox/`. @throws Problem */
export function controlCall(world: World, call: Call): Answer | Promise<Answer> {
  const path = call.path.slice("/_sandbox".length);
  return route({ world, controls: controlsOf(world) }, { ...call, path });
}
