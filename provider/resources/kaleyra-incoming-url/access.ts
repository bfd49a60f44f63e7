import type { KaleyraAccess } from "../../kaleyra/number";
import { WhatsAppProviderError } from "../../model/errors";
import type { Properties } from "../../model/unknown";
import { properties } from "./properties";

/**
 * What a read needs of a state.
 * @param id the number
 * @throws WhatsAppProviderError invalid-input for an import, which has none of it, and where somebody edited the state
 */
export function accessOf(id: string, state: Properties): KaleyraAccess & { readonly mobileNumber: string } {
  const needed = (name: "mobileNumber" | keyof KaleyraAccess): string => {
    const value = name === "mobileNumber" ? id : state[name];
    const result = properties[name].kind.parse(value);
    if ("value" in result) return result.value;
    const isMissing = value === undefined;
    throw new WhatsAppProviderError(
      "invalid-input",
      isMissing ? "is not known, and Kaleyra answers nobody without it" : (result.faults[0]?.message ?? ""),
      { property: name === "mobileNumber" ? "id" : name, remedy: isMissing ? INSTEAD : "" },
    );
  };
  return {
    mobileNumber: needed("mobileNumber"),
    kaleyraHost: needed("kaleyraHost"),
    sid: needed("sid"),
    apiKey: needed("apiKey"),
  };
}

const INSTEAD =
  "An import can't say it: declare the resource without one, since its create sets the URL of a number that has one as well";
