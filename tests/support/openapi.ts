import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { parse } from "yaml";

/** Checks real requests and answers against `contract/openapi.yaml` with a public validator. */

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: object;
}
interface Media {
  readonly content?: Record<string, { schema: object }>;
}
interface Operation {
  readonly parameters?: object[];
  readonly requestBody?: object;
  readonly responses: Record<string, object>;
}

const document = parse(readFileSync(join(__dirname, "../../contract/openapi.yaml"), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(document, "contract");
const compiled = new Map<string, ValidateFunction>();

/** Follows `$ref` within the document, and says where the thing is. */
function at<T>(pointer: string): { value: T; pointer: string } {
  const value = pointer
    .split("/")
    .slice(1)
    .reduce((node, part) => node?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  if (value?.$ref) return at<T>(value.$ref.slice(1));
  return { value, pointer };
}

function part(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function problems(pointer: string, value: unknown): string[] {
  const uri = `contract#${pointer.split("/").map(encodeURIComponent).join("/")}`;
  const validate = compiled.get(uri) ?? ajv.compile({ $ref: uri });
  compiled.set(uri, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message}`);
}

function operation(method: string, path: string): { value: Operation; pointer: string; pathPointer: string } {
  const plain = path.split("?")[0] ?? "";
  const template = Object.keys(document.paths).find((candidate) =>
    new RegExp(`^${candidate.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(plain),
  );
  if (template === undefined) throw new Error(`openapi.yaml has no path for ${plain}`);
  const pathPointer = `/paths/${part(template)}`;
  const found = at<Operation>(`${pathPointer}/${method.toLowerCase()}`);
  if (!found.value) throw new Error(`openapi.yaml has no ${method} ${template}`);
  return { ...found, pathPointer };
}

function fail(what: string, found: string[]): void {
  if (found.length > 0) throw new Error(`${what} is not as openapi.yaml says:\n  ${found.join("\n  ")}`);
}

/**
 * Checks an answer's status and body.
 *
 * @param path with or without the query
 * @param body the parsed JSON; undefined for none
 * @throws Error that lists what is wrong
 */
export function validateAnswer(method: string, path: string, status: number, body: unknown): void {
  const { value, pointer } = operation(method, path);
  const what = `${method} ${path}: the answer ${status}`;
  if (!value.responses[String(status)]) throw new Error(`${what} is not listed in openapi.yaml`);
  const response = at<Media>(`${pointer}/responses/${status}`);
  const [type] = Object.keys(response.value.content ?? {});
  if (type === undefined) fail(what, body === undefined ? [] : ["it must have no body"]);
  else fail(what, problems(`${response.pointer}/content/${part(type)}/schema`, body));
}

/** Query parameters are text; the schema speaks of what they mean. */
function meaning(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text;
}

/**
 * Checks a request: its query, headers and body.
 *
 * @param query as text
 * @param headers with names in lower case; a redacted value is fine
 * @param body the parsed JSON; undefined for none
 * @throws Error that lists what is wrong
 */
export function validateRequest(
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string | undefined>>,
  body?: unknown,
): void {
  const { value, pointer } = operation(method, path);
  const found: string[] = [];
  const known = new Set<string>();
  (value.parameters ?? []).forEach((_, index) => {
    const { value: parameter, pointer: place } = at<Parameter>(`${pointer}/parameters/${index}`);
    const { name, in: where, required } = parameter;
    if (where === "query") known.add(name);
    const given = where === "query" ? query[name] : headers[name.toLowerCase()];
    if (given === undefined) {
      if (required) found.push(`${where} ${name} is missing`);
      return;
    }
    const schema = at<{ type?: string }>(`${place}/schema`).value;
    const real =
      schema.type === "integer" ? Number(given) : schema.type === "boolean" ? meaning(given) : given;
    found.push(...problems(`${place}/schema`, real).map((text) => `${where} ${name}: ${text}`));
  });
  for (const name of Object.keys(query)) if (!known.has(name)) found.push(`query ${name} is not known`);
  for (const name of ["x-clevertap-account-id", "x-clevertap-passcode", "x-request-id", "user-agent"])
    if (!headers[name]) found.push(`header ${name} is missing`);
  const writes = query.validateOnly !== "true";
  for (const [verb, name] of [
    ["POST", "idempotency-key"],
    ["PUT", "if-match"],
  ] as const) {
    if (method !== verb) continue;
    if (writes && !headers[name]) found.push(`header ${name} is missing`);
    if (!writes && headers[name])
      found.push(`a dry run carries no ${name}: it could write where its query is lost`);
  }
  if (value.requestBody) {
    if (!/^application\/json\b/.test(headers["content-type"] ?? "")) found.push("content-type is not JSON");
    const { pointer: place } = at<Media>(`${pointer}/requestBody`);
    found.push(...problems(`${place}/content/application~1json/schema`, body).map((text) => `body ${text}`));
  } else if (body !== undefined) found.push("it must have no body");
  fail(`${method} ${path}: the request`, found);
}
