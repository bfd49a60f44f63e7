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
import { placeholderFor, placeholdersIn } from "../../model/placeholder";
import { type Context, createContext } from "../../resources/context";
import { check } from "../../resources/whatsapp-provider/check";
import { create } from "../../resources/whatsapp-provider/create";
import { remove } from "../../resources/whatsapp-provider/delete";
import { compare, diff, isLocal } from "../../resources/whatsapp-provider/diff";
import { lookup, lookupDefaults } from "../../resources/whatsapp-provider/lookup";
import { markOfUpdate } from "../../resources/whatsapp-provider/ownership";
import { preflightCreate, preflightUpdate } from "../../resources/whatsapp-provider/preview";
import { INPUTS, KNOWN_EARLY, SECRETS } from "../../resources/whatsapp-provider/properties";
import { type ReadResult, read } from "../../resources/whatsapp-provider/read";
import { update } from "../../resources/whatsapp-provider/update";
import { type Inputs, type Properties, type State, UNKNOWN } from "../../resources/whatsapp-provider/values";
import {
  checkInstance,
  diffConfig,
  isDefaultInstance,
  passcodesInClear,
  SECRET_ARGUMENTS,
  settingsOf,
} from "./config";
import { decode, encode } from "./encoding";
import { combined, isOutcomeOpen, Unfinished } from "./failure";
import { report } from "./log";

/**
 * The second door, engine side: the calls of the engine's provider protocol on the lifecycle. The one place that knows the
 * engine's ways; loaded with the first call that needs it, since the engine waits for the handshake.
 */

const TYPE = "clevertap:index:WhatsAppProvider";
/** Outputs that stay what they are through an update in place. */
const STABLE = ["mobileNumber", "account", "accountId", "externalReference", "status"];

