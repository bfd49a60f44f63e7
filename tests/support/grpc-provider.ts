import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";

import provider = require("@pulumi/pulumi/proto/provider_grpc_pb");
import messages = require("@pulumi/pulumi/proto/provider_pb");

import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A provider as a process of its own, driven over gRPC as the engine drives it, without the engine. */

export const ROOT = resolve(__dirname, "../..");
/** How the engine writes a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Record<string, unknown>;
type Callback<Answer> = (error: ServiceError | null, answer: Answer) => void;

/** The answer of one call of the generated client. */
export function ask<Answer>(send: (done: Callback<Answer>) => unknown): Promise<Answer> {
  return new Promise((done, fail) => {
    send((error, answer) => (error ? fail(error) : done(answer)));
  });
}

export const plain = (value: Struct | undefined) => value?.toJavaScript() as Properties;
/** Through JSON: a struct knows no undefined. */
export const struct = (values: Properties) => Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));

/** What differs between providers beside the process itself. */
interface Habits {
  /** Of the resource in every call. */
  readonly urn: string;
  /** What the program's side adds to all properties of a resource. */
  readonly added?: Properties;
}

export class GrpcProvider {
  readonly client: provider.ResourceProviderClient;
  /** Everything that the process printed on its own. */
  printed = "";
  readonly #child: ChildProcess;
  readonly #habits: Habits;

  protected constructor(child: ChildProcess, port: string, habits: Habits) {
    this.#child = child;
    this.#habits = habits;
    this.client = new provider.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (this.printed += data));
  }

  /** The process, and the port that it prints first. */
  protected static async launch(program: string, args: string[], env: Record<string, string | undefined>) {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    return { child, port: String(first).trim() };
  }

  async configure(args: Properties, urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::default") {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(args));
    request.setUrn(urn);
    const answer = await ask<messages.ConfigureResponse>((done) => this.client.configure(request, done));
    return { acceptSecrets: answer.getAcceptsecrets(), supportsPreview: answer.getSupportspreview() };
  }

  /** @returns failures: their reasons. That none names a property, whose value the engine would print, is seen to here. */
  check(news: Properties, olds?: Properties, urn = this.#habits.urn) {
    return this.#check("check", this.#resource(news), olds, urn);
  }

  checkConfig(news: Properties, urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::mine") {
    return this.#check("checkConfig", struct(news), undefined, urn);
  }

  async #check(method: "check" | "checkConfig", news: Struct, olds: Properties | undefined, urn: string) {
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    request.setNews(news);
    if (olds) request.setOlds(struct(olds));
    const answer = await ask<messages.CheckResponse>((done) => this.client[method](request, done));
    const failures = answer.getFailuresList();
    for (const failure of failures) expect(failure.getProperty()).toBe("");
    return { inputs: plain(answer.getInputs()), failures: failures.map((failure) => failure.getReason()) };
  }

  diff(id: string, olds: Properties, news: Properties) {
    return this.#diff("diff", this.#habits.urn, this.#resource(olds), this.#resource(news), id);
  }

  diffConfig(
    olds: Properties,
    news: Properties,
    urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::mine",
  ) {
    return this.#diff("diffConfig", urn, struct(olds), struct(news));
  }

  async #diff(method: "diff" | "diffConfig", urn: string, olds: Struct, news: Struct, id = "") {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setOlds(olds);
    request.setOldInputs(olds);
    request.setNews(news);
    const answer = await ask<messages.DiffResponse>((done) => this.client[method](request, done));
    const kinds = Object.entries(messages.PropertyDiff.Kind);
    const detail: Record<string, string | undefined> = {};
    answer.getDetaileddiffMap().forEach((diff, name) => {
      detail[name] = kinds.find(([, kind]) => kind === diff.getKind())?.[0];
    });
    return {
      changes: (["unknown", "none", "some"] as const)[answer.getChanges()],
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      stables: answer.getStablesList(),
      detail,
    };
  }

  async create(inputs: Properties, { preview = false } = {}) {
    const request = new messages.CreateRequest();
    request.setUrn(this.#habits.urn);
    request.setProperties(this.#resource(inputs));
    request.setPreview(preview);
    const answer = await ask<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: answer.getId(), outputs: plain(answer.getProperties()) };
  }

  async read(id: string, state: Properties = {}, inputs?: Properties) {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setUrn(this.#habits.urn);
    request.setProperties(this.#resource(state));
    if (inputs) request.setInputs(this.#resource(inputs));
    const answer = await ask<messages.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: answer.getId(),
      outputs: plain(answer.getProperties()),
      inputs: plain(answer.getInputs()),
    };
  }

  async update(id: string, olds: Properties, news: Properties, { preview = false } = {}) {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setUrn(this.#habits.urn);
    request.setOlds(this.#resource(olds));
    request.setNews(this.#resource(news));
    request.setPreview(preview);
    const answer = await ask<messages.UpdateResponse>((done) => this.client.update(request, done));
    return plain(answer.getProperties());
  }

  async delete(id: string, state: Properties) {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setUrn(this.#habits.urn);
    request.setProperties(this.#resource(state));
    await ask((done) => this.client.delete(request, done));
  }

  /** Nobody reads what the process prints any more, as after the kill of an engine. @returns its end */
  async loseReader(): Promise<unknown> {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    return once(this.#child, "exit");
  }

  async stop() {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill();
      await ended;
    }
    this.client.close();
  }

  #resource(values: Properties): Struct {
    return struct({ ...this.#habits.added, ...values });
  }
}
