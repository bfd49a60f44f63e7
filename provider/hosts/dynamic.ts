import { randomUUID } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";
import { passcodeNotSecret } from "../configuration/passcode";
import { readSettings } from "../configuration/settings";
import { unexpected, WhatsAppProviderError } from "../model/errors";
import { UNKNOWNS } from "../model/sentinels";
import { type Context, createContext } from "../resources/context";
import { check } from "../resources/whatsapp-provider/check";
import { create } from "../resources/whatsapp-provider/create";
import { remove } from "../resources/whatsapp-provider/delete";
import { compare, diff, isLocal, replacing } from "../resources/whatsapp-provider/diff";
import { preflightCreate, preflightUpdate } from "../resources/whatsapp-provider/preview";
import { read } from "../resources/whatsapp-provider/read";
import { update } from "../resources/whatsapp-provider/update";
import { type Inputs, type Properties, type State, UNKNOWN } from "../resources/whatsapp-provider/values";

/**
 * The front door, engine side: what the constant `__provider` text loads. The one place that knows the quirks of the
 * SDK's dynamic-provider host; everything else is the lifecycle's.
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

/** Changes that old and new inputs don't show. */
const OUTPUTS_ONLY = ["markAsDefault", "externalReference", "__api"];

/** Makes the provider object; one per process. The name is part of the constant `__provider` text: it never changes. */
export function provider(): dynamic.ResourceProvider {
  printNothingTwice();
  // The host hands the object out before it has awaited `configure`, so everything is set before the first await.
  let context: Context | undefined;
  let failure: unknown;
  let isPreview = false;

  const ready = (): Context => {
    if (failure) throw failure;
    context ??= createContext(
      readSettings(() => undefined),
      { log: report },
    );
    return context;
  };

  return {
    async configure(request) {
      try {
        const settings = readSettings((key) => request.config.get(`clevertap:${key}`));
        context = createContext(settings, { log: report });
      } catch (error) {
        // Told with the first resource that needs it: an error here would be printed with its stack.
        failure = error;
      }
    },

    async check(olds: Properties, news: Properties) {
      const { __hints, __provider, ...rest } = news;
      const hints = (__hints ?? {}) as Partial<Hints>;
      isPreview = hints.preview ?? false;
      const before = translate(olds, fromHost);
      const request = {
        olds: Object.keys(before).length > 0 ? before : undefined,
        news: translate(rest, fromHost),
        // Without a URN nobody may be taken for the owner of what another call made.
        urn: hints.urn ?? randomUUID(),
        organization: hints.organization ?? "organization",
        confidential: hints.confidential,
      };
      const { inputs, failures } = await attempt(async () => {
        const context = ready();
        const plain = (hints.plainPasscodes ?? []).map(passcodeNotSecret);
        if (plain.length > 0) return { inputs: request.news, failures: plain };
        const result = await check(context, request);
        if (result.failures.length > 0 || !isPreview) return result;
        const isNew = !request.olds || replacing(context, request.olds, result.inputs).length > 0;
        return isNew ? { ...result, failures: await preflightCreate(context, result.inputs) } : result;
      }, request.news);
      return {
        inputs: translate(inputs, toHost),
        // A property's name here would make the engine print its value in clear, secret or not.
        failures: failures.map((error) => ({ property: "", reason: error.message })),
      };
    },

    async diff(id: string, olds: Properties, news: Properties) {
      return short(async () => {
        const context = ready();
        const { __provider, ...state } = translate(olds, fromHost) as State & Properties;
        const inputs = translate(news, fromHost);
        const { changed, replaces, deleteBeforeReplace } = await diff(context, id, state, inputs);
        // A plugin's state tells this host no way back to the code: an update without a request adds it.
        if (changed.length === 0) return { changes: __provider === undefined };
        if (isPreview && replaces.length === 0 && !isLocal(changed)) {
          const failures = await preflightUpdate(context, id, state, inputs);
          if (failures.length > 0) throw combined(failures);
        }
        // Left open, the engine makes the difference itself, from old and new inputs, and shows it by property. It sees
        // none that is in outputs only, and may not see another `__provider`.
        const isInputs =
          changed.some((name) => !OUTPUTS_ONLY.includes(name)) && __provider === news.__provider;
        return { changes: isInputs ? undefined : true, replaces, deleteBeforeReplace };
      });
    },

    async create(inputs: Properties) {
      return short(async () => {
        const { id, state } = await create(ready(), inputs as unknown as Inputs);
        return { id, outs: state };
      });
    },

    async read(id: string, props?: Properties) {
      return short(async () => {
        const { __provider, ...state } = props ?? {};
        const result = await read(ready(), id, state as State);
        if (!result) return { id: "", props: {} };
        return { id, props: result.state, inputs: result.inputs };
      });
    },

    async update(id: string, olds: Properties, news: Properties) {
      return short(async () => {
        const { __provider, ...state } = olds;
        const context = ready();
        if (__provider === undefined && compare(context, state as State, news).changed.length === 0)
          return { outs: state };
        return { outs: await update(context, id, state as State, news as unknown as Inputs) };
      });
    },

    async delete(id: string, props: Properties) {
      return short(() => remove(ready(), id, props as State));
    },
  };
}

/** The host has no log: what it prints is shown as a message. */
function report(line: string): void {
  console.log(line);
}

async function attempt<T extends { inputs: Properties; failures: readonly WhatsAppProviderError[] }>(
  run: () => Promise<T>,
  inputs: Properties,
): Promise<{ inputs: Properties; failures: readonly WhatsAppProviderError[] }> {
  try {
    return await run();
  } catch (error) {
    if (WhatsAppProviderError.is(error)) return { inputs, failures: [error] };
    throw bare(error);
  }
}

async function short<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw bare(error);
  }
}

/** The engine prints the message; of what the host prints beside it nothing is left. */
function bare(error: unknown): Error {
  const known = WhatsAppProviderError.is(error) ? error : unexpected(error);
  const stack = process.env.CLEVERTAP_DEBUG ? (error as Error).stack : "";
  return Object.assign(new Error(known.message), { toString: () => "", stack });
}

/** What the host prints of an error of {@link bare}. */
const NOTHING = ": ";

/** One cause, one message: the host prints errors of check, diff, read and delete, and the engine prints them again. */
function printNothingTwice(): void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    if (values.length !== 1 || values[0] !== NOTHING) print(...values);
  };
}

/** Several failures as one error, a line each. */
function combined(failures: readonly WhatsAppProviderError[]): WhatsAppProviderError {
  const [first] = failures as [WhatsAppProviderError];
  return failures.length === 1
    ? first
    : Object.assign(first, { message: failures.map((f) => f.message).join("\n") });
}

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
