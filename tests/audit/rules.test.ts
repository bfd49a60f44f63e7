import { readFileSync } from "node:fs";
import { auditCheck, readRuleSettings } from "../../audit";
import { RULES } from "../../audit/rules";
import { inFolder } from "./support/folder";
import { exported, gatewayLog, resource, type Wanted } from "./support/states";

const INDIA: Wanted = {
  name: "india",
  number: "919999999999",
  nickname: "Kaleyra",
  key: "1",
  created: "2026-09-01T00:00:00Z",
};
const asOf = new Date("2026-10-01T00:00:00Z");
const state = (wanted: readonly Wanted[], more = {}) =>
  exported("2026-09-01T00:00:00Z", wanted.map(resource), more);

interface Case {
  readonly states: readonly object[];
  readonly rules?: object;
  readonly log?: readonly object[];
}

function found({ states, rules, log }: Case): Promise<string[]> {
  return inFolder(async (write) => {
    const files = states.map((one, i) => write(`${i}.json`, one));
    const report = await auditCheck(files, {
      asOf,
      rules: rules && readRuleSettings(write("rules.json", { rules })),
      gatewayLog: log && write("log.jsonl", log.map((line) => `${JSON.stringify(line)}\n`).join("")),
    });
    return report.findings.map(
      ({ rule, severity, resource: name, what }) => `${severity} ${rule} ${name}: ${what}`,
    );
  });
}

test("a good state has no finding", async () => {
  expect(await found({ states: [state([{ ...INDIA, isDefault: true, protect: true }])] })).toEqual([]);
});

const http = { httpEndpoint: "http://example.com/whatsapp" };
const other = "organization/other/prod/x#0123456789ab";
const line = { at: "2026-09-01T00:00:30Z", actor: "Ravi", action: "save", provider: "wap_1" };
const whole = gatewayLog([line, { ...line, action: "log-in" }]);

