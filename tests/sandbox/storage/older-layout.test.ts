import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../../../sandbox";
import { openDatabase } from "../../../sandbox/storage/database";

/** The tables of version 0.1.0, with a line in each. */
const OLDER = `
  CREATE TABLE providers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, account TEXT NOT NULL, nickname TEXT NOT NULL,
    mobile_number TEXT NOT NULL, http_endpoint TEXT NOT NULL, headers TEXT NOT NULL, is_default INTEGER NOT NULL,
    auto_reply INTEGER NOT NULL, max_concurrent INTEGER NOT NULL, reference TEXT, in_use INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE (account, mobile_number));
  CREATE TABLE idempotency (
    account TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
    body TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (account, key));
  CREATE TABLE callbacks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    status TEXT NOT NULL, body TEXT NOT NULL, received_at TEXT NOT NULL);
  CREATE TABLE incoming_urls (number TEXT PRIMARY KEY, url TEXT NOT NULL);
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  INSERT INTO providers VALUES
    (4, 'wap_1', 'TEST-000-001Z', 'One', '919999999999', 'https://example.com/x',
     '[{"key":"api-key","value":"canary","secret":true},{"key":"x-open","value":"v","secret":false}]', 1, 1, 30,
     'mark', 1, 7, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
    (5, 'wap_2', 'TEST-000-001Z', 'Two', '15017122661', 'https://example.com/y', '[]', 0, 0, 100,
     NULL, 0, 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
  INSERT INTO callbacks VALUES (1, 'TEST-000-001Z', 'delivery', 'm|1', 'sent', '{"msgId":"m|1"}', '2026-01-01T00:00:00.000Z');
  INSERT INTO incoming_urls VALUES ('919999999999', 'https://example.com/?a="b"');
  INSERT INTO notes VALUES ('kaleyra', '{"sid":"HXIN0000000000IN","apiKey":"rotated"}');
  INSERT INTO notes VALUES ('campaign', '{"campaignId":"campaign-1"}');`;

test("a data folder of version 0.1.0 keeps what it holds", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "wa-sandbox-"));
  try {
    const database = openDatabase(dataDir);
    database.exec(OLDER);
    database.close();
    // Twice: what was brought over is there at the next start as well.
    await expectOlderData(dataDir);
    await expectOlderData(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function expectOlderData(dataDir: string): Promise<void> {
  const sandbox = await startSandbox({ dataDir });
  try {
    const [account] = sandbox.state().accounts;
    expect(account?.providers).toEqual([
      expect.objectContaining({
        id: "wap_1",
        nickname: "One",
        mobileNumber: "919999999999",
        httpEndpoint: "https://example.com/x",
        headers: [
          { key: "api-key", secret: true, valueSet: true },
          { key: "x-open", value: "v" },
        ],
        isDefault: true,
        autoReplyUntracked: true,
        maxConcurrentRequests: 30,
        externalReference: "mark",
        inUse: true,
        revision: 7,
        createdAt: "2026-01-01T00:00:00.000Z",
        updatedAt: "2026-01-02T00:00:00.000Z",
      }),
      expect.objectContaining({ id: "wap_2", isDefault: false, inUse: false, revision: 1 }),
    ]);
    expect(account?.providers[1]).not.toHaveProperty("externalReference");
    expect(sandbox.headerValue("wap_1", "API-Key")).toBe("canary");
    expect(account?.callbacks.sent).toBe(1);
    expect(sandbox.callbacks()[0]).toMatchObject({ subject: "m|1", body: { msgId: "m|1" } });
    expect(sandbox.kaleyra).toEqual({ sid: "HXIN0000000000IN", apiKey: "rotated" });
    expect(sandbox.state().lastCampaign).toEqual({ campaignId: "campaign-1" });
    const url = await fetch(`${sandbox.url}/kaleyra/numbers/919999999999/incoming-url`);
    expect(await url.json()).toEqual({ url: 'https://example.com/?a="b"' });
  } finally {
    await sandbox.close();
  }
}
