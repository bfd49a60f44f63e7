import { propertiesOf } from "../provider/model/property";
import { RESOURCES } from "../provider/resources";
import { isObject, isShallow, textMember } from "./reading/json";
import { isOwnType } from "./resource";
import { CREDENTIAL_SHAPES, isEnveloped, openedText } from "./secrets";

/** Secrets in clear, anywhere in a state: known properties, names that promise one, and forms of Kaleyra's credentials. */

/** Where a secret stands in clear, without its value. */
export interface ClearSecret {
  /** Resource in which it is; empty outside of any. */
  readonly urn: string;
  /** Where in the file: `deployment.resources[3].inputs.apiKey`. */
  readonly path: string;
  readonly what: string;
}

/** Tells a place, and the value, which is for hiding it only. */
type Tell = (secret: ClearSecret, value: string) => void;

/** Where a walk is. */
interface Place {
  /** Nearest name of a member. */
  readonly key: string;
  readonly path: string;
  readonly urn: string;
  /** Inside a resource of this package. */
  readonly isOurs: boolean;
}

const SECRET_PROPERTIES = new Set(
  RESOURCES.flatMap(({ properties }) => propertiesOf(properties, "argument").filter((p) => p.secret)).map(
    ({ name }) => name,
  ),
);

/** The end of a name that promises a secret. */
const TELLING =
  /(?:^|[:._-])(?:passcode|password|passphrase|secret|token|api-?key|private-?key|sid)$|(?:^a|A)piKey$|(?:Passcode|Password|Secret|Token|PrivateKey)$/;
/** Members of the engine's own with such names inside, which hold names and no values. */
const NAMES_ONLY = new Set(["propertyDependencies", "secrets_providers"]);
/** Characters of a text that is looked into as JSON: a configuration's map, not a document. */
const MOST_INSIDE = 100_000;

/** Finds them in a document. */
export function findClearSecrets(document: unknown, tell: Tell): void {
  walk(document, { key: "", path: "", urn: "", isOurs: false }, tell);
}

function walk(value: unknown, place: Place, tell: Tell): void {
  const { key, path } = place;
  if (typeof value === "string") look(value, place, tell);
  else if (isEnveloped(value)) {
    const opened = openedText(value);
    if (opened !== undefined)
      tell({ ...toldOf(place), what: "a secret, exported with --show-secrets" }, opened);
  } else if (Array.isArray(value)) {
    for (const [i, inner] of value.entries()) walk(inner, { ...place, path: `${path}[${i}]` }, tell);
  } else if (isObject(value)) {
    const urn = textMember(value, "urn");
    const own =
      urn === undefined ? place : { ...place, urn, isOurs: isOwnType(textMember(value, "type") ?? "") };
    // All values of a secret map are secret, whatever their names.
    const isMap = place.isOurs && SECRET_PROPERTIES.has(key);
    for (const [name, inner] of Object.entries(value)) {
      if (NAMES_ONLY.has(name)) continue;
      walk(inner, { ...own, key: isMap ? key : name, path: path === "" ? name : `${path}.${name}` }, tell);
    }
  }
}

function look(value: string, place: Place, tell: Tell): void {
  const what = whatIsClear(value, place);
  if (what !== undefined) tell({ ...toldOf(place), what }, value);
  if (what !== undefined || value.length > MOST_INSIDE || !/^\s*[{[]/.test(value)) return;
  const inside = jsonIn(value);
  if (typeof inside === "object" && inside !== null) walk(inside, { ...place, key: "" }, tell);
}

function jsonIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function whatIsClear(value: string, { key, isOurs }: Place): string | undefined {
  if (value === "") return undefined;
  if ((isOurs && SECRET_PROPERTIES.has(key)) || TELLING.test(key)) return `the value of ${key}`;
  return CREDENTIAL_SHAPES.find(({ shape }) => shape.test(value))?.what;
}

const toldOf = ({ urn, path }: Place) => ({ urn, path });
