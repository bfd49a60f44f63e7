import { readMark } from "../../provider/resources/whatsapp-provider/mark";
import { type AuditedResource, Hidden, textOf } from "../resource";
import { type Found, ofEachResource, rule, type Subject } from "./rule";
import {
  type Declared,
  foreignCountry,
  isDefault,
  isPlainHttp,
  otherNickname,
  plainHttp,
  SHARED,
  unprotectedDefault,
} from "./shared";

/** Rules about single resources, and about resources of several stacks that meet. */

function declared({ properties, values, isProtected }: AuditedResource): Declared {
  const value = (name: string) => {
    const found = values.get(name);
    return found instanceof Hidden ? undefined : found;
  };
  return { properties, value, isProtected };
}

export const RESOURCE_RULES = {
  "plain-http": rule({
    ...SHARED["plain-http"],
    severity: "error",
    options: {},
    find: (subject) =>
      ofEachResource(subject, (resource) => [
        ...plainHttp(declared(resource)),
        ...(isPlainHttp(resource.api) ? ["the API that holds it is called over plain http"] : []),
      ]),
  }),
  "unprotected-default": rule({
    ...SHARED["unprotected-default"],
    severity: "warning",
    options: {},
    find: (subject) => ofEachResource(subject, (resource) => unprotectedDefault(declared(resource))),
  }),
  country: rule({
    ...SHARED.country,
    severity: "error",
    options: { codes: [] },
    find: (subject, { codes }) =>
      ofEachResource(subject, (resource) => foreignCountry(declared(resource), codes)),
  }),
  nickname: rule({
    ...SHARED.nickname,
    severity: "warning",
    options: { pattern: "" },
    find: (subject, { pattern }) =>
      ofEachResource(subject, (resource) => otherNickname(declared(resource), pattern)),
  }),
  "two-defaults": rule({
    ...SHARED["two-defaults"],
    severity: "error",
    options: {},
    find: (subject) =>
      shared(
        subject,
        (resource) => (isDefault(declared(resource)) ? textOf(resource, "accountId") : undefined),
        (others) => `another provider is the default of the same account too: ${others}`,
      ),
  }),
  "duplicate-number": rule({
    about: "one number that two resources declare, in one stack or in several",
    remedy: "Keep the number in one stack: two owners undo each other's changes",
    severity: "error",
    options: {},
    find: (subject) =>
      shared(
        subject,
        (resource) => {
          const [account, number] = [textOf(resource, "accountId"), textOf(resource, "mobileNumber")];
          return number && JSON.stringify([resource.type, account, number]);
        },
        (others) => `the same number is declared by ${others}`,
      ),
  }),
  "foreign-mark": rule({
    about: "a provider that carries another owner's mark",
    remedy:
      "Find the owner that the mark names. Leave the provider to it (pulumi state delete), or take it with adoptExisting",
    severity: "error",
    options: {},
    find: (subject) =>
      ofEachResource(subject, (resource, { redact }) => {
        const mark = textOf(resource, "externalReference");
        if (mark === undefined || mark === resource.claim || resource.isExternal) return [];
        const owner = readMark(mark)?.owner ?? mark;
        return [`it carries the mark of ${redact(owner)}, which this state did not write`];
      }),
  }),
  "init-errors": rule({
    about: "a resource whose last create or update was not finished",
    remedy: "Run pulumi up: it finishes what was begun",
    severity: "error",
    options: {},
    find: (subject) =>
      ofEachResource(subject, ({ hasInitErrors }) =>
        hasInitErrors ? ["its last create or update ended with an error"] : [],
      ),
  }),
};

/** So many others are named. */
const TOLD = 3;

/** Resources that have something in common which only one may have. Each is told of the others. */
function shared(
  { states }: Subject,
  common: (resource: AuditedResource) => string | undefined,
  words: (others: string) => string,
): Found[] {
  const groups = new Map<string, Found[]>();
  for (const state of states)
    for (const resource of state.resources) {
      const key = resource.isExternal ? undefined : common(resource);
      if (key === undefined || key === "") continue;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({
        state,
        resource,
        what: `${state.redact(resource.name)} of ${state.redact(resource.stack)}`,
      });
    }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) =>
      group.map((one) => {
        // One more than are told, in case it is among them itself.
        const others = group
          .slice(0, TOLD + 1)
          .filter((other) => other !== one)
          .slice(0, TOLD);
        const left = group.length - 1 - others.length;
        const more = left > 0 ? ` and ${left} more` : "";
        return { ...one, what: words(`${others.map(({ what }) => what).join(", ")}${more}`) };
      }),
    );
}
