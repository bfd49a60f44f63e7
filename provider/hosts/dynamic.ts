import { randomUUID } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";
import { passcodeNotSecret } from "../configuration/plain-passcodes";
import { type ConfigReader, readSettings } from "../configuration/settings";
import { unexpected, WhatsAppProviderError } from "../model/errors";
import { UNKNOWNS } from "../model/sentinels";
import { type Properties, UNKNOWN } from "../model/unknown";
import { resourceNamed } from "../resources";
import { type Context, createContext } from "../resources/context";
import { DeclaredUrls } from "../resources/declared-urls";
import { KeptInState, type Resource } from "../resources/resource";
import { printErrorsOnce, toldByEngine } from "./sdk-patches";
import { refuse, Setup } from "./shared";

/**
 * The front door, engine side: what the constant `__provider` text loads. The one place that knows the quirks of the
 * SDK's dynamic-provider host; everything else is the resource's.
 */

/** How the host writes a value that is not known during preview: in place of any type, at any depth. */
const [UNKNOWN_TEXT] = UNKNOWNS;

/**
 * What the program knows and the host does not tell. It reaches check with the inputs and is stripped there, so it
 * is never in state.
 */
export interface Hints {
  readonly preview: boolean;
  readonly urn: string;
  readonly organization: string;
  /** Arguments that the program passed as secrets. */
  readonly confidential: readonly string[];
  /** Configuration keys that hold a passcode in clear. */
  readonly plainPasscodes: readonly string[];
}

/** The host asks for an object of each resource, and all are of one program. */
const declaredUrls = new DeclaredUrls();

/** Makes the provider object of a resource; one of each per process. The name is part of the constant `__provider` text: it never changes. */
export function provider(name = "WhatsAppProvider"): dynamic.ResourceProvider {
  printErrorsOnce();
  endWithEngine();
  return new DynamicProvider(resourceNamed(name));
}

const end = () => process.exit(1);

/**
 * Ends the host when nobody reads what it prints: its engine was killed. Without a listener the SDK's handler of uncaught
 * errors prints that it could not print, for ever and into growing memory.
 */
function endWithEngine(): void {
  if (!process.stderr.listeners("error").includes(end)) process.stderr.on("error", end);
}

class DynamicProvider implements dynamic.ResourceProvider {
  // The host hands the object out before it has awaited `configure`, so everything is set before the first await.
  readonly #setup = new Setup(() => contextOf(() => undefined));
  readonly #resource: Resource;
  #isPreview = false;

  constructor(resource: Resource) {
    this.#resource = resource;
  }

  async configure(request: { config: { get(key: string): string | undefined } }): Promise<void> {
    // An error here would be printed with its stack: it is told with the first resource that needs the configuration.
    this.#setup.configure(() => contextOf((key) => request.config.get(`clevertap:${key}`)));
  }

  async check(olds: Properties, news: Properties) {
    const { __hints, __provider, ...rest } = news;
    const hints = (__hints ?? {}) as Partial<Hints>;
    this.#isPreview = hints.preview ?? false;
    const before = translate(olds, fromHost);
    const request = {
      olds: Object.keys(before).length > 0 ? before : undefined,
      news: this.#given(translate(rest, fromHost)),
      // Without a URN nobody may be taken for the owner of what another call made.
      urn: hints.urn ?? randomUUID(),
      organization: hints.organization ?? "organization",
      confidential: hints.confidential,
    };
    const plain = (hints.plainPasscodes ?? []).map(passcodeNotSecret);
    const { inputs, failures } =
      plain.length > 0 ? { inputs: request.news, failures: plain } : await this.#checked(request);
    return {
      inputs: translate(inputs, toHost),
      // A property's name here would make the engine print its value in clear, secret or not.
      failures: failures.map((error) => ({ property: "", reason: error.message })),
    };
  }

