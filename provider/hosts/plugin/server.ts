import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type GetSchemaRequest,
  GetSchemaResponse,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Message } from "google-protobuf";
import type * as Failure from "./failure";
import { forResource, logTo, report } from "./log";
import type * as Implementation from "./operations";
import { EmptyMessage, grpc } from "./sdk";

/** The engine's provider protocol. What is loaded here is loaded before the handshake is answered: nearly nothing. */

const PACKAGE = join(__dirname, "../../../..");

/** Milliseconds between two looks at whether the engine is still there. */
const WATCH = 1000;

type Handler = (request: never) => Message | undefined | Promise<Message | undefined>;

/** The calls. Exported for the tests. */
export function handlers(): Record<string, Handler> {
  const controller = new AbortController();
  let loaded: Implementation.Operations | undefined;
  const operations = (): Implementation.Operations => {
    loaded ??= new (require("./operations") as typeof Implementation).Operations(controller.signal);
    return loaded;
  };
  return {
    handshake(request: ProviderHandshakeRequest) {
      logTo(request.getEngineAddress());
      const response = new ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    },
    attach(request: import("@pulumi/pulumi/proto/plugin_pb").PluginAttach) {
      logTo(request.getAddress());
    },
    getPluginInfo() {
      const { PluginInfo } =
        require("@pulumi/pulumi/proto/plugin_pb") as typeof import("@pulumi/pulumi/proto/plugin_pb");
      const info = new PluginInfo();
      info.setVersion(JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")).version);
      return info;
    },
    getSchema(_: GetSchemaRequest) {
      const response = new GetSchemaResponse();
      response.setSchema(readFileSync(join(PACKAGE, "plugin/schema.json"), "utf8"));
      return response;
    },
    checkConfig: (request) => operations().checkConfig(request),
    diffConfig: (request) => operations().diffConfig(request),
    configure: (request) => operations().configure(request),
    check: (request) => operations().check(request),
    diff: (request) => operations().diff(request),
    create: (request) => operations().create(request),
    read: (request) => operations().read(request),
    update: (request) => operations().update(request),
    delete: async (request) => void (await operations().delete(request)),
    invoke: (request) => operations().invoke(request),
    cancel() {
      controller.abort();
    },
  };
}

/** gRPC's form of a call: an answer or an error, never an exception. */
function unary(run: Handler) {
  return (call: ServerUnaryCall<Message, Message>, callback: sendUnaryData<Message>) => {
    const { request } = call;
    const urn = "getUrn" in request ? (request as { getUrn(): string }).getUrn() : undefined;
    forResource(urn, async () => run(request as never)).then(
      (response) => callback(null, response ?? new EmptyMessage()),
      (error: unknown) => {
        const { serviceError } = require("./failure") as typeof Failure;
        callback(serviceError(error));
      },
    );
  };
}

/** Listens on a free port of the loopback interface and says which on standard output, as the engine wants it. */
export function serve(): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const implementation = Object.entries(handlers()).map(([name, run]) => [name, unary(run)]);
  server.addService(ResourceProviderService, Object.fromEntries(implementation));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      report(error.message);
      process.exitCode = 1;
    } else {
      process.stdout.write(`${port}\n`);
      endWithEngine(() => server.tryShutdown(() => process.exit()));
    }
  });
}

/** An engine that was killed tells nobody: what is under way is finished, then this process ends too. */
function endWithEngine(end: () => void): void {
  const engine = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === engine) return;
    clearInterval(watch);
    end();
  }, WATCH);
  watch.unref();
}
