import type { Answers, KeptAnswer } from "../../server/storage";
import type { Gateway } from "../gateway";

/** Answers under an Idempotency-Key. A body holds credentials, so that what tells it from another is a keyed digest. */
export function answersOf({ database, keys }: Gateway): Answers {
  return {
    digest: (body) => keys.digest("request body", body.toString("base64")),
    get: (name) => database.one<KeptAnswer>("SELECT document FROM answer WHERE name = ?", name),
    put(name, answer) {
      const sql =
        "INSERT INTO answer (name, document) VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";
      database.run(sql, name, JSON.stringify(answer));
    },
    removeBefore: (time) => database.run("DELETE FROM answer WHERE created < ?", time),
  };
}
