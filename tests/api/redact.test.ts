import * as fc from "fast-check";
import { redactor } from "../../provider/api/redact";
import { failure, problem, REQUEST, staged } from "./server";

let forms = 0;
jest.mock("../../provider/api/secret-forms", () => {
  const real = jest.requireActual("../../provider/api/secret-forms");
  const formsOf = (secret: string) => {
    forms++;
    return real.formsOf(secret);
  };
  return { ...real, formsOf };
});

describe("redactor", () => {
  const secret = 's3cret+/="é&';
  const { text, name } = redactor([secret, "1", "hunter2hunter2hunter2"]);
  test.each([
    secret,
    secret.toUpperCase(),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    JSON.stringify(secret),
    JSON.stringify(JSON.stringify(secret)),
    Buffer.from(secret).toString("base64"),
    Buffer.from(`u:${secret}:x`).toString("base64"),
    Buffer.from(`us:${secret}`).toString("base64url"),
    Buffer.from(secret).toString("hex"),
    secret.split("").join("\u200b"),
    secret.split("").join("\u0000"),
    [...Buffer.from(secret)].map((b) => `%${b.toString(16)}`).join(""),
    "s3cret+/=&quot;é&amp;",
    "s3cret+/=&#34;&#xe9;&#38;",
    `\\u0073${secret.slice(1)}`,
  ])("%j is hidden", (form) => {
    const shown = text(`before ${form} after`);
    expect(shown).toMatch(/\*\*\*/);
    expect(shown).not.toMatch(/s3cret/i);
  });
  test("a short secret is masked as a word only", () =>
    expect(text("within 1 second, not 10")).toBe("within *** second, not 10"));
  test("one line of 300 characters", () => {
    expect(text("a\r\n\u001b[31mb\u202ec")).toBe("a [31mbc");
    expect(text("x".repeat(1000)).length).toBe(300);
  });
  test("names stay what they are unless a long secret is in them", () => {
    expect(name("org/1/stack")).toBe("org/1/stack");
    expect(name("x-hunter2hunter2hunter2")).toBe("x-***");
  });
  test("a secret that is a pattern", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: every sign that means something in a pattern
    const secret = ".*+?^${}()|[]\\/-";
    expect(redactor([secret]).text(`a ${secret} b`)).toBe("a *** b");
  });
  test("two secrets that overlap are masked as one", () =>
    expect(redactor(["abcdefgh1234", "1234zzzz9999"]).text("x abcdefgh1234zzzz9999 y")).toBe("x *** y"));
});

const KEY = "A0123456789abcdef0123456789abcdef";

describe("a secret that was cut", () => {
  const { text } = redactor([KEY, "https://example.com/callback?token=x"]);
  test.each([
    ["the key A0123456789abcdef0123456789a… is unknown", "the key *** is unknown"],
    ["the key a0123456... is unknown", "the key *** is unknown"],
    ["the key A0123456*** is unknown", "the key *** is unknown"],
    ["so few tell nothing: A012345", "so few tell nothing: A012345"],
    ["see https://help.example.com/", "see https://help.example.com/"],
    ["see https://example.com/call…", "see ***"],
  ])("%s", (said, shown) => expect(text(said)).toBe(shown));

  test("in another spelling", () => {
    const odd = "k/+\"'&<>\\%41-0123456789";
    const { text } = redactor([odd]);
    const spellings = [
      encodeURIComponent(odd),
      JSON.stringify(odd).slice(1),
      Buffer.from(odd).toString("base64"),
      Buffer.from(odd).toString("hex"),
    ];
    for (const spelling of spellings) expect(text(`key ${spelling.slice(0, 20)}…`)).toBe("key ***");
  });

  test("at the end of the part that is searched", () =>
    expect(text(`${"x ".repeat(2000)}${KEY} and more`)).not.toContain("A0123456"));
});

test.each([
  `${KEY.slice(0, 16)}\n${KEY.slice(16)}`,
  `${KEY.slice(0, 3)}\r\n\t ${KEY.slice(3)}`,
  KEY.split("").join(" "),
  KEY.split("").join("\u034f"),
  JSON.stringify(`${KEY.slice(0, 16)}\n${KEY.slice(16)}`),
  JSON.stringify(JSON.stringify(`${KEY.slice(0, 16)}\n${KEY.slice(16)}`)),
  encodeURIComponent(`${KEY.slice(0, 16)}\r\n${KEY.slice(16)}`),
  Buffer.from(KEY).toString("base64").replace(/.{20}/, "$&\n"),
])("a secret that is wrapped over lines is hidden: %j", (wrapped) => {
  const { text } = redactor([KEY]);
  expect(text(`the key ${wrapped} is unknown`)).toMatch(/\*\*\*/);
  expect(text(`the key ${wrapped} is unknown`)).not.toMatch(/456789a/i);
});

test("a secret with white space is found without it", () =>
  expect(redactor(["Bearer one two three"]).text("got Beareronetwothree")).toBe("got ***"));

const ENCODERS: Record<string, (text: string) => string> = {
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  percent: encodeURIComponent,
  "percent, all": (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join(""),
  HTML: (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  "HTML, hexadecimal": (text) => [...text].map((sign) => `&#x${sign.charCodeAt(0).toString(16)};`).join(""),
  "backslash u": (text) =>
    [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
};

test("a secret of any visible characters is hidden however it is escaped, up to three times", () => {
  const between = (least: number, most: number) =>
    fc.integer({ min: least, max: most }).map((code) => String.fromCharCode(code));
  // Parts of escapes come more often than by chance.
  const tricky = fc.constantFrom("\\", "%41", "%25", "&amp;", "&#65;", "\\u0041", '"', "\\n", "%5C");
  const part = fc
    .tuple(fc.oneof(between(0x21, 0x7e), tricky), between(0x61, 0x7a))
    .map((two) => two.join(""));
  // A line break spelled out at an end may belong to the secret or to the text around it, so it begins and ends otherwise.
  const secrets = fc.array(part, { minLength: 6, maxLength: 20 }).map((parts) => `k${parts.join("")}k`);
  const encoders = fc.array(fc.constantFrom(...Object.keys(ENCODERS)), { maxLength: 3 });
  fc.assert(
    fc.property(secrets, encoders, (secret, names) => {
      const spelled = names.reduce((text, name) => ENCODERS[name]?.(text) ?? text, secret);
      // A longer text is not searched to its end.
      fc.pre(spelled.length < 4000);
      expect(redactor([secret]).text(`key: ${spelled}`)).toBe("key: ***");
    }),
    { numRuns: 2000, seed: 10 },
  );
});

test("the forms of a secret are made once, however many calls fail", () => {
  const requests = 60;
  forms = 0;
  return staged(
    [problem(503, "unavailable", { detail: "later" })],
    async ({ api }) => {
      for (let i = 0; i < requests; i++) {
        const headers = [{ key: "api-key", value: `canary-${i}-A0123456789abcdef`, secret: true }];
        await failure(api.create({ ...REQUEST, headers }));
      }
      // One of each request, and the passcode.
      expect(forms).toBe(requests + 1);
    },
    { maxAttempts: 2 },
  );
});

test("no forms are made before there is a text to redact", () => {
  forms = 0;
  const { add, text } = redactor([KEY]);
  add("another-secret");
  expect(forms).toBe(0);
  text("a text");
  expect(forms).toBe(2);
});
