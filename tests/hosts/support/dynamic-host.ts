import { join } from "node:path";
import { PROVIDER_TEXT } from "../../../provider/program/dynamic-door";
import { GrpcProvider, ROOT } from "../../support/grpc-provider";

/** The SDK's real dynamic-provider host. */
export class DynamicHost extends GrpcProvider {
  /** A configured host. @param config keys without their namespace */
  static async start(config: Record<string, string>): Promise<DynamicHost> {
    const script = join(ROOT, "node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const env = { PATH: process.env.PATH };
    const { child, port } = await GrpcProvider.launch(process.execPath, [script, "127.0.0.1:1"], env);
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clevertap:WhatsAppProvider::kaleyra";
    const host = new DynamicHost(child, port, { urn, added: { __provider: PROVIDER_TEXT } });
    const named = Object.entries(config).map(([key, value]) => [`clevertap:${key}`, value]);
    await host.configure(Object.fromEntries(named));
    return host;
  }
}
