import { readSettings } from "../../provider/configuration/settings";
import { createContext } from "../../provider/resources/context";
import { check } from "../../provider/resources/whatsapp-provider/check";
import { create } from "../../provider/resources/whatsapp-provider/create";
import { knownInputs } from "../../provider/resources/whatsapp-provider/inputs";
import { startSandbox } from "../../sandbox";
import { goodConfig } from "../support/arguments";

test("state is small, sorted, and the same for the same program in any order of its arguments", async () => {
  const sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  try {
    const config: Record<string, string> = goodConfig(sandbox);
    const context = createContext(readSettings((key) => config[key], {}));
    const args = {
      nickname: " Kaleyra ",
      mobileNumber: "919999999999",
      httpEndpoint: sandbox.httpEndpoint,
      headers: { "X-B": "2", "x-a": "1" },
      apiKey: sandbox.kaleyra.apiKey,
      sid: sandbox.kaleyra.sid,
      kaleyraHost: sandbox.kaleyraHost,
    };
    const turned = Object.fromEntries(
      Object.entries({ ...args, nickname: "Kaleyra", headers: { "x-A": "1", "x-b": "2" } }).reverse(),
    );
    const request = { urn: "urn:pulumi:dev::shop::t::kaleyra", organization: "acme" };
    const [one, other] = await Promise.all(
      [args, turned].map((news) => check(context, { ...request, news })),
    );
    expect(JSON.stringify(other?.inputs)).toBe(JSON.stringify(one?.inputs));
    expect(Object.keys(one?.inputs ?? {})).toEqual(Object.keys(one?.inputs ?? {}).sort());

    const { state } = await create(context, knownInputs(one?.inputs ?? {}));
    expect(Object.keys(state)).toEqual(Object.keys(state).sort());
    const text = JSON.stringify({ inputs: one?.inputs, outputs: state });
    expect(text.length).toBeLessThan(2_500);
    expect(text).not.toMatch(/\d{4}-\d\d-\d\dT|createdAt|\/home\/|node_modules/);
  } finally {
    await sandbox.close();
  }
});
