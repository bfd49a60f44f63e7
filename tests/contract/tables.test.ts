import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ENDPOINT_REFUSALS } from "../../contract/endpoint-answer";
import { KALEYRA_HEADER_NAMES, SECRET_HEADER_NAMES } from "../../contract/headers";
import { MEMBERS, STANDARDS } from "../../contract/members";
import { PROBLEM_CODES, PROBLEMS } from "../../contract/problems";

/** The tables in the code and openapi.yaml say the same. */

const document = parse(readFileSync(join(__dirname, "../../contract/openapi.yaml"), "utf8"));
const { ProviderRequest, Provider, Problem } = document.components.schemas;

test("the members of a save request", () => {
  expect(Object.keys(MEMBERS)).toEqual(Object.keys(ProviderRequest.properties));
  const required = Object.entries(MEMBERS).filter(([, member]) => member.fault(undefined) !== undefined);
  expect(required.map(([name]) => name)).toEqual(ProviderRequest.required);
});

test("the type of each", () => {
  for (const [name, schema] of Object.entries<{ $ref?: string; type?: string; const?: unknown }>(
    ProviderRequest.properties,
  )) {
    const named = document.components.schemas[schema.$ref?.split("/").pop() ?? ""] ?? schema;
    const type = named.type === "integer" ? "number" : (named.type ?? typeof named.const);
    expect([name, MEMBERS[name]?.type]).toEqual([name, type]);
  }
});

test("a default of openapi.yaml is the server's", () => {
  for (const [name, { default: value }] of Object.entries<{ default?: unknown }>(ProviderRequest.properties))
    if (value !== undefined) expect([name, STANDARDS[name as keyof typeof STANDARDS]]).toEqual([name, value]);
});

test("a member that is kept as it came is in the answer", () => {
  const kept = Object.keys(MEMBERS).filter((name) => name !== "markAsDefault");
  expect(Object.keys(Provider.properties)).toEqual(expect.arrayContaining(kept));
});

test("the codes of problems", () => {
  expect(PROBLEM_CODES).toEqual(Problem.properties.code.enum);
});

/** Which statuses an operation lists with a response that speaks of the code. */
function statusesOf(code: string): number[] {
  const operations = Object.values<Record<string, { responses?: object }>>(document.paths).flatMap(
    Object.values,
  );
  const responses = operations.flatMap((operation) =>
    Object.entries<{ $ref?: string }>(operation.responses ?? {}),
  );
  const speaks = ({ $ref = "" }: { $ref?: string }) => {
    const { description = "" } = document.components.responses[$ref.split("/").pop() ?? ""] ?? {};
    return new RegExp(`^Codes?:.*\\b${code}\\b`).test(description);
  };
  return responses.filter(([, response]) => speaks(response)).map(([status]) => Number(status));
}

const SILENT = ["not-found", "method-not-allowed", "payload-too-large", "unsupported-media-type"];

test.each(PROBLEM_CODES.filter((code) => !SILENT.includes(code)))("the status of %s", (code) => {
  expect(statusesOf(code)).toContain(PROBLEMS[code][0]);
});

test("the header names of the example", () => {
  const { headers } = document.components.examples.Provider.value;
  expect(headers.map((header: { key: string }) => header.key)).toEqual(KALEYRA_HEADER_NAMES);
  const secret = headers.filter((header: { secret?: boolean }) => header.secret);
  expect(secret.map((header: { key: string }) => header.key)).toEqual(SECRET_HEADER_NAMES);
});

test("the codes of the HTTP End Point", () => {
  const { description } = document.components.schemas.Verification.properties.bspCode;
  expect(description.match(/\d{4}/g)).toEqual(Object.keys(ENDPOINT_REFUSALS));
});
