import type { ServiceError } from "@grpc/grpc-js";
import type * as ProviderPb from "@pulumi/pulumi/proto/provider_pb";
import type * as StatusPb from "@pulumi/pulumi/proto/status_pb";
import type * as AnyPb from "google-protobuf/google/protobuf/any_pb";
import { unexpected, WhatsAppProviderError } from "../../model/errors";
import { encode } from "./encoding";
import { grpc, loadFromSdk } from "./sdk";

/** Errors as the engine understands them. */

/** Codes after which the engine must not take the resource's state for known. */
const OPEN_OUTCOME = ["cancelled", "outcome-unknown"];

/** Whether it is not known if a write took effect. */
export function isOutcomeOpen(error: unknown): error is WhatsAppProviderError {
  return WhatsAppProviderError.is(error) && OPEN_OUTCOME.includes(error.code);
}

/** A write of a resource whose id is known ended half-way: the engine keeps the resource, and the next `up` writes again. */
export class Unfinished extends Error {
  constructor(
    readonly id: string,
    readonly state: object,
    readonly secrets: Iterable<string>,
    cause: WhatsAppProviderError,
  ) {
    super(cause.message);
  }
}

/** What goes over the wire for an error. One that is none of ours may quote a value: only its kind is told. */
export function serviceError(error: unknown): Partial<ServiceError> {
  if (error instanceof Unfinished) {
    return { code: grpc.status.UNKNOWN, details: error.message, metadata: unfinished(error) };
  }
  if (process.env.CLEVERTAP_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (!WhatsAppProviderError.is(error))
    return { code: grpc.status.INTERNAL, details: unexpected(error).message };
  const code = isOutcomeOpen(error) ? grpc.status.UNKNOWN : grpc.status.FAILED_PRECONDITION;
  return { code, details: error.message };
}

function unfinished({ id, state, secrets, message }: Unfinished) {
  const { ErrorResourceInitFailed } = require("@pulumi/pulumi/proto/provider_pb") as typeof ProviderPb;
  const { Status } = require("@pulumi/pulumi/proto/status_pb") as typeof StatusPb;
  const { Any } = loadFromSdk("google-protobuf/google/protobuf/any_pb") as typeof AnyPb;
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(encode(state, secrets));
  detail.setReasonsList([message]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  // gRPC's own place for structured details.
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
