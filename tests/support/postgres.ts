import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A real PostgreSQL server on 127.0.0.1. It ends with this process at the latest. */
export interface Postgres {
  /**
   * The environment of an engine whose state is there. The URL holds no password, which would then stand in messages.
   *
   * @param table each is a backend of its own
   */
  environment(table: string): { readonly PULUMI_BACKEND_URL: string; readonly PGPASSWORD: string };
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const server = fork(join(__dirname, "postgres-server.mjs"));
  const exit = once(server, "exit");
  const failed = exit.then(([code]) => {
    throw new Error(`PostgreSQL did not start: ${code}`);
  });
  const [{ url, password }] = await Promise.race([once(server, "message"), failed]);
  return {
    environment: (table) => ({ PULUMI_BACKEND_URL: `${url}&table=${table}`, PGPASSWORD: password }),
    async stop() {
      server.disconnect();
      await exit;
    },
  };
}
