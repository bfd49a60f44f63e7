import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";

import provider = require("@pulumi/pulumi/proto/provider_grpc_pb");
import messages = require("@pulumi/pulumi/proto/provider_pb");

import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PROVIDER_TEXT } from "../../provider/resource";

/** The SDK's real dynamic-provider host as a process, driven over gRPC as the engine drives it. */

const ROOT = resolve(__dirname, "../..");
type Properties = Record<string, unknown>;

export interface Failure {
  property: string;
  reason: string;
}

export class DynamicHost {
  readonly #child: ChildProcess;
  readonly #client: InstanceType<typeof provider.ResourceProviderClient>;
  /** Everything that the host printed. */
  printed = "";

  private constructor(child: ChildProcess, port: string) {
    this.#child = child;
    this.#client = new provider.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Starts and configures a host. @param config keys without their namespace */
  static async start(config: Record<string, string>, env: Record<string, string> = {}): Promise<DynamicHost> {
    const script = join(ROOT, "node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const child = spawn(process.execPath, [script, "127.0.0.1:1"], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [first] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const host = new DynamicHost(child, String(first).trim());
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (host.printed += data));
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(named(config)));
    await host.#call("configure", request);
    return host;
  }

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(Struct.fromJavaScript(olds as never));
    request.setNews(struct(news));
    const answer = (await this.#call("check", request)) as InstanceType<typeof messages.CheckResponse>;
    const failures = answer
      .getFailuresList()
      .map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
    return { inputs: answer.getInputs()?.toJavaScript() as Properties, failures };
  }

  async diff(id: string, olds: Properties, news: Properties) {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = (await this.#call("diff", request)) as InstanceType<typeof messages.DiffResponse>;
    return {
      changes: (["unknown", "none", "some"] as const)[answer.getChanges()],
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
  }

  async create(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(inputs));
    const answer = (await this.#call("create", request)) as InstanceType<typeof messages.CreateResponse>;
    return { id: answer.getId(), outputs: answer.getProperties()?.toJavaScript() as Properties };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const answer = (await this.#call("update", request)) as InstanceType<typeof messages.UpdateResponse>;
    return answer.getProperties()?.toJavaScript() as Properties;
  }

  async read(id: string, properties: Properties) {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(properties));
    const answer = (await this.#call("read", request)) as InstanceType<typeof messages.ReadResponse>;
    const get = (value?: { toJavaScript(): unknown }) => value?.toJavaScript() as Properties;
    return { id: answer.getId(), outputs: get(answer.getProperties()), inputs: get(answer.getInputs()) };
  }

  async delete(id: string, properties: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(properties));
    await this.#call("delete", request);
  }

  async stop(): Promise<void> {
    this.#client.close();
    this.#child.kill();
    if (this.#child.exitCode === null) await once(this.#child, "exit");
  }

  #call(method: string, request: object): Promise<unknown> {
    const client = this.#client as unknown as Record<
      string,
      (request: object, done: (error: ServiceError | null, answer: unknown) => void) => void
    >;
    return new Promise((done, fail) => {
      client[method]?.(request, (error, answer) => (error ? fail(error) : done(answer)));
    });
  }
}

function struct(value: Properties): Struct {
  // Through JSON: a struct knows no undefined.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify({ __provider: PROVIDER_TEXT, ...value })));
}

function named(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`clevertap:${key}`, value]));
}
