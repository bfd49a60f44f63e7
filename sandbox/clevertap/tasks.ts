import { isDeepStrictEqual } from "node:util";
import { isPlain } from "../../contract/members";
import type { Provider, Task } from "../../contract/types";
import { withoutSecrets } from "../../server/endpoint-check";
import type { People } from "../../server/people";
import { Problem } from "../../server/problem";
import type { KeptHeader, KeptProvider, ProviderValues } from "../../server/storage";
import type { DashboardValues, KeptTask, Tables } from "../storage/tables";

/**
 * The sandbox as a server that people work, as a gateway is: what is saved waits until somebody says at its page, or by a control call,
 * that the dashboard has it, or that CleverTap refused it. Kept simpler than a gateway: nobody takes a task, so each provider has one
 * open task at most.
 */

/** A task with what it asks, without any secret. */
export interface SandboxTask extends Omit<KeptTask, "account"> {
  readonly accountId: string;
  readonly url: string;
  readonly nickname: string;
  readonly mobileNumber: string;
}

function dashboardValues(kept: ProviderValues): DashboardValues {
  const { externalReference, isDefault, headers, ...members } = kept;
  const plain = Object.entries(members).filter(([name, value]) => isPlain(name) && value !== undefined);
  return { ...Object.fromEntries(plain), headers } as DashboardValues;
}

function isSame(a: DashboardValues, b: DashboardValues): boolean {
  const pairs = ({ headers }: DashboardValues) =>
    Object.fromEntries(headers.map(({ key, value, secret }) => [key.toLowerCase(), [value, secret]]));
  return isDeepStrictEqual({ ...a, headers: pairs(a) }, { ...b, headers: pairs(b) });
}

/** What the people of a sandbox are asked, and what they do. */
export type Work = ReturnType<typeof workOf>;

interface Workplace extends Pick<Tables, "providers" | "tasks" | "waiting"> {
  readonly url: string;
  readonly isManual: boolean;
}

