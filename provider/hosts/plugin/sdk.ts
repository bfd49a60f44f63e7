import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type * as Empty from "google-protobuf/google/protobuf/empty_pb";
import type * as Struct from "google-protobuf/google/protobuf/struct_pb";

/**
 * gRPC and protobuf as the SDK has them: its generated stubs need their own copies, and loading a second one of each would
 * double the start-up. Nothing else of the SDK is loaded.
 */
const fromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc = fromSdk("@grpc/grpc-js") as typeof Grpc;
export const { Struct: StructMessage } = fromSdk(
  "google-protobuf/google/protobuf/struct_pb",
) as typeof Struct;
export const { Empty: EmptyMessage } = fromSdk("google-protobuf/google/protobuf/empty_pb") as typeof Empty;
/** Loads another module of the SDK's own dependencies. */
export const loadFromSdk = (name: string): unknown => fromSdk(name);
