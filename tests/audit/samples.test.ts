import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { samples } from "./support/samples";

const FOLDER = resolve(__dirname, "../../examples/audit");

/** `CLEVERTAP_WRITE_SAMPLES=1 npm test -- audit/samples` writes them. */
test("the sample states of examples/audit are what their table says", () => {
  for (const [name, text] of samples()) {
    const file = join(FOLDER, name);
    if (process.env.CLEVERTAP_WRITE_SAMPLES) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    expect(readFileSync(file, "utf8")).toBe(text);
  }
});