export function workOf(world: Workplace) {
  const { providers, tasks, waiting } = world;

  function put(task: KeptTask): KeptTask {
    tasks.put(task.id, task);
    return task;
  }

  function currentTask(providerId: string): KeptTask | undefined {
    return tasks.get(waiting.get(providerId)?.taskId ?? "");
  }

  function close(task: KeptTask | undefined, state: KeptTask["state"]): void {
    if (task?.state === "open") put({ ...task, state });
  }

  /** The task of that kind: the one that is open, the one that was refused, or a new one. */
  function taskFor(kept: KeptProvider, kind: KeptTask["kind"]): string {
    const before = currentTask(kept.id);
    const goesOn = before?.kind === kind && (before.state === "open" || before.state === "refused");
    if (goesOn) return put({ ...before, state: "open" }).id;
    close(before, "superseded");
    const id = String(Number(tasks.all().at(-1)?.id ?? 0) + 1);
    return put({ id, account: kept.account, providerId: kept.id, kind, state: "open" }).id;
  }

  /** What is to be done follows from what is declared and what was attested. */
  function ask(kept: KeptProvider, attested: DashboardValues | undefined, reason?: string): void {
    if (attested && isSame(attested, dashboardValues(kept))) {
      const refused = reason === undefined ? undefined : currentTask(kept.id)?.id;
      close(currentTask(kept.id), "superseded");
      if (reason === undefined) waiting.remove(kept.id);
      else waiting.put(kept.id, { providerId: kept.id, attested, taskId: refused, reason });
      return;
    }
    const taskId = taskFor(kept, attested ? "edit" : "add");
    waiting.put(kept.id, { providerId: kept.id, attested, taskId, reason });
  }

  /** What the dashboard has of a provider; undefined: nothing. */
  function attestedOf(kept: KeptProvider): DashboardValues | undefined {
    const entry = waiting.get(kept.id);
    return entry ? entry.attested : dashboardValues(kept);
  }

  function forget(kept: KeptProvider, state: "confirmed" | "superseded"): void {
    close(currentTask(kept.id), state);
    waiting.remove(kept.id);
  }

  function shownTask({ id, kind, state }: KeptTask): Task {
    return { id, url: `${world.url}/tasks/${id}`, kind, state };
  }

  const people: People = {
    condition(kept): Pick<Provider, "status" | "statusReason" | "task"> {
      const entry = waiting.get(kept.id);
      const task = currentTask(kept.id);
      if (!entry || !task) return { status: "active" };
      const open = task.kind === "delete" ? "deleting" : "pending";
      const refused = task.kind === "delete" ? "active" : "refused";
      return {
        status: task.state === "open" ? open : refused,
        statusReason: entry.reason,
        task: shownTask(task),
      };
    },
    isLeaving: (kept) => people.condition(kept).status === "deleting",
    isKnown: (before, wanted) => world.isManual && isSame(dashboardValues(before), dashboardValues(wanted)),
    saved(kept, before) {
      const attested = before && attestedOf(before);
      if (before && before.id !== kept.id) {
        forget(before, "superseded");
        providers.remove(before.id);
      }
      if (world.isManual) ask(kept, attested);
      else forget(kept, "superseded");
    },
    leaves(kept) {
      const attested = attestedOf(kept);
      if (!world.isManual || !attested) {
        forget(kept, "superseded");
        return false;
      }
      waiting.put(kept.id, { providerId: kept.id, attested, taskId: taskFor(kept, "delete") });
      return true;
    },
  };

  /** @throws Problem not-found, or invalid-field for a task that is not open */
  function openTask(id: string): { task: KeptTask; kept: KeptProvider } {
    const task = tasks.get(id);
    const kept = providers.get(task?.providerId ?? "");
    if (!task || (task.state === "open" && !kept)) throw new Problem("not-found", `There is no task ${id}.`);
    if (task.state !== "open" || !kept)
      throw new Problem("invalid-field", `Task ${id} is ${task.state}, not open.`);
    return { task, kept };
  }

  return {
    people,
    attestedOf,
    /** A provider was changed past the API, at the dashboard itself. @param change what it changes, given the headers there */
    changedByHand(
      kept: KeptProvider,
      change: (headers: readonly KeptHeader[]) => Partial<ProviderValues>,
    ): void {
      const entry = waiting.get(kept.id);
      if (!entry?.attested) return;
      const attested = dashboardValues({ ...kept, ...entry.attested, ...change(entry.attested.headers) });
      waiting.put(kept.id, { ...entry, attested });
    },
    /** A provider was removed past the API. */
    removedByHand: (kept: KeptProvider): void => forget(kept, "superseded"),
    /** The tasks, the oldest first. */
    list(accountId?: string): SandboxTask[] {
      return tasks
        .all()
        .filter(({ account }) => accountId === undefined || account === accountId)
        .map(({ account, ...task }) => {
          const { nickname = "", mobileNumber = "" } = providers.get(task.providerId) ?? {};
          return {
            ...task,
            accountId: account,
            url: shownTask({ ...task, account }).url,
            nickname,
            mobileNumber,
          };
        });
    },
    /** The dashboard has it now, or has it no more. @throws Problem */
    confirm(id: string): void {
      const { task, kept } = openTask(id);
      forget(kept, "confirmed");
      if (task.kind === "delete") providers.remove(kept.id);
    },
    /** CleverTap refused it. @param said its words @throws Problem */
    refuse(id: string, said: string): void {
      const { task, kept } = openTask(id);
      const reason = withoutSecrets(said, kept.headers);
      put({ ...task, state: "refused" });
      const attested = attestedOf(kept);
      if (task.kind === "delete") ask(kept, attested, reason);
      else waiting.put(kept.id, { providerId: kept.id, attested, taskId: task.id, reason });
    },
  };
}
