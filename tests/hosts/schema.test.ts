import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { readSettings } from "../../provider/configuration/settings";
import { RESOURCES } from "../../provider/resources";

const ROOT = resolve(__dirname, "../..");
const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
const schema = read("plugin/schema.json");

test("the schema is valid against Pulumi's package meta-schema", () => {
  // A copy of pkg/codegen/schema/pulumi.json of github.com/pulumi/pulumi v3.250.0 (Apache-2.0).
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(read("tests/hosts/support/package-metaschema.json"));
  validate(schema);
  expect(validate.errors ?? []).toEqual([]);
});

test.each(RESOURCES)("it says what the table of properties says: $name", ({ name, properties }) => {
  const resource = schema.resources[`clevertap:index:${name}`];
  const args = Object.entries(properties).filter(([, { role }]) => role === "argument");
  expect(resource.description).toContain("## Example Usage");
  expect(Object.keys(resource.inputProperties)).toEqual(args.map(([argument]) => argument));
  expect(Object.keys(resource.properties)).toEqual(Object.keys(properties));
  for (const [argument, field] of args) {
    const property = resource.inputProperties[argument];
    expect(property.description).toContain(field.doc);
    expect(property.secret ?? false).toBe("secret" in field);
    expect(property.willReplaceOnChanges ?? false).toBe("replaces" in field);
  }
});

test("it says who publishes it, and where", () => {
  const { homepage, license, repository, bugs, version } = read("package.json");
  expect(schema.version).toBe(version);
  const url = repository.url.replace(/^git\+|\.git$/g, "");
  const publisher = new URL(url).pathname.split("/")[1];
  const raw = url.replace("github.com", "raw.githubusercontent.com");
  const logoUrl = `${raw}/main/plugin/logo.svg`;
  expect(schema).toMatchObject({ publisher, repository: url, homepage, license, logoUrl });
  expect(existsSync(join(ROOT, "plugin/logo.svg"))).toBe(true);
  expect(schema.keywords).toEqual(expect.arrayContaining(["whatsapp", "kind/native", "category/utility"]));
  expect([homepage, bugs].every((link) => link.startsWith(url))).toBe(true);
  expect(readFileSync(join(ROOT, "SECURITY.md"), "utf8")).toContain(`(${url}/security/advisories/new)`);
});

test("its enumerations are what the settings take", () => {
  for (const key of ["previewProbe", "probeFrom"] as const) {
    const [, name = ""] = schema.config.variables[key].$ref.split("#/types/");
    const values = schema.types[name].enum.map(({ value }: { value: string }) => value);
    for (const value of values)
      expect(readSettings((k) => (k === key ? value : undefined), {})[key]).toBe(value);
    expect(() => readSettings((k) => (k === key ? "other" : undefined), {})).toThrow(values.join(", "));
  }
});
