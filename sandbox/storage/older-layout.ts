import type { DatabaseSync } from "node:sqlite";
import { createTable } from "./database";

/** What is null was never set. */
const INTO_DOCUMENTS = `
  BEGIN IMMEDIATE;
  INSERT INTO provider SELECT id, json_patch('{}', json_object(
    'seq', seq, 'id', id, 'account', account, 'nickname', nickname, 'mobileNumber', mobile_number,
    'httpEndpoint', http_endpoint, 'headers', json(headers), 'isDefault', json(iif(is_default, 'true', 'false')),
    'autoReplyUntracked', json(iif(auto_reply, 'true', 'false')), 'maxConcurrentRequests', max_concurrent,
    'externalReference', reference, 'inUse', json(iif(in_use, 'true', 'false')), 'revision', revision,
    'createdAt', created_at, 'updatedAt', updated_at)) FROM providers ORDER BY seq;
  INSERT INTO callback SELECT seq, json_object('account', account, 'kind', kind, 'subject', subject, 'status', status,
    'body', json(body), 'receivedAt', received_at) FROM callbacks ORDER BY seq;
  INSERT INTO incoming_url SELECT number, json_quote(url) FROM incoming_urls;
  INSERT INTO kaleyra_key SELECT 'current', value FROM notes WHERE name = 'kaleyra';
  INSERT INTO campaign SELECT 'last', value FROM notes WHERE name = 'campaign';
  DROP TABLE providers; DROP TABLE callbacks; DROP TABLE incoming_urls; DROP TABLE notes; DROP TABLE idempotency;
  COMMIT`;

/** Brings a database of version 0.1.0, which had a column for each member, into today's layout. */
export function renewLayout(database: DatabaseSync): void {
  if (!database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'providers'").get()) return;
  for (const table of ["provider", "callback", "incoming_url", "kaleyra_key", "campaign"])
    createTable(database, table);
  database.exec(INTO_DOCUMENTS);
}
