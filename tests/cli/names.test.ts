import { wrap } from "node:module";
import { resolve } from "node:path";
import { Script } from "node:vm";
import fc from "fast-check";
import * as ts from "typescript";
import { program } from "../../cli/import-file";
import { named } from "../../cli/names";
import { provider } from "./support/provider";

/** Providers of one account: each has a number of its own. */
const account = (entries: readonly { nickname: string; headers?: readonly string[] }[]) =>
  entries.map(({ nickname, headers = [] }, i) =>
    provider({
      nickname,
      mobileNumber: String(447700900000 + i),
      headers: headers.map((key) => ({ key, secret: true, valueSet: true })),
    }),
  );

test("names come from the nicknames, each once, whatever the order", () => {
  const providers = [
    provider({ nickname: "Kaleyra India", mobileNumber: "14155550101" }),
    provider({ nickname: "kaleyra india!", mobileNumber: "14155550102" }),
    provider({ nickname: "Größe 1", mobileNumber: "14155550103" }),
    provider({ nickname: "印度", mobileNumber: "14155550104" }),
    provider({ nickname: "class", mobileNumber: "14155550105" }),
    provider({ nickname: "24x7", mobileNumber: "14155550106" }),
  ];
  const names = named(providers).map(({ name, variable }) => [name, variable]);
  expect(names).toEqual([
    ["kaleyra-india-14155550101", "kaleyraIndia14155550101"],
    ["kaleyra-india-14155550102", "kaleyraIndia14155550102"],
    ["gro-e-1", "groE1"],
    ["whatsapp", "whatsapp"],
    ["class", "class_"],
    ["24x7", "n24x7"],
  ]);
  expect(named([...providers].reverse()).map(({ name, variable }) => [name, variable])).toEqual(names);
});

test("each secret has a configuration key of its own", () => {
  const found = named(
    account([
      { nickname: "a", headers: ["x-a", "x.a", "x_a", "x-sid"] },
      // Its sid would have the key of the header above.
      { nickname: "a header x" },
    ]),
  );
  expect(found.map(({ keys }) => [...keys.values()])).toEqual([
    ["aApiKey", "aSid", "aHeaderXA", "aHeaderXSid", "aHeaderXA_", "aHeaderXA__"],
    ["aHeaderXApiKey", "aHeaderXSid_"],
  ]);
});

const keywords = Array.from({ length: ts.SyntaxKind.LastKeyword - ts.SyntaxKind.FirstKeyword + 1 }, (_, i) =>
  ts.tokenToString(ts.SyntaxKind.FirstKeyword + i),
);
const NASTY_NICKNAMES = [
  ...(keywords as string[]),
  // Refused in strict mode, by TypeScript, or by Node, whose modules are functions with these parameters.
  ...[
    "eval",
    "arguments",
    "undefined",
    "globalThis",
    "NaN",
    "exports",
    "require",
    "module",
    "__filename",
    "__dirname",
  ],
  // Names that the program itself declares, and their like.
  ...[
    "pulumi",
    "config",
    "config_",
    "WhatsAppProvider",
    "whats app provider",
    "constructor",
    "__proto__",
    "Promise",
  ],
  ...["", "印度", "24x7", "Größe", "a\u0000b", "\ud800", "\u2028", "*/", "`$`", '"); evil(', "// a\nb"],
];
const NASTY_HEADERS = [
  ...[
    "x-a",
    "x.a",
    "x_a",
    "xa",
    "x-1",
    "x1",
    "1",
    "10",
    "-",
    "_",
    "~",
    "__proto__",
    "constructor",
    "toString",
  ],
  ...["x-api-key", "x-sid", "*", "'", "`", "|", "$&", "#", "eval", "arguments"],
];

/** What is wrong with the program, by the compiler under `strict`, and by Node. */
function faults(text: string): string[] {
  const file = resolve(__dirname, "../../examples/generated.ts");
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, types: ["node"] },
    ...{ module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? text : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  const messages = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  return [...messages, ...nodeFaults(text)];
}

function nodeFaults(text: string): string[] {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  try {
    new Script(wrap(outputText));
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

test("the compiler and Node take a program with every nasty nickname and header", () => {
  const found = named(account(NASTY_NICKNAMES.map((nickname) => ({ nickname, headers: NASTY_HEADERS }))));
  expect(faults(program(found))).toEqual([]);
});

test("Node takes a program with any other nicknames and headers", () => {
  const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom(...NASTY_NICKNAMES));
  const token = fc.oneof(
    fc.stringMatching(/^[!#$%&'*+\-.^_`|~\dA-Za-z]{1,4}$/),
    fc.constantFrom(...NASTY_HEADERS),
  );
  const entry = fc.record({
    nickname: text,
    headers: fc.uniqueArray(token, { maxLength: 6, selector: (name) => name.toLowerCase() }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
      const found = named(account(entries));
      const keys = found.flatMap((one) => [...one.keys.values()]);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBe(entries.reduce((sum, { headers }) => sum + 2 + headers.length, 0));
      for (const names of [found.map(({ name }) => name), found.map(({ variable }) => variable)])
        expect(new Set(names).size).toBe(names.length);
      expect(nodeFaults(program(found))).toEqual([]);
    }),
  );
});
