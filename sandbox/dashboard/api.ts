import { randomUUID } from "node:crypto";
import type { Provider } from "../../contract/types";
import { apiCall } from "../../server/api";
import { answerOf } from "../../server/http";
import type { People } from "../../server/people";
import type { ProblemExtra } from "../../server/problem";
import type { SandboxAccount } from "../options";
import type { World } from "../world";

/** What a call may carry. */
interface Sent {
  readonly body?: unknown;
  /** The revision that the person saw. */
  readonly revision?: string;
}

/** What went wrong, as the API says it. */
export interface Refusal extends ProblemExtra {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

export type Outcome =
  | { readonly provider?: Provider; readonly refusal?: undefined }
  | { readonly refusal: Refusal };

/** At the dashboard itself nobody has to be asked: what is saved there is there, and what is deleted is gone. */
function byHand({ people, work }: World): People {
  return {
    ...people,
    isLeaving: () => false,
    isKnown: () => false,
    saved(kept, before) {
      if (before) work.changedByHand(kept, () => kept);
    },
    leaves(kept) {
      work.removedByHand(kept);
      return false;
    },
  };
}

/** A call of the contract within the process: the dashboard saves by the very code that answers a program. It is not logged. */
export async function callApi(
  world: World,
  account: SandboxAccount,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  { body, revision }: Sent = {},
): Promise<Outcome> {
  const target = `/v1/whatsapp/providers${path}`;
  const { status, body: text } = await answerOf(() =>
    apiCall(
      { ...world, people: byHand(world) },
      {
        method,
        path: target,
        target,
        query: new URLSearchParams(),
        param: () => "",
        headers: {
          "x-clevertap-account-id": account.id,
          "x-clevertap-passcode": account.passcode,
          "content-type": "application/json",
          "idempotency-key": randomUUID(),
          ...(revision === undefined ? {} : { "if-match": `"${revision}"` }),
        },
        body: Buffer.from(JSON.stringify(body ?? null)),
        tooLarge: false,
        requestId: randomUUID(),
      },
    ),
  );
  const value = text === "" ? undefined : JSON.parse(text);
  return status < 400 ? { provider: value } : { refusal: value };
}
