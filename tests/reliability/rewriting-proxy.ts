import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A gateway in front of a server that changes the JSON of the answers or the targets of the requests. */
export interface RewritingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param change gets each parsed answer and returns what goes out in its place
 * @param targetOf gets each path with its query and returns where the request goes
 */
export async function startRewritingProxy(
  target: string,
  change: (json: unknown, call: IncomingMessage) => unknown,
  targetOf: (path: string) => string = (path) => path,
): Promise<RewritingProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((call, reply) => {
    const { method, headers } = call;
    const path = targetOf(call.url ?? "/");
    const onward = request({ hostname, port, method, path, headers }, async (answer) => {
      let body = "";
      for await (const chunk of answer) body += chunk;
      const { "content-length": _, "transfer-encoding": __, ...kept } = answer.headers;
      reply.writeHead(answer.statusCode ?? 502, kept);
      reply.end(body === "" ? undefined : JSON.stringify(change(JSON.parse(body), call)));
    });
    onward.on("error", () => reply.destroy());
    call.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
