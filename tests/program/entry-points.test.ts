import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

test.each(["index", "plugin"])("provider/%s.ts re-exports, and nothing else", (name) => {
  const text = readFileSync(resolve(ROOT, `provider/${name}.ts`), "utf8").replace(/\/\*\*.*?\*\//gs, "");
  const statements = text.split(";").map((statement) => statement.trim());
  const others = statements.filter(
    (statement) => !/^export (type )?\{[^}]+\} from "\.\/[\w/-]+"$/.test(statement),
  );
  expect(others).toEqual([""]);
});

test.each(["index", "plugin"])(
  "a program that imports provider/%s loads neither zod, undici nor the client",
  (name) => {
    const script = `require("./dist/provider/${name}.js"); console.log(JSON.stringify(Object.keys(require.cache)))`;
    const loaded: string[] = JSON.parse(
      execFileSync(process.execPath, ["-e", script], { cwd: ROOT }).toString(),
    );
    expect(loaded.some((file) => file.includes("@pulumi/pulumi"))).toBe(true);
    expect(loaded.filter((file) => /node_modules\/(zod|undici)\/|provider\/api\//.test(file))).toEqual([]);
  },
);
