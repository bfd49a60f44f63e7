import { settled, withGatewayStack } from "../engine/support/gateway-stack";
import { kaleyra, only } from "../engine/support/one-provider";
import { DOORS } from "../engine/support/stack";
import { button } from "../gateway/pages/support";
import { LONG } from "../reliability/figures";

/** The whole life of a provider behind a gateway, through both doors. */

const NUMBER = "919999999999";
const OTHER_NUMBER = "14155550100";
const LIMIT_MS = 10 * 60_000;

(LONG ? describe : describe.skip).each(DOORS)("a provider that people work, %s", (door) => {
  test(
    "add, a refusal, an edit, a rotation of the key, drift, another number, delete",
    () =>
      withGatewayStack({ door, program: kaleyra() }, async (scene) => {
        const { stack, sandbox, gateway, person } = scene;
        await stack.up();
        await stack.preview("--expect-no-changes");
        await person.do(1);
        await settled(scene, NUMBER);

        stack.program(kaleyra({ nickname: "Kaleyra India", maxConcurrentRequests: 200 }));
        expect(await stack.up()).toContain("pending: task 2");
        await person.refuse(2, `No more than 150 for this account, key ${sandbox.kaleyra.apiKey}`);
        expect(await stack.preview("--diff")).toContain(
          "refused: No more than 150 for this account, key [redacted] (task 2",
        );
        const settings = { nickname: "Kaleyra India", maxConcurrentRequests: 150 };
        stack.program(kaleyra(settings));
        expect(await stack.up()).toContain("pending: task 3");
        await person.do(3);
        expect(only(sandbox)).toMatchObject(settings);
        await settled(scene, NUMBER);

        const rotated = { ...sandbox.kaleyra, apiKey: "A0123456789abcdef0123456789abcde0" };
        sandbox.setKaleyra({ ...rotated, otherApiKeys: [sandbox.kaleyra.apiKey] });
        stack.program(kaleyra(settings));
        expect(await stack.up()).toContain("pending: task 4");
        await person.do(4);
        sandbox.setKaleyra(rotated);
        await settled(scene, NUMBER);

        await person.openProvider("Kaleyra India");
        await person.dashboard.getByLabel("Nickname").fill("Changed by hand");
        await person.save();
        await person.desk.goto(`${gateway.url}/providers`);
        await person.desk.getByRole("button", { name: "Ask for a look at Kaleyra India" }).click();
        await button(person.desk, "Take").click();
        await person.desk.getByLabel("nickname").fill("Changed by hand");
        await button(person.desk, "It shows something else").click();
        await person.desk.getByText("Confirmed").waitFor();
        await stack.refresh();
        expect((await stack.resource()).outputs).toMatchObject({
          nickname: "Changed by hand",
          status: "active",
        });
        expect(await stack.up()).toContain("pending: task 6");
        await person.do(6);
        expect(only(sandbox).nickname).toBe("Kaleyra India");
        await settled(scene, NUMBER);

        stack.program(kaleyra({ ...settings, mobileNumber: OTHER_NUMBER }));
        await stack.up();
        await person.do(7);
        await person.do(8);
        expect(only(sandbox)).toMatchObject({ mobileNumber: OTHER_NUMBER });
        await settled(scene, OTHER_NUMBER);

        expect(await stack.destroy()).toContain("its delete waits for a person: task 9");
        await person.do(9);
        expect(sandbox.providers()).toEqual([]);
        expect(await stack.cli("wait")).toMatchObject({ code: 0 });
        expect(gateway.gateway.database.rows("SELECT * FROM sealed")).toEqual([]);
      }),
    LIMIT_MS,
  );
});
