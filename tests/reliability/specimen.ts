import type { ErrorCode } from "../../provider/model/errors";
import type { Properties } from "../../provider/model/unknown";
import { kaleyraIncomingUrl } from "../../provider/resources/kaleyra-incoming-url";
import type { Resource } from "../../provider/resources/resource";
import { whatsAppProvider } from "../../provider/resources/whatsapp-provider";
import type { Sandbox } from "../../sandbox";
import { goodArguments, goodUrlArguments } from "../support/arguments";
import { CANARIES } from "../support/canaries";
import { FAULTS, type Fault, KALEYRA_FAULTS, NUMBER, URL_VERBS, VERBS, type Verb } from "./faults";

/** What the shared tests need to know of a resource: the fault matrix, in this process and on the real engine. */
export interface Specimen {
  readonly title: string;
  readonly resource: Resource;
  /** People work the server: they do what they are asked, after each step. */
  readonly byPeople?: true;
  readonly verbs: Readonly<Record<string, Verb>>;
  readonly faults: Readonly<Record<string, Fault>>;
  /** Arguments that the sandbox accepts. @param endpoint where the API is just now */
  good(sandbox: Sandbox, endpoint: string): Properties;
  /** A change in place. */
  readonly change: Properties;
  /** Codes that a verb may end with while a fault lasts. */
  codes(fault: Fault, verb: Verb): readonly ErrorCode[];
  /** The verbs that do not even notice a single one of a fault. */
  heals(fault: Fault, verb: Verb): Fault["heals"];
  /** At most one object at the server, and in state nothing that it does not have. */
  expectSound(sandbox: Sandbox, ids: readonly string[]): void;
  /** Exactly what the program says. */
  expectExactly(sandbox: Sandbox, args: Properties, ids: readonly string[]): void;
  expectDestroyed(sandbox: Sandbox): void;
}

const provider: Specimen = {
  title: whatsAppProvider.name,
  resource: whatsAppProvider,
  verbs: VERBS,
  faults: FAULTS,
  good: (sandbox) => goodArguments(sandbox, { mobileNumber: NUMBER, headers: { "x-team": CANARIES.header } }),
  change: { nickname: "Changed" },
  codes: ({ codes }) => codes,
  heals: ({ heals }) => heals,
  expectSound(sandbox, ids) {
    const found = sandbox.providers().map(({ id }) => id);
    expect(found.length).toBeLessThanOrEqual(1);
    // But for what somebody else removed.
    if (found.length > 0) expect(found).toEqual(expect.arrayContaining([...ids]));
  },
  expectExactly(sandbox, args, ids) {
    const found = sandbox.providers();
    expect(found).toMatchObject([{ nickname: args.nickname, mobileNumber: NUMBER }]);
    const { id } = found[0] as { id: string };
    expect(sandbox.headerValue(id, "api-key")).toBe(args.apiKey);
    expect(sandbox.headerValue(id, "x-team")).toBe(CANARIES.header);
    expect(ids).toEqual([id]);
  },
  expectDestroyed: (sandbox) => expect(sandbox.providers()).toEqual([]),
};

const shared = Object.entries(FAULTS).filter(([, { atKaleyra }]) => atKaleyra !== "none");

/** Of a read only what refuses the credentials is an error. */
const REFUSALS: readonly ErrorCode[] = ["unauthenticated", "forbidden"];

const incomingUrl: Specimen = {
  title: kaleyraIncomingUrl.name,
  resource: kaleyraIncomingUrl,
  verbs: URL_VERBS,
  faults: { ...Object.fromEntries(shared), ...KALEYRA_FAULTS },
  good: (sandbox, endpoint) => goodUrlArguments(sandbox, { mobileNumber: NUMBER, kaleyraHost: endpoint }),
  change: { baseUrl: "https://example.com/changed" },
  codes(fault, { method, wanted }) {
    if (wanted === "none") return [];
    const { codes = fault.codes } = fault.atKaleyra === "none" ? {} : (fault.atKaleyra ?? {});
    return method === "GET" && !fault.everywhere ? codes.filter((code) => REFUSALS.includes(code)) : codes;
  },
  heals(fault, { method }) {
    if (method === "GET") return fault.codes.some((code) => REFUSALS.includes(code)) ? fault.heals : true;
    return fault.atKaleyra === "none" ? [] : (fault.atKaleyra?.heals ?? fault.heals);
  },
  expectSound: (_, ids) => expect(ids.length).toBeLessThanOrEqual(1),
  expectExactly(sandbox, args, ids) {
    expect(sandbox.incomingUrl(NUMBER)).toBe(`${args.baseUrl}?${args.incomingUrlQuery}`);
    expect(ids).toEqual([NUMBER]);
  },
  // No call is documented that takes one away.
  expectDestroyed: (sandbox) => expect(sandbox.incomingUrl(NUMBER)).toBeDefined(),
};

export const SPECIMENS: readonly Specimen[] = [provider, incomingUrl];

const { create, update, refresh, delete: remove } = VERBS as Record<string, Verb>;

/** A provider at a server that people work: what they have to do changes what a write answers, so the writes are tried again. */
export const BY_PEOPLE: Specimen = {
  ...provider,
  title: `${provider.title} of a server that people work`,
  byPeople: true,
  verbs: { create, update, refresh, delete: remove } as Record<string, Verb>,
};

/** The one of a resource. @throws Error where nobody has written one: every resource goes through the shared tests */
export function specimenOf(resource: Resource): Specimen {
  const found = SPECIMENS.find((specimen) => specimen.resource === resource);
  if (!found) throw new Error(`tests/reliability/specimen.ts has nothing of ${resource.name}`);
  return found;
}
