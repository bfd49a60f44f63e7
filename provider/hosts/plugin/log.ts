import { AsyncLocalStorage } from "node:async_hooks";
import type * as EngineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as EnginePb from "@pulumi/pulumi/proto/engine_pb";
import { grpc } from "./sdk";

/** Lines for the user: to the engine's log, next to the resource whose call is being served. */

const current = new AsyncLocalStorage<string | undefined>();
let client: InstanceType<typeof EngineGrpc.EngineClient> | undefined;
let address = "";

/** Where the engine listens; told by the handshake. */
export function logTo(engineAddress: string): void {
  if (!engineAddress || engineAddress === address) return;
  client = undefined;
  address = engineAddress;
}

/** Runs a call for a resource: what it logs is shown there. */
export function forResource<T>(urn: string | undefined, run: () => T): T {
  return current.run(urn || undefined, run);
}

/** Shows a line. Without an engine it goes to standard error. */
export function report(line: string, severity: "INFO" | "WARNING" = "INFO"): void {
  if (!address) {
    process.stderr.write(`${line}\n`);
    return;
  }
  const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof EngineGrpc;
  const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb") as typeof EnginePb;
  client ??= new EngineClient(address, grpc.credentials.createInsecure());
  const request = new LogRequest();
  request.setSeverity(LogSeverity[severity]);
  request.setMessage(line);
  request.setUrn(current.getStore() ?? "");
  client.log(request, (error) => {
    if (error) process.stderr.write(`${line}\n`);
  });
}