test.each<[string, Case, string[]]>([
  [
    "plain-http",
    { states: [state([{ ...INDIA, settings: http, outputs: { __api: "http://example.com" } }])] },
    [
      "error plain-http india: HTTP End Point (httpEndpoint) is an address over plain http",
      "error plain-http india: the API that holds it is called over plain http",
    ],
  ],
  [
    "plain-http, on this machine",
    { states: [state([{ ...INDIA, settings: { httpEndpoint: "http://127.0.0.1:1/x" } }])] },
    [],
  ],
  [
    "unprotected-default",
    { states: [state([{ ...INDIA, isDefault: true }])] },
    [
      "warning unprotected-default india: it is the account's default provider and not protected: one wrong destroy stops every campaign",
    ],
  ],
  [
    "two-defaults and duplicate-number, in two stacks",
    {
      states: [
        state([{ ...INDIA, isDefault: true, protect: true }]),
        state([{ ...INDIA, name: "bharat", stack: "shop/live", isDefault: true, protect: true }], {
          stack: "shop/live",
        }),
      ],
    },
    [
      "error two-defaults india: another provider is the default of the same account too: bharat of shop/live",
      "error two-defaults bharat: another provider is the default of the same account too: india of shop/prod",
      "error duplicate-number india: the same number is declared by bharat of shop/live",
      "error duplicate-number bharat: the same number is declared by india of shop/prod",
    ],
  ],
  [
    "the same number in another account, and one that is only read",
    {
      states: [
        state([
          INDIA,
          { ...INDIA, name: "emea", account: "TEST-000-002Z" },
          { ...INDIA, name: "got", entry: { external: true } },
        ]),
      ],
    },
    [],
  ],
  [
    "country, where it is set",
    { states: [state([INDIA])], rules: { country: { codes: ["1", "44"] } } },
    ["error country india: the number's country code is none of those allowed: 1, 44"],
  ],
  [
    "nickname, where it is set",
    { states: [state([INDIA])], rules: { nickname: { pattern: "Shop .+" } } },
    ["warning nickname india: the nickname does not match Shop .+"],
  ],
  [
    "foreign-mark",
    { states: [state([{ ...INDIA, outputs: { externalReference: other } }])] },
    [
      "error foreign-mark india: it carries the mark of organization/other/prod/x, which this state did not write",
    ],
  ],
  [
    "init-errors",
    { states: [state([{ ...INDIA, entry: { initErrors: ["x"] } }])] },
    ["error init-errors india: its last create or update ended with an error"],
  ],
  [
    "pending-operations",
    {
      states: [
        state([INDIA, { ...INDIA, id: "old", entry: { delete: true } }], {
          pending_operations: [{ type: "creating", resource: resource({ ...INDIA, name: "new" }) }],
        }),
      ],
    },
    [
      "error pending-operations new: an update was cut off while creating: it is not known whether that took effect",
      "error pending-operations india: an old copy, which a replacement has left, still waits for its deletion",
    ],
  ],
  [
    "duplicate-urn",
    { states: [state([INDIA, { ...INDIA, number: "917834811114" }])] },
    ["error duplicate-urn india: the state names it more than once"],
  ],
  [
    "credential-age",
    { states: [state([{ ...INDIA, created: "2026-03-01T00:00:00Z" }])] },
    ["warning credential-age india: its credentials are older than 90 days: at least 214 days"],
  ],
  [
    "credential-age, with another limit and severity",
    { states: [state([INDIA])], rules: { "credential-age": { severity: "error", maxDays: 29 } } },
    ["error credential-age india: its credentials are older than 29 days: at least 30 days"],
  ],
  [
    "a rule that is off",
    { states: [state([{ ...INDIA, isDefault: true }])], rules: { "unprotected-default": "off" } },
    [],
  ],
  [
    "unconfirmed, pending and refused",
    {
      states: [
        state([
          { ...INDIA, status: "pending" },
          {
            ...INDIA,
            name: "us",
            number: "15017122661",
            status: "refused",
            outputs: { statusReason: "no approval" },
          },
        ]),
      ],
    },
    [
      "warning unconfirmed india: its status is pending: nobody has confirmed it yet",
      "warning unconfirmed us: CleverTap refused it: no approval",
    ],
  ],
  [
    "unconfirmed, by the log",
    {
      states: [
        state([
          { ...INDIA, id: "wap_1" },
          { ...INDIA, name: "us", number: "15017122661" },
        ]),
      ],
      log: whole,
      rules: { unconfirmed: { maxDays: 10 } },
    },
    [
      "warning unconfirmed india: Ravi attested it 29 days ago, which is more than 10",
      "warning unconfirmed us: the log has nobody who attested it",
    ],
  ],
  [
    "unconfirmed, since somebody found something else",
    {
      states: [state([{ ...INDIA, id: "wap_1" }])],
      log: gatewayLog([line, { ...line, action: "differs", at: "2026-09-10T00:00:00Z" }]),
    },
    ["warning unconfirmed india: Ravi found other values in the dashboard"],
  ],
  [
    "broken-log",
    {
      states: [state([{ ...INDIA, id: "wap_1" }])],
      log: [{ ...whole[0], actor: "Arun" }, ...whole.slice(1)],
    },
    [
      "error broken-log : the log of the gateway is broken at line 1: its content was changed after it was written",
    ],
  ],
  ["nothing-found", { states: [state([])] }, ["note nothing-found : the state holds no WhatsApp provider"]],
  [
    "secret-in-clear",
    { states: [state([{ ...INDIA, settings: { sid: "HXIN1234567890IN" } }])] },
    [
      "error secret-in-clear india: the value of sid stands in clear at deployment.resources[1].inputs.sid",
      "error secret-in-clear india: the value of sid stands in clear at deployment.resources[1].outputs.sid",
    ],
  ],
])("%s", async (_, given, expected) => {
  expect(await found(given)).toEqual(expected);
});

test("every rule is tried above", () => {
  const own = readFileSync(__filename, "utf8");
  for (const id of Object.keys(RULES)) expect(own).toMatch(new RegExp(`"(error|warning|note) ${id} `));
});

test.each<[object, RegExp]>([
  [
    { rules: { "credential-agee": "off" } },
    /there is no rule "credential-agee": did you mean "credential-age"\?/,
  ],
  [{ rules: { country: "loud" } }, /country must be "off", "error", "warning", "note", or an object/],
  [{ rules: { country: { code: ["1"] } } }, /country has no option "code": did you mean "codes"\?/],
  [{ rules: { country: { codes: ["IN"] } } }, /codes must be a list of country codes/],
  [{ rules: { nickname: { pattern: "(" } } }, /pattern must be a regular expression/],
  [{ rules: { "credential-age": { maxDays: -1 } } }, /maxDays must be a whole number of days/],
  [{ rules: { "credential-age": { __proto__x: 1 } } }, /has no option/],
  [{ rules: [] }, /has no "rules"/],
  [{}, /has no "rules"/],
])("a file of rules with a slip: %j", async (file, message) => {
  await inFolder((write) => expect(() => readRuleSettings(write("rules.json", file))).toThrow(message));
});
