import { KALEYRA_HEADERS } from "../../contract/headers";
import { membersOf } from "../../contract/json";
import { type Answer, type Call, json, jsonBody } from "../../server/http";
import type { World } from "../world";
import { isServed } from "./numbers";

/** Kaleyra's public API for a number: requests as Kaleyra documents them. Of the answers only the envelope of its siblings is known. */

function answer(status: number, code: string, message: string, data: object, error: object): Answer {
  return json(status, { code, message, data, error });
}

/** One code for nearly everything that is wrong with a field, told apart by its text. */
function invalid(message: string): Answer {
  return answer(400, "E13001", message, {}, [{ message }]);
}

/** The answer to a call with a wrong key or SID. */
function wrongKey(world: World, call: Call): Answer | undefined {
  if (world.isKaleyra(call.param("sid"), call.headers[KALEYRA_HEADERS.apiKey])) return undefined;
  return answer(401, "RBC001", "Incorrect SID or API Key", {}, { error: "unauthorized" });
}

/** The answer to a call for a number that the account does not have. */
function unknownNumber(world: World, number: string): Answer | undefined {
  if (isServed(world.settings, number)) return undefined;
  return answer(404, "RBC404", "The number is not one of this account", {}, { number: "not found" });
}

/** Details of a number. Whether they hold the Incoming URL is not documented: the sandbox does as it is told. */
export function numberDetails(world: World, call: Call): Answer {
  const number = call.param("number");
  const refused = wrongKey(world, call) ?? unknownNumber(world, number);
  if (refused) return refused;
  const details = { phone_number: number, status: "CONNECTED" };
  const url = { incoming_url: world.incomingUrls.get(number) ?? null };
  return answer(200, "RBC000", "Success", { ...details, ...(world.showsIncomingUrl && url) }, {});
}

/** Changes of a number what the body holds. Of the fields only the Incoming URL is kept. */
export function updateNumber(world: World, call: Call): Answer {
  const refused = wrongKey(world, call);
  if (refused) return refused;
  const { wa_number: given, ...fields } = membersOf(jsonBody(call));
  if (given === undefined) return invalid("WhatsApp Number is mandatory");
  if (typeof given !== "string") return invalid("WhatsApp Number must be a string");
  // Kaleyra's own samples have a plus.
  const number = given.replace(/^\+/, "");
  const unknown = unknownNumber(world, number);
  if (unknown) return unknown;
  if (Object.keys(fields).length === 0) return invalid("At least one field to update is needed");
  const { incoming_url: url } = fields;
  if (url !== undefined) {
    if (typeof url !== "string" || !URL.canParse(url)) return invalid("Incoming URL must be a valid URL");
    world.incomingUrls.put(number, url);
  }
  return answer(200, "RBC000", "Number updated successfully", { wa_number: number }, {});
}