/** The calls of one provider process. @param signal ends every request that is under way */
export function createOperations(signal: AbortSignal) {
  let context: Context | undefined;
  /** Told with the first resource that needs the configuration: next to the resource, and all at once. */
  let failures: readonly WhatsAppProviderError[] = [];
  /** Resources that this process imported: their check comes next, and their secrets are left to set. */
  const imported = new Set<string>();

  const setUp = (values: Properties, isDefault: boolean): void => {
    try {
      context = createContext(settingsOf(values, isDefault), {
        log: report,
        warn: (line) => report(line, "WARNING"),
        signal,
      });
    } catch (error) {
      if (!WhatsAppProviderError.is(error)) throw error;
      failures = [error];
    }
  };

  const ready = (): Context => {
    if (failures.length > 0) throw combined(failures);
    if (!context) setUp({}, true);
    if (!context) throw combined(failures);
    return context;
  };

  return {
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
    },

    diffConfig(request: DiffRequest) {
      const olds = decode(request.getOldInputs() ?? request.getOlds()).values;
      const { changed, replaces } = diffConfig(request.getUrn(), olds, decode(request.getNews()).values);
      return diffResponse(changed, replaces, olds);
    },

    configure(request: ConfigureRequest) {
      const decoded = decode(request.getArgs());
      const isDefault = isDefaultInstance(request.getUrn() ?? "::default");
      imported.clear();
      failures = isDefault ? passcodesInClear(decoded) : [];
      if (failures.length === 0) setUp(decoded.values, isDefault);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    },

    async check(request: CheckRequest) {
      expectType(request.getUrn());
      const { values, secrets } = decode(request.getNews());
      const { __hints, ...news } = values;
      const olds = request.hasOlds() ? decode(request.getOlds()).values : {};
      const marked = [...SECRETS, ...secrets];
      if (failures.length > 0) return checkResponse(news, marked, failures);
      const result = await check(ready(), {
        olds: Object.keys(olds).length > 0 ? olds : undefined,
        news,
        urn: request.getUrn(),
        organization: organizationOf(__hints),
        confidential: secrets,
        allowPlaceholders: imported.has(request.getUrn()),
      });
      return checkResponse(result.inputs, marked, result.failures);
    },

    async diff(request: DiffRequest) {
      const state = decode(request.getOlds()).values;
      // A refresh compares inputs that no check has seen after an import: what it would add is as in state.
      const computed = Object.fromEntries(KNOWN_EARLY.map((name) => [name, state[name]]));
      const inputs = { ...computed, ...decode(request.getNews()).values };
      const difference = await diff(ready(), request.getId(), state, inputs);
      const { replaces, deleteBeforeReplace } = difference;
      // The engine compares right after an import, before there is a program that could want anything.
      const isImport = imported.has(request.getUrn());
      const changed = difference.changed.filter((name) => !(isImport && name === "externalReference"));
      const response = diffResponse(changed, replaces, state, inputs);
      response.setDeletebeforereplace(deleteBeforeReplace);
      if (replaces.length === 0) {
        const isKept = markOfUpdate(state, inputs as unknown as Inputs) === state.externalReference;
        const stable = STABLE.filter((name) => name !== "externalReference" || isKept);
        response.setStablesList(stable.filter((name) => state[name] !== undefined));
      }
      return response;
    },

    async create(request: CreateRequest) {
      expectType(request.getUrn());
      const { values, secrets } = decode(request.getProperties());
      const marked = [...SECRETS, ...secrets];
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        refuse(await preflightCreate(ready(), values));
        response.setProperties(encode(previewed(values, unknownOutputs(ready(), values)), marked));
        return response;
      }
      refuse(placeholdersIn(values));
      try {
        const { id, state } = await create(ready(), values as unknown as Inputs);
        response.setId(id);
        response.setProperties(encode(state, marked));
        return response;
      } catch (error) {
        throw withOutcome(error);
      }
    },

    async read(request: ReadRequest) {
      expectType(request.getUrn());
      const context = ready();
      const { values: known, secrets } = decode(request.getProperties());
      const { __hints, ...state } = known;
      // The engine sends inputs for a refresh and for get: without, it is an import.
      const isImport = !request.hasInputs() && state.revision === undefined;
      const { id, account } = isImport ? importId(context, request.getId()) : { id: request.getId() };
      const result = await read(context, id, account === undefined ? state : { ...state, account });
      const response = new messages.ReadResponse();
      if (!result) return response;
      if (isImport) imported.add(request.getUrn());
      const { state: found, inputs } = isImport ? withPlaceholders(result) : result;
      const before = decode(request.getInputs());
      // What check computes is no argument: in an import it would become part of the program, and in the refresh after
      // one, which has not been checked yet, it would show as drift.
      const isChecked = before.values.payloadVersion !== undefined;
      const marked = [...SECRETS, ...secrets, ...before.secrets];
      response.setId(id);
      response.setProperties(encode(found, marked));
      response.setInputs(encode(isChecked ? inputs : argumentsIn(inputs), marked));
      return response;
    },

    async update(request: UpdateRequest) {
      expectType(request.getUrn());
      const context = ready();
      const id = request.getId();
      const { values: state, secrets: oldSecrets } = decode(request.getOlds());
      const { values, secrets } = decode(request.getNews());
      const marked = [...SECRETS, ...secrets];
      const response = new messages.UpdateResponse();
      if (request.getPreview()) {
        const { changed } = compare(context, state, values);
        if (!isLocal(changed)) refuse(await preflightUpdate(context, id, state, values));
        const { isDefault, status, accountId, __defaults } = state;
        const kept = {
          isDefault: values.markAsDefault === true || isDefault,
          status,
          accountId,
          externalReference: changed.includes("externalReference")
            ? UNKNOWN
            : markOfUpdate(state, values as unknown as Inputs),
          __defaults,
        };
        response.setProperties(encode(previewed(values, { ...kept, revision: UNKNOWN }), marked));
        return response;
      }
      refuse(placeholdersIn(values));
      try {
        response.setProperties(encode(await update(context, id, state, values as unknown as Inputs), marked));
        return response;
      } catch (error) {
        const open = withOutcome(error);
        if (!isOutcomeOpen(open)) throw open;
        throw new Unfinished(id, state, [...SECRETS, ...oldSecrets], open);
      }
    },

    async delete(request: DeleteRequest) {
      expectType(request.getUrn());
      try {
        await remove(ready(), request.getId(), decode(request.getProperties()).values as State);
      } catch (error) {
        throw withOutcome(error);
      }
    },

    async invoke(request: InvokeRequest) {
      const { values } = decode(request.getArgs());
      const run = FUNCTIONS[request.getTok()];
      if (!run) throw notInThisVersion(`function ${request.getTok()}`);
      const response = new messages.InvokeResponse();
      try {
        response.setReturn(encode(await run(ready(), values)));
      } catch (error) {
        if (!WhatsAppProviderError.is(error)) throw error;
        response.setFailuresList([checkFailure(error)]);
      }
      return response;
    },
  };
}

