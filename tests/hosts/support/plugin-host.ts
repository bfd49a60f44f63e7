import { dirname, join } from "node:path";
import { Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";

import engineStubs = require("@pulumi/pulumi/proto/engine_grpc_pb");
import engineMessages = require("@pulumi/pulumi/proto/engine_pb");
import messages = require("@pulumi/pulumi/proto/provider_pb");
import plugin = require("@pulumi/pulumi/proto/plugin_pb");
import status = require("@pulumi/pulumi/proto/status_pb");

import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ask, GrpcProvider, type Properties, plain, ROOT, struct } from "../../support/grpc-provider";

export { type Properties, UNKNOWN } from "../../support/grpc-provider";

export const URN = "urn:pulumi:dev::test::clevertap:index:WhatsAppProvider::kaleyra";
const EXECUTABLE = join(ROOT, "plugin/pulumi-resource-clevertap");
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });
export const isSecret = (value: unknown) => (value as Properties)?.[SIGNATURE] === SECRET;

/** Values with their secrets unwrapped. */
export const opened = (values: Properties) =>
  Object.fromEntries(
    Object.entries(values).map(([k, v]) => [k, isSecret(v) ? (v as { value: unknown }).value : v]),
  );

/** The plugin's real executable, with an engine that it can log to. */
export class PluginHost extends GrpcProvider {
  readonly #engine = new Server();
  /** What the plugin told the engine's log. */
  readonly logged: { message: string; urn: string }[] = [];

  static async start(environment: Record<string, string> = {}): Promise<PluginHost> {
    const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ...environment };
    const { child, port } = await GrpcProvider.launch(EXECUTABLE, [], env);
    const host = new PluginHost(child, port, { urn: URN });
    await host.handshake(await host.#listen());
    return host;
  }

  /** A configured host. @param config keys without their namespace */
  static async configured(config: Properties, environment?: Record<string, string>): Promise<PluginHost> {
    const host = await PluginHost.start(environment);
    await host.configure(config);
    return host;
  }

  /** Serves the engine's log. @returns its address */
  async #listen(): Promise<string> {
    const log = (call: { request: engineMessages.LogRequest }, done: (e: null, r: Empty) => void) => {
      this.logged.push({ message: call.request.getMessage(), urn: call.request.getUrn() });
      done(null, new Empty());
    };
    this.#engine.addService(engineStubs.EngineService as never, { log } as never);
    const local = "127.0.0.1";
    const port = await new Promise<number>((ok, fail) =>
      this.#engine.bindAsync(`${local}:0`, ServerCredentials.createInsecure(), (e, p) =>
        e ? fail(e) : ok(p),
      ),
    );
    return `${local}:${port}`;
  }

  handshake(engineAddress = "") {
    const request = new messages.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress);
    return ask<messages.ProviderHandshakeResponse>((done) => this.client.handshake(request, done));
  }

  async version() {
    const answer = await ask<plugin.PluginInfo>((done) => this.client.getPluginInfo(new Empty(), done));
    return answer.getVersion();
  }

  async schema() {
    const request = new messages.GetSchemaRequest();
    const answer = await ask<messages.GetSchemaResponse>((done) => this.client.getSchema(request, done));
    return JSON.parse(answer.getSchema());
  }

  async invoke(token: string, args: Properties) {
    const request = new messages.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    const answer = await ask<messages.InvokeResponse>((done) => this.client.invoke(request, done));
    return { result: plain(answer.getReturn()), failure: answer.getFailuresList()[0]?.getReason() };
  }

  async cancel() {
    await ask((done) => this.client.cancel(new Empty(), done));
  }

  override async stop() {
    await super.stop();
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
