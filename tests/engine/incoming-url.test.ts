import { through } from "./support/one-provider";
import { CANARIES, DOORS, withStack } from "./support/stack";

/** The Incoming URL of a number on the real engine: with its provider, and alone. */

const NUMBER = "919999999999";
const QUERY = "inbound_message_callback_url=https://example.com/in&payload_version=0.1";
const OTHER = "https://example.com/by-hand";

const both = (over = "{}", provider = "{}") =>
  `const kaleyra = new wa.WhatsAppProvider("kaleyra", settings(${provider}));
   const url = new wa.KaleyraIncomingUrl("incoming", incoming(kaleyra, ${over}));
   module.exports = { url: url.incomingUrl, readsBack: url.readsBack };`;
const SECRET_BASE = "https://example.com/canary-base";
const alone = (over = "{}") =>
  `const url = new wa.KaleyraIncomingUrl("incoming", incoming({ mobileNumber: "${NUMBER}", incomingUrlQuery: "${QUERY}" }, ${over}));
   module.exports = { url: url.incomingUrl, readsBack: url.readsBack, key: url.apiKey };`;
/** A stack without any account of CleverTap. */
const NO_ACCOUNT = { endpoint: undefined, accountId: undefined, passcode: undefined };

describe.each(DOORS)("with its provider, %s", (door) => {
  test("after one up a message arrives; drift shows, up repairs it; a new number; destroy leaves the URL", async () => {
    const sandboxOptions = { showsIncomingUrl: true };
    await withStack({ door, program: both(), sandbox: sandboxOptions }, async (stack, sandbox) => {
      expect(await stack.preview("--diff")).toContain(
        `"${sandbox.incomingBaseUrl}?inbound_message_callback_url=`,
      );
      expect(sandbox.incomingUrl(NUMBER)).toBeUndefined();
      const up = await stack.up();
      expect(up.match(/never tried on a live account/g)?.length).toBeGreaterThan(0);
      expect(await sandbox.receiveInbound(NUMBER)).toEqual({ delivered: true });
      expect(await stack.outputs()).toEqual({ url: sandbox.incomingUrl(NUMBER), readsBack: true });

      const url = sandbox.incomingUrl(NUMBER);
      sandbox.setIncomingUrl(NUMBER, OTHER);
      expect(await stack.preview("--refresh", "--diff")).toContain(`incomingUrl: "${OTHER}" => "${url}"`);
      await stack.up("--refresh");
      expect(sandbox.incomingUrl(NUMBER)).toBe(url);
      await stack.refresh("--expect-no-changes");

      // A base that the program keeps secret makes a URL that is a secret too.
      stack.program(both(`{ baseUrl: pulumi.secret("${SECRET_BASE}") }`, `{ mobileNumber: "14155550100" }`));
      const replaced = await stack.up();
      expect(replaced).toContain(`number ${NUMBER}: Kaleyra keeps its Incoming URL`);
      const secretUrl = url?.replace(sandbox.incomingBaseUrl, SECRET_BASE);
      expect(sandbox.incomingUrl("14155550100")).toBe(secretUrl);
      const shown = [...stack.printed, JSON.stringify(await stack.exported())];
      expect(shown.filter((text) => text.includes("canary-base"))).toEqual([]);
      expect(await stack.destroy()).toContain("number 14155550100: Kaleyra keeps its Incoming URL");
      expect(sandbox.incomingUrl("14155550100")).toBe(secretUrl);
      expect(sandbox.providers()).toEqual([]);
    });
  });
});

// What is shared by both doors goes through one of them.
describe.each(through("plugin"))("alone, %s", (door) => {
  test("it needs no account; a rotation sends nothing; what Kaleyra does not show is said once", async () => {
    await withStack({ door, program: alone(), config: NO_ACCOUNT }, async (stack, sandbox) => {
      expect(await stack.up()).toContain("so drift can't be seen");
      const { sid } = sandbox.kaleyra;
      sandbox.setKaleyra({ sid, apiKey: "rotated-canary-key" });
      stack.program(alone(`{ apiKey: pulumi.secret("rotated-canary-key") }`));
      sandbox.resetRequests();
      await stack.ok("up", "--yes");
      expect(sandbox.requests({ kind: "all" })).toEqual([]);
      expect(await stack.refresh()).not.toContain("drift");
      stack.program(`const url = wa.KaleyraIncomingUrl.get("got", "${NUMBER}", {
        kaleyraHost: "${sandbox.kaleyraHost}", sid: "${sid}", apiKey: pulumi.secret("rotated-canary-key") });
        module.exports = { number: url.mobileNumber, readsBack: url.readsBack, key: url.apiKey };`);
      await stack.up();
      expect(await stack.outputs()).toEqual({ number: NUMBER, readsBack: false, key: "[secret]" });
      const state = JSON.stringify(await stack.exported());
      for (const secret of [...Object.values(CANARIES), "rotated-canary-key"])
        expect(state).not.toContain(secret);
      if (door !== "plugin") return;
      const failed = await stack.fails("import", "clevertap:index:KaleyraIncomingUrl", "x", NUMBER, "--yes");
      expect(failed).toContain("An import can't say it: declare the resource without one");
    });
  });
});

describe.each(through("dynamic"))("refused at preview, %s", (door) => {
  test("a wrong key, a second resource of the number, another query than the provider's, a misspelt argument", async () => {
    await withStack({ door, program: both(`{ apiKey: "wrong" }`) }, async (stack, sandbox) => {
      const key = await stack.fails("preview");
      expect(key).toContain("apiKey: Kaleyra does not accept this key with this sid (HTTP 401, RBC001)");
      stack.program(`${both()} new wa.KaleyraIncomingUrl("twin", incoming(kaleyra));`);
      // The engine checks them in any order.
      expect(await stack.fails("preview")).toMatch(
        /mobileNumber: resource "(incoming|twin)" of this program sets the Incoming URL of the same number/,
      );
      stack.program(both(`{ incomingUrlQuery: "${QUERY}", baseURL: "x" }`));
      const query = await stack.fails("preview");
      expect(query).toContain("baseURL: there is no such argument. Did you mean baseUrl?");
      // Whichever of the two comes second says it.
      expect(query).toMatch(
        /incomingUrlQuery: is not that of WhatsAppProvider "kaleyra"|KaleyraIncomingUrl "incoming" sets another/,
      );
      expect(sandbox.requests({ kind: "kaleyra", method: "PUT" })).toEqual([]);
    });
  });
});
