import { counted } from "../words";
import { rule } from "./rule";

/** Rules about a state as a whole, about time, and about the gateway's log. */

export const STATE_RULES = {
  "secret-in-clear": rule({
    about: "a secret in clear anywhere in the file",
    remedy:
      "Rotate the credential, set it with pulumi config set --secret, and delete this file and its copies, backups and history",
    severity: "error",
    options: {},
    find: ({ states }) =>
      states.flatMap((state) =>
        state.clear.map(({ urn, path, what }) => ({
          state,
          resource: urn === "" ? undefined : { urn },
          what: `${what} stands in clear at ${state.redact(path)}`,
        })),
      ),
  }),
  "pending-operations": rule({
    about: "an update that was cut off, or an old copy that still waits for its deletion",
    remedy: "Run pulumi up, which finishes what was begun, and export the state again",
    severity: "error",
    options: {},
    find: ({ states }) =>
      states.flatMap((state) => [
        ...state.pending.map(({ urn, operation }) => ({
          state,
          resource: { urn },
          what: `an update was cut off while ${state.redact(operation)}: it is not known whether that took effect`,
        })),
        ...state.leftovers.map((urn) => ({
          state,
          resource: { urn },
          what: "an old copy, which a replacement has left, still waits for its deletion",
        })),
      ]),
  }),
  "duplicate-urn": rule({
    about: "two entries of one name in a state, which the engine never writes",
    remedy: "The file was edited by hand or damaged: export the state again, and look for who changed it",
    severity: "error",
    options: {},
    find: ({ states }) =>
      states.flatMap((state) =>
        state.duplicates.map((urn) => ({
          state,
          resource: { urn },
          what: "the state names it more than once",
        })),
      ),
  }),
  "credential-age": rule({
    about: "a credential that is older than `maxDays`, or may be",
    remedy:
      "Make a new key at Kaleyra, set it with pulumi config set --secret, run pulumi up, and revoke the old one",
    severity: "warning",
    options: { maxDays: 90 },
    find: (subject, { maxDays }) =>
      subject.states.flatMap((state) =>
        subject
          .ages(state, maxDays)
          .filter(({ isOld }) => isOld !== "no")
          .map(({ resource, isOld, leastDays, mostDays }) => ({
            state,
            resource,
            what:
              isOld === "yes"
                ? `its credentials are older than ${maxDays} days: at least ${counted(leastDays ?? 0, "day")}`
                : mostDays === undefined
                  ? `its credentials may be older than ${maxDays} days: nothing tells when they were set`
                  : `its credentials may be older than ${maxDays} days: between ${leastDays} and ${mostDays}`,
          })),
      ),
  }),
  unconfirmed: rule({
    about: "a provider that is pending, refused or to be deleted, or that nobody attested for `maxDays`",
    remedy: "Open the task at the gateway: do it, or correct what CleverTap refused",
    severity: "warning",
    options: { maxDays: 180 },
    find: (subject, { maxDays }) =>
      subject.states.flatMap((state) =>
        subject.confirmations(state).flatMap(({ resource, evidence, status, note, days, by }) => {
          const told = (what: string) => [
            { state, resource, what: note === undefined ? what : `${what}: ${note}` },
          ];
          if (evidence === "refused") return told("CleverTap refused it");
          if (evidence === "waiting") return told(`its status is ${status}: nobody has confirmed it yet`);
          if (evidence === "found otherwise") return told(`${by} found other values in the dashboard`);
          if (evidence === "not in the log") return told("the log has nobody who attested it");
          if (evidence === "attested" && days !== undefined && days > maxDays)
            return told(`${by} attested it ${days} days ago, which is more than ${maxDays}`);
          return [];
        }),
      ),
  }),
  "broken-log": rule({
    about: "a log of the gateway whose chain of hashes is broken",
    remedy:
      "Somebody changed the log, or a part of it is missing: ask for the gateway's own copy and its backups",
    severity: "error",
    options: {},
    find: ({ log }) =>
      log?.fault === undefined ? [] : [{ what: `the log of the gateway is broken at ${log.fault}` }],
  }),
  "nothing-found": rule({
    about: "a state without any resource of this package",
    remedy: "Make sure that it is the right stack and the right file",
    severity: "note",
    options: {},
    find: ({ states }) =>
      states
        .filter(({ resources }) => resources.length === 0)
        .map((state) => ({ state, what: "the state holds no WhatsApp provider" })),
  }),
};