export type Operations = ReturnType<typeof createOperations>;

const FUNCTIONS: Record<string, (context: Context, args: Properties) => Promise<object>> = {
  "clevertap:index:getWhatsAppProvider": (context, args) => lookup(context, args as { mobileNumber: string }),
  "clevertap:index:getProviderDefaults": (context, args) => lookupDefaults(context, args),
};

function expectType(urn: string): void {
  const type = urn.split("::")[2]?.split("$").pop();
  if (type !== TYPE) throw notInThisVersion(`resource type ${type}`);
}

/** The engine does not tell a plugin; a program in TypeScript does. The file backends call it `organization`. */
function organizationOf(hints: unknown): string {
  const hinted = (hints as { organization?: unknown } | undefined)?.organization;
  return typeof hinted === "string" ? hinted : (process.env.PULUMI_ORGANIZATION ?? "organization");
}

function refuse(failures: readonly WhatsAppProviderError[]): void {
  if (failures.length > 0) throw combined(failures);
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

/** Inputs as the outputs that a write will return, as far as they are known. */
function previewed({ __owner, ...inputs }: Properties, outputs: Properties): Properties {
  return { ...inputs, ...outputs };
}

function unknownOutputs(context: Context, inputs: Properties): Properties {
  const { account, markAsDefault } = inputs;
  return {
    isDefault: markAsDefault === true ? true : UNKNOWN,
    status: UNKNOWN,
    revision: UNKNOWN,
    externalReference: UNKNOWN,
    accountId:
      account === UNKNOWN ? UNKNOWN : context.session(account as string | undefined).account.accountId,
  };
}

/** `ID`, or `NAME/ID` for a provider of an entry of clevertap:accounts: an import can't say it otherwise. */
function importId(context: Context, text: string): { id: string; account?: string } {
  const [name, ...rest] = text.split("/");
  if (!name || rest.length === 0) return { id: text };
  try {
    context.session(name);
  } catch {
    return { id: text };
  }
  return { id: rest.join("/"), account: name };
}

/** The API shows no secret: each gets a text that says what is left to do, and that no check lets through. */
function withPlaceholders({ state, inputs }: ReadResult): ReadResult {
  const headers = state.headers && {
    headers: Object.fromEntries(
      Object.entries(state.headers).map(([name, value]) => [
        name,
        value || placeholderFor(`headers.${name}`),
      ]),
    ),
  };
  const secrets = { apiKey: placeholderFor("apiKey"), sid: placeholderFor("sid"), ...headers };
  return { state: { ...state, ...secrets }, inputs: { ...inputs, ...secrets } };
}

function argumentsIn(inputs: Properties): Properties {
  return Object.fromEntries(
    INPUTS.filter(({ name }) => name in inputs).map(({ name }) => [name, inputs[name]]),
  );
}

function checkResponse(
  inputs: Properties,
  secrets: readonly string[],
  failures: readonly WhatsAppProviderError[],
) {
  const response = new messages.CheckResponse();
  response.setInputs(encode(inputs, secrets));
  response.setFailuresList(failures.map(checkFailure));
  return response;
}

/** A property's name here would make the engine print its value in clear, secret or not. */
function checkFailure(error: WhatsAppProviderError) {
  const failure = new messages.CheckFailure();
  failure.setProperty("");
  failure.setReason(error.message);
  return failure;
}

function diffResponse(changed: string[], replaces: string[], olds: Properties, news?: Properties) {
  const { Kind } = messages.PropertyDiff;
  const response = new messages.DiffResponse();
  const { DiffChanges } = messages.DiffResponse;
  response.setChanges(changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDiffsList(changed);
  response.setHasdetaileddiff(true);
  for (const name of changed) {
    const isReplacing = replaces.includes(name);
    const detail = new messages.PropertyDiff();
    if (olds[name] === undefined) detail.setKind(isReplacing ? Kind.ADD_REPLACE : Kind.ADD);
    else if (news && news[name] === undefined)
      detail.setKind(isReplacing ? Kind.DELETE_REPLACE : Kind.DELETE);
    else detail.setKind(isReplacing ? Kind.UPDATE_REPLACE : Kind.UPDATE);
    response.getDetaileddiffMap().set(name, detail);
  }
  return response;
}
