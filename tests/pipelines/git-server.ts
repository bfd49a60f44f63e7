import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { selfSigned } from "../support/self-signed";

/**
 * Serves the repositories of a folder by https, with git's own program for that.
 *
 * @returns the address; and the certificate, which nobody has signed
 */
export async function serveGit(folder: string) {
  const certificate = selfSigned();
  const server = createServer(certificate, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://localhost");
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: pathname,
        QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      },
    });
    request.pipe(backend.stdin);
    // Its answer is the headers of a CGI program, an empty line, and the body.
    const answer = await buffer(backend.stdout);
    const end = answer.indexOf("\r\n\r\n");
    for (const line of String(answer.subarray(0, end)).split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") response.statusCode = Number(value.split(" ")[0]);
      else response.setHeader(name, value);
    }
    response.end(answer.subarray(end + 4));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    certificate: certificate.cert,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
