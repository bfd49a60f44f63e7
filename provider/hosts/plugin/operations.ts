import type {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { unknownKeyWarnings } from "../../configuration/unknown-keys";
import { notInThisVersion, WhatsAppProviderError } from "../../model/errors";
import { placeholdersIn } from "../../model/placeholder";
import { propertiesOf } from "../../model/property";
import type { Properties } from "../../model/unknown";
import { partsOf } from "../../model/urn";
import { resourceNamed } from "../../resources";
import { type Context, createContext } from "../../resources/context";
import { KeptInState, type Resource } from "../../resources/resource";
import { lookup, lookupDefaults } from "../../resources/whatsapp-provider/lookup";
import { refuse, Setup } from "../shared";
import { decode, encode } from "./encoding";
import { isOutcomeOpen, Unfinished } from "./failure";
import { importId, withPlaceholders } from "./import";
import {
  checkInstance,
  diffConfig,
  isDefaultInstance,
  passcodesInClear,
  SECRET_ARGUMENTS,
  settingsOf,
} from "./instance";
import { report } from "./log";
import { checkFailure, checkResponse, diffResponse } from "./responses";

/**
 * The second door, engine side: the calls of the engine's provider protocol on the resources. The one place that knows the
 * engine's ways; loaded with the first call that needs it, since the engine waits for the handshake.
 */
export class Operations {
  readonly #setup = new Setup(() => this.#contextOf({}, true));
  /** URNs that this process imported: their check comes next, and their secrets are left to set. */
  readonly #imported = new Set<string>();
  readonly #signal: AbortSignal;

  /** @param signal ends every request that is under way */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  checkConfig(request: CheckRequest) {
    const { values, secrets } = decode(request.getNews());
    const isDefault = isDefaultInstance(request.getUrn());
    // The stack's own keeps what the configuration says of secrets: a passcode in clear is to be noticed.
    const marked = isDefault ? secrets : [...secrets, ...SECRET_ARGUMENTS];
    // The engine adds the version that the program's SDK asks for.
    const { version, ...args } = values;
    const found = isDefault ? [] : checkInstance(args);
    // Of the arguments of the program's own instance, checkInstance has spoken; they are in no namespace.
    const lines = unknownKeyWarnings(isDefault ? args : { accounts: args.accounts });
    for (const line of lines) report(isDefault ? line : line.replace("clevertap:", ""), "WARNING");
    return checkResponse(values, marked, found);
  }

  diffConfig(request: DiffRequest) {
    const olds = decode(request.getOldInputs() ?? request.getOlds()).values;
    const { changed, replaces } = diffConfig(request.getUrn(), olds, decode(request.getNews()).values);
    return diffResponse(changed, replaces, olds);
  }

  configure(request: ConfigureRequest) {
    const decoded = decode(request.getArgs());
    const isDefault = isDefaultInstance(request.getUrn() ?? "::default");
    this.#imported.clear();
    this.#setup.configure(
      () => this.#contextOf(decoded.values, isDefault),
      isDefault ? passcodesInClear(decoded) : [],
    );
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  async check(request: CheckRequest) {
    const resource = resourceOf(request.getUrn());
    const { values, secrets } = decode(request.getNews());
    const { __hints, ...news } = values;
    const olds = request.hasOlds() ? decode(request.getOlds()).values : {};
    const made = propertiesOf(resource.properties, "early").filter(({ madeOf }) =>
      madeOf?.some((name) => secrets.includes(name)),
    );
    const marked = [...secretsOf(resource), ...secrets, ...made.map(({ name }) => name)];
    if (this.#setup.failures.length > 0) return checkResponse(news, marked, this.#setup.failures);
    const result = await resource.check(this.#setup.context, {
      olds: Object.keys(olds).length > 0 ? olds : undefined,
      news,
      urn: request.getUrn(),
      organization: organizationOf(__hints),
      confidential: secrets,
      allowPlaceholders: this.#imported.has(request.getUrn()),
    });
    return checkResponse(result.inputs, marked, result.failures);
  }

  async diff(request: DiffRequest) {
    const resource = resourceOf(request.getUrn());
    const state = decode(request.getOlds()).values;
    // A refresh compares inputs that no check has seen after an import: what it would add is as in state.
    const computed = Object.fromEntries(
      propertiesOf(resource.properties, "early").map(({ name }) => [name, state[name]]),
    );
    const inputs = { ...computed, ...decode(request.getNews()).values };
    const found = await resource.diff(this.#setup.context, request.getId(), state, inputs);
    // The engine compares right after an import, before there is a program that could want anything.
    const isImport = this.#imported.has(request.getUrn());
    const changed = found.changed.filter((name) => !(isImport && resource.changesInOutputs.includes(name)));
    // A program can leave out an argument. An output that changes is only not known yet.
    const outputs = propertiesOf(resource.properties, "output").map(({ name }) => [name, state[name]]);
    const response = diffResponse(changed, found.replaces, state, {
      ...Object.fromEntries(outputs),
      ...inputs,
    });
    response.setDeletebeforereplace(found.deleteBeforeReplace);
    if (found.replaces.length === 0) response.setStablesList(resource.stable(state, inputs));
    return response;
  }

  async create(request: CreateRequest) {
    const resource = resourceOf(request.getUrn());
    const { values, secrets } = decode(request.getProperties());
    const marked = [...secretsOf(resource), ...secrets];
    const { context } = this.#setup;
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
      refuse(await resource.previewCreate(context, values));
      response.setProperties(encode(resource.planned(context, values), marked));
      return response;
    }
    refuse(placeholdersIn(values, secretsOf(resource)));
    try {
      const { id, state } = await resource.create(context, values);
      response.setId(id);
      response.setProperties(encode(state, marked));
      return response;
    } catch (error) {
      throw error instanceof KeptInState ? unfinished(error, marked) : withOutcome(error);
    }
  }

  async read(request: ReadRequest) {
    const resource = resourceOf(request.getUrn());
    const { context } = this.#setup;
    const { values: known, secrets } = decode(request.getProperties());
    const { __hints, ...state } = known;
    // The engine sends inputs for a refresh and for get: without, it is an import.
    const isImport = !request.hasInputs() && state.revision === undefined;
    const { id, account } = isImport ? importId(context, request.getId()) : { id: request.getId() };
    const result = await resource.read(context, id, account === undefined ? state : { ...state, account });
    const response = new messages.ReadResponse();
    if (!result) return response;
    if (isImport) this.#imported.add(request.getUrn());
    const { state: found, inputs } = isImport ? withPlaceholders(result, resource.properties) : result;
    const before = decode(request.getInputs());
    // What check computes is no argument: in an import it would become part of the program, and in the refresh after
    // one, which has not been checked yet, it would show as drift.
    const isChecked = propertiesOf(resource.properties, "early").some(({ name }) => name in before.values);
    const marked = [...secretsOf(resource), ...secrets, ...before.secrets];
    response.setId(id);
    response.setProperties(encode(found, marked));
    response.setInputs(encode(isChecked ? inputs : argumentsIn(resource, inputs), marked));
    return response;
  }

  async update(request: UpdateRequest) {
    const resource = resourceOf(request.getUrn());
    const { context } = this.#setup;
    const id = request.getId();
    const { values: state, secrets: oldSecrets } = decode(request.getOlds());
    const { values, secrets } = decode(request.getNews());
    const marked = [...secretsOf(resource), ...secrets];
    const response = new messages.UpdateResponse();
    if (request.getPreview()) {
      refuse(await resource.previewUpdate(context, id, state, values));
      response.setProperties(encode(resource.planned(context, values, state), marked));
      return response;
    }
    refuse(placeholdersIn(values, secretsOf(resource)));
    try {
      response.setProperties(encode(await resource.update(context, id, state, values), marked));
      return response;
    } catch (error) {
      if (error instanceof KeptInState) throw unfinished(error, marked);
      const open = withOutcome(error);
      if (!isOutcomeOpen(open)) throw open;
      throw new Unfinished(id, state, [...secretsOf(resource), ...oldSecrets], open);
    }
  }

  async delete(request: DeleteRequest) {
    const resource = resourceOf(request.getUrn());
    try {
      await resource.delete(this.#setup.context, request.getId(), decode(request.getProperties()).values);
    } catch (error) {
      throw withOutcome(error);
    }
  }

  async invoke(request: InvokeRequest) {
    const { values } = decode(request.getArgs());
    const run = FUNCTIONS[request.getTok()];
    if (!run) throw notInThisVersion(`function ${request.getTok()}`);
    const response = new messages.InvokeResponse();
    try {
      response.setReturn(encode(await run(this.#setup.context, values)));
    } catch (error) {
      if (!WhatsAppProviderError.is(error)) throw error;
      response.setFailuresList([checkFailure(error)]);
    }
    return response;
  }

  #contextOf(values: Properties, isDefault: boolean): Context {
    return createContext(settingsOf(values, isDefault), {
      log: report,
      warn: (line) => report(line, "WARNING"),
      signal: this.#signal,
    });
  }
}

const FUNCTIONS: Record<string, (context: Context, args: Properties) => Promise<object>> = {
  "clevertap:index:getWhatsAppProvider": (context, args) => lookup(context, args as { mobileNumber: string }),
  "clevertap:index:getProviderDefaults": (context, args) => lookupDefaults(context, args),
};

/** The resource of a URN: the last of its types is `clevertap:index:<name>`. */
function resourceOf(urn: string): Resource {
  const type = partsOf(urn).types.at(-1) ?? "";
  return resourceNamed(type.replace(/^clevertap:index:/, ""));
}

function secretsOf({ properties }: Resource): string[] {
  return propertiesOf(properties, "argument").flatMap(({ name, secret }) => (secret ? name : []));
}

/** The engine does not tell a plugin; a program in TypeScript does. The file backends call it `organization`. */
function organizationOf(hints: unknown): string {
  const hinted = (hints as { organization?: unknown } | undefined)?.organization;
  return typeof hinted === "string" ? hinted : (process.env.PULUMI_ORGANIZATION ?? "organization");
}

/** A write that took effect, with the state that the engine is to keep. */
function unfinished(error: KeptInState, secrets: Iterable<string>): Unfinished {
  return new Unfinished(error.id, error.state, secrets, error);
}

/** Says of a write that was cut off what is known of it: nothing. */
function withOutcome(error: unknown): unknown {
  const { outcomeUnknown } = error as { outcomeUnknown?: boolean };
  if (!WhatsAppProviderError.is(error) || error.code !== "cancelled" || outcomeUnknown === false)
    return error;
  return new WhatsAppProviderError("cancelled", `${error.what}, so it is not known whether it took effect`, {
    requestId: error.requestId,
  });
}

function argumentsIn({ properties }: Resource, inputs: Properties): Properties {
  const names = propertiesOf(properties, "argument").map(({ name }) => name);
  return Object.fromEntries(names.filter((name) => name in inputs).map((name) => [name, inputs[name]]));
}
