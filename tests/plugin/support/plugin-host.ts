import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";

import engineStubs = require("@pulumi/pulumi/proto/engine_grpc_pb");
import engineMessages = require("@pulumi/pulumi/proto/engine_pb");
import provider = require("@pulumi/pulumi/proto/provider_grpc_pb");
import messages = require("@pulumi/pulumi/proto/provider_pb");
import status = require("@pulumi/pulumi/proto/status_pb");

import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** The plugin's real executable as a process, driven over gRPC as the engine drives it. */

const ROOT = resolve(__dirname, "../../..");
export const EXECUTABLE = join(ROOT, "plugin/pulumi-resource-clevertap");
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const URN = "urn:pulumi:dev::test::clevertap:index:WhatsAppProvider::kaleyra";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export type Properties = Record<string, unknown>;

export const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });
export const isSecret = (value: unknown) => (value as Properties)?.[SIGNATURE] === SECRET;
const struct = (values: Properties) =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Parameters<typeof Struct.fromJavaScript>[0]);
const plain = (value: Struct | undefined) => value?.toJavaScript() as Properties;

/** Values with their secrets unwrapped. */
export const opened = (values: Properties) =>
  Object.fromEntries(
    Object.entries(values).map(([k, v]) => [k, isSecret(v) ? (v as { value: unknown }).value : v]),
  );

type Client = InstanceType<typeof provider.ResourceProviderClient>;

export class PluginHost {
  readonly #child: ChildProcess;
  readonly #client: Client;
  readonly #engine: Server;
  /** What the plugin told the engine's log. */
  readonly logged: { message: string; urn: string }[] = [];

  private constructor(child: ChildProcess, client: Client, engine: Server) {
    this.#child = child;
    this.#client = client;
    this.#engine = engine;
  }

  static async start(environment: Record<string, string> = {}): Promise<PluginHost> {
    const child = spawn(EXECUTABLE, [], {
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [first] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const address = `127.0.0.1:${String(first).trim()}`;
    const engine = new Server();
    const host = new PluginHost(
      child,
      new provider.ResourceProviderClient(address, credentials.createInsecure()),
      engine,
    );
    const log = (
      call: { request: InstanceType<typeof engineMessages.LogRequest> },
      done: (e: null, r: Empty) => void,
    ) => {
      host.logged.push({ message: call.request.getMessage(), urn: call.request.getUrn() });
      done(null, new Empty());
    };
    engine.addService(engineStubs.EngineService as never, { log } as never);
    const port = await new Promise<number>((ok, fail) =>
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (e, p) => (e ? fail(e) : ok(p))),
    );
    const handshake = new messages.ProviderHandshakeRequest();
    handshake.setEngineAddress(`127.0.0.1:${port}`);
    await host.call("handshake", handshake);
    return host;
  }

  /** A configured host. @param config keys without their namespace */
  static async configured(config: Properties, environment?: Record<string, string>): Promise<PluginHost> {
    const host = await PluginHost.start(environment);
    await host.configure(config);
    return host;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answers of all calls, each with its own message class
  call(method: string, request: unknown): Promise<any> {
    return new Promise((done, fail) => {
      // biome-ignore lint/suspicious/noExplicitAny: the generated client has a member for each call
      (this.#client as any)[method](request, (error: ServiceError | null, answer: unknown) =>
        error ? fail(error) : done(answer),
      );
    });
  }

  async configure(config: Properties, urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::default") {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(config));
    request.setUrn(urn);
    const answer = await this.call("configure", request);
    return { acceptSecrets: answer.getAcceptsecrets(), supportsPreview: answer.getSupportspreview() };
  }

  async check(news: Properties, olds?: Properties, urn = URN) {
    return this.#check("check", news, olds, urn);
  }

  async checkConfig(news: Properties, urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::mine") {
    return this.#check("checkConfig", news, undefined, urn);
  }

  async #check(method: string, news: Properties, olds: Properties | undefined, urn: string) {
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    request.setNews(struct(news));
    if (olds) request.setOlds(struct(olds));
    const answer = await this.call(method, request);
    const failures = answer
      .getFailuresList()
      .map((f: InstanceType<typeof messages.CheckFailure>) => f.getReason()) as string[];
    for (const failure of answer.getFailuresList()) expect(failure.getProperty()).toBe("");
    return { inputs: plain(answer.getInputs()), failures };
  }

  async diff(id: string, olds: Properties, news: Properties) {
    return this.#diff("diff", URN, olds, news, id);
  }

  async diffConfig(
    olds: Properties,
    news: Properties,
    urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::mine",
  ) {
    return this.#diff("diffConfig", urn, olds, news);
  }

  async #diff(method: string, urn: string, olds: Properties, news: Properties, id = "") {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setOlds(struct(olds));
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    const answer = (await this.call(method, request)) as InstanceType<typeof messages.DiffResponse>;
    const kinds = Object.entries(messages.PropertyDiff.Kind);
    const detail: Record<string, string | undefined> = {};
    answer.getDetaileddiffMap().forEach((diff, name) => {
      detail[name] = kinds.find(([, kind]) => kind === diff.getKind())?.[0];
    });
    return {
      changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      stables: answer.getStablesList(),
      detail,
    };
  }

  async create(inputs: Properties, { preview = false } = {}) {
    const request = new messages.CreateRequest();
    request.setUrn(URN);
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    const answer = await this.call("create", request);
    return { id: answer.getId() as string, outputs: plain(answer.getProperties()) };
  }

  async read(id: string, state?: Properties, inputs?: Properties) {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setUrn(URN);
    request.setProperties(struct(state ?? {}));
    if (inputs) request.setInputs(struct(inputs));
    const answer = await this.call("read", request);
    return {
      id: answer.getId() as string,
      outputs: plain(answer.getProperties()),
      inputs: plain(answer.getInputs()),
    };
  }

  async update(id: string, olds: Properties, news: Properties, { preview = false } = {}) {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setUrn(URN);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setPreview(preview);
    return plain((await this.call("update", request)).getProperties());
  }

  async delete(id: string, state: Properties) {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setUrn(URN);
    request.setProperties(struct(state));
    await this.call("delete", request);
  }

  async invoke(token: string, args: Properties) {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    const answer = await this.call("invoke", request);
    const failures = answer.getFailuresList();
    return { result: plain(answer.getReturn()), failure: failures[0]?.getReason() as string | undefined };
  }

  async cancel() {
    await this.call("cancel", new Empty());
  }

  async stop() {
    const ended = once(this.#child, "exit");
    this.#child.kill();
    await ended;
    this.#client.close();
    this.#engine.forceShutdown();
  }
}

/** The partial state that an error carries. */
export function partialState(
  error: unknown,
): { id: string; state: Properties; reasons: string[] } | undefined {
  const [bytes] = (error as ServiceError).metadata?.get("grpc-status-details-bin") ?? [];
  if (!bytes) return undefined;
  const detail = status.Status.deserializeBinary(bytes as Buffer).getDetailsList()[0];
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() as Uint8Array);
  return { id: failed.getId(), state: plain(failed.getProperties()), reasons: failed.getReasonsList() };
}
