import { DOORS, withStack } from "../engine/support/stack";
import { amount, counted } from "./figures";

/** Random lives of a stack on the real engine; only in the long run, since each step costs seconds. */

const SEQUENCES = amount(0, 50, "CLEVERTAP_TEST_ENGINE_SEQUENCES");
const STEPS = 4;

function generator(seed: number) {
  let state = seed;
  return <T>(choices: readonly [T, ...T[]]): T => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return choices[(state >>> 8) % choices.length] ?? choices[0];
  };
}

(SEQUENCES > 0 ? describe : describe.skip).each(DOORS)("random lives on the real engine, %s", (door) => {
  const share = Math.ceil(SEQUENCES / DOORS.length);
  const figure = `random lives, real engine, ${door} door: sequences`;

  test(`${share} of them`, async () => {
    await withStack({ door }, async (stack, sandbox) => {
      const draw = generator(Number(process.env.CLEVERTAP_TEST_SEED ?? 6));
      const write = (wants: readonly object[]) =>
        stack.program(
          wants.map((w, i) => `new wa.WhatsAppProvider("p${i}", settings(${JSON.stringify(w)}));`).join("\n"),
        );
      const life = async () => {
        let wants: { nickname: string; mobileNumber: string }[] = [];
        const edit = () => {
          wants = [0, 1].slice(0, draw([1, 2, 2, 2])).map((i) => ({
            nickname: draw(["One", "Two"]),
            mobileNumber: `1415555010${i * 2 + draw([0, 1])}`,
          }));
          write(wants);
        };
        const fault = () => {
          const kind = draw(["drop-before", "drop-after", "truncated", "html", "status"] as const);
          sandbox.fault({ kind, count: draw([1, 2, 6]), method: draw(["POST", "PUT", "DELETE", "GET"]) });
        };
        const byHand = () => {
          const [first] = sandbox.providers();
          if (!first) return;
          if (draw([true, false])) sandbox.patchProvider(first.id, { nickname: "By hand" });
          else sandbox.deleteProvider(first.id);
        };
        edit();
        for (let step = 0; step < STEPS; step++) {
          const kind = draw(["up", "up", "refresh", "destroy"] as const);
          if (draw([true, false])) edit();
          if (draw([true, false])) fault();
          await stack.pulumi(kind, "--yes", "--skip-preview");
          sandbox.clearFaults();
          if (draw([true, false, false])) byHand();
        }
        await stack.refresh();
        await stack.up();
        const inState = (await stack.resources()).map((r) => r.id);
        const there = sandbox.providers();
        const shown = there
          .filter((p) => inState.includes(p.id))
          .map(({ nickname, mobileNumber }) => ({ nickname, mobileNumber }));
        expect(shown).toHaveLength(wants.length);
        expect(shown).toEqual(expect.arrayContaining(wants));
        await stack.preview("--expect-no-changes");
        await stack.destroy();
        // A create whose outcome stayed unknown, and whose number the program then changed, is for `orphans`.
        for (const { id } of sandbox.providers()) sandbox.deleteProvider(id);
      };
      await counted(figure, async (attempt) => {
        for (let i = 0; i < share; i++) await attempt(life);
      });
    });
  }, 7_200_000);
});
