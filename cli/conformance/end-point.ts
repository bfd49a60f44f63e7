import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KALEYRA_HEADERS } from "../../contract/headers";

/** An HTTP End Point on this machine that takes one key and refuses any other, as Kaleyra's does. */
export async function startEndPoint(apiKey: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const isGood = request.headers[KALEYRA_HEADERS.apiKey] === apiKey;
    const error = { code: 2000, message: "Invalid Credentials" };
    const answer = isGood ? { status: "success" } : { status: "failure", error };
    request.resume().on("end", () => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(answer));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/whatsapp/message/clevertap`, close };
}