  /** Without what the program only says to have the engine keep an output of a secret for a secret. */
  #given(news: Properties): Properties {
    const isStandIn = (name: string) => this.#resource.properties[name]?.madeOf && isBlank(news[name]);
    return Object.fromEntries(Object.entries(news).filter(([name]) => !isStandIn(name)));
  }

  /** Check, and what a create would be refused for: this host is never asked to preview one. */
  async #checked(request: Parameters<Resource["check"]>[1]) {
    try {
      const { context } = this.#setup;
      const result = await this.#resource.check(context, request);
      if (result.failures.length > 0 || !this.#isPreview) return result;
      const isNew = !request.olds || this.#resource.isReplaced(context, request.olds, result.inputs);
      return isNew
        ? { ...result, failures: await this.#resource.previewCreate(context, result.inputs) }
        : result;
    } catch (error) {
      if (!WhatsAppProviderError.is(error)) throw bare(error);
      return { inputs: request.news, failures: [error] };
    }
  }

  diff(id: string, olds: Properties, news: Properties) {
    return told(async () => {
      const { context } = this.#setup;
      const { __provider, ...state } = translate(olds, fromHost);
      const inputs = translate(news, fromHost);
      const { changed, replaces, deleteBeforeReplace } = await this.#resource.diff(
        context,
        id,
        state,
        inputs,
      );
      // A plugin's state tells this host no way back to the code: an update without a request adds it.
      if (changed.length === 0) return { changes: __provider === undefined };
      if (this.#isPreview && replaces.length === 0)
        refuse(await this.#resource.previewUpdate(context, id, state, inputs));
      // Left open, the engine makes the difference itself, from old and new inputs, and shows it by property. It sees
      // none that is in outputs only, and may not see another `__provider`.
      const isInInputs = changed.some((name) => !this.#resource.changesInOutputs.includes(name));
      const changes = isInInputs && __provider === news.__provider ? undefined : true;
      return { changes, replaces, deleteBeforeReplace };
    });
  }

  create(inputs: Properties) {
    return told(async () => {
      const { id, state } = await this.#resource.create(this.#setup.context, inputs);
      return { id, outs: state };
    });
  }

  read(id: string, { __provider, ...state }: Properties = {}) {
    return told(async () => {
      const result = await this.#resource.read(this.#setup.context, id, state);
      return result ? { id, props: result.state, inputs: result.inputs } : { id: "", props: {} };
    });
  }

  update(id: string, { __provider, ...state }: Properties, news: Properties) {
    return told(async () => {
      const { context } = this.#setup;
      const isUntouched = async () =>
        (await this.#resource.diff(context, id, state, news)).changed.length === 0;
      if (__provider === undefined && (await isUntouched())) return { outs: state };
      return { outs: await this.#resource.update(context, id, state, news) };
    });
  }

  delete(id: string, { __provider, ...state }: Properties) {
    return told(() => this.#resource.delete(this.#setup.context, id, state));
  }
}

function contextOf(config: ConfigReader): Context {
  return createContext(readSettings(config), { log: report, declaredUrls });
}

/** The host has no log: what it prints is shown as a message. */
function report(line: string): void {
  console.log(line);
}

/** Runs a call; what it throws is told once. */
async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw bare(error);
  }
}

/** The engine prints the message, of an error that nobody foresaw its kind only. */
function bare(error: unknown): Error {
  const known = WhatsAppProviderError.is(error) ? error : unexpected(error);
  const stack = process.env.CLEVERTAP_DEBUG ? (error as Error).stack : "";
  const told = toldByEngine(known.message, stack ?? "");
  // The SDK's words for what the engine is to keep. The state holds `__provider`, without which nothing could read it again.
  return known instanceof KeptInState
    ? Object.assign(told, { id: known.id, properties: known.state, reasons: [known.message] })
    : told;
}

const isBlank = (value: unknown) => value === "" || value === UNKNOWN;

type Translator = (value: unknown) => unknown;
const fromHost: Translator = (value) =>
  typeof value === "string" && value.includes(UNKNOWN_TEXT) ? UNKNOWN : value;
const toHost: Translator = (value) => (value === UNKNOWN ? UNKNOWN_TEXT : value);

function translate(value: Properties, leaf: Translator): Properties {
  const walk = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(walk);
    if (typeof v === "object" && v !== null)
      return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, walk(x)]));
    return leaf(v);
  };
  return walk(value) as Properties;
}
