import type { Provider } from "../../contract/types";
import { SIGNATURE, UNKNOWNS } from "../../provider/model/sentinels";
import { startRewritingProxy } from "../reliability/rewriting-proxy";
import { DOORS, withStack } from "./support/stack";

/** What someone typed at the dashboard can mean something to the engine: it shows as drift, and `up` repairs it. */

const NICKNAMES = ["Kal\ud800", UNKNOWNS[0], `the ${UNKNOWNS[1]} one`, SIGNATURE, "\u0000\u001b[2J\u202e"];
const HEADERS = [SIGNATURE, SIGNATURE.toUpperCase(), "__proto__"];
const FORMS = NICKNAMES.length + HEADERS.length;

const program = Array.from({ length: FORMS }, (_, i) => {
  const over = `nickname: "Nickname ${i}", mobileNumber: "1415555010${i}"`;
  return `new wa.WhatsAppProvider("number-${i}", settings({ ${over} }));`;
}).join("\n");

/** What stands at the server as "hostile nickname 3" or "x-hostile-1" comes out as what it stands for. */
function hostile(provider: Provider): Provider {
  const nickname = /^hostile nickname (\d)$/.exec(provider.nickname)?.[1];
  const headers = provider.headers.map((header) => {
    const name = /^x-hostile-(\d)$/.exec(header.key)?.[1];
    return name === undefined ? header : { ...header, key: HEADERS[Number(name)] as string };
  });
  return { ...provider, headers, nickname: NICKNAMES[Number(nickname)] ?? provider.nickname };
}

test.each(DOORS)("%s", async (door) => {
  await withStack({ door, program }, async (stack, sandbox) => {
    const gateway = await startRewritingProxy(sandbox.url, (answer) => {
      const { items, ...rest } = answer as { items?: Provider[] };
      return items ? { ...rest, items: items.map(hostile) } : "id" in rest ? hostile(rest as Provider) : rest;
    });
    try {
      await stack.config("endpoint", gateway.url);
      await stack.up();
      for (const { id, mobileNumber } of sandbox.providers()) {
        const i = Number(mobileNumber.at(-1));
        if (i < NICKNAMES.length) sandbox.patchProvider(id, { nickname: `hostile nickname ${i}` });
        else sandbox.patchProvider(id, { headers: { [`x-hostile-${i - NICKNAMES.length}`]: "x" } });
      }
      await stack.refresh();
      expect(await stack.preview()).toContain(`${FORMS} to update`);
      await stack.up();
      for (const { nickname, mobileNumber, headers } of sandbox.providers()) {
        expect(nickname).toBe(`Nickname ${mobileNumber.at(-1)}`);
        expect(headers.map(({ key }) => key).filter((key) => key.startsWith("x-"))).toEqual([]);
      }
      await stack.refresh("--expect-no-changes");
      await stack.preview("--expect-no-changes");
      await stack.destroy();
    } finally {
      await gateway.close();
    }
  });
});
