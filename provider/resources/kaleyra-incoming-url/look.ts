import type { KaleyraNumbers, NumberDetails } from "../../kaleyra/incoming-url";
import { WhatsAppProviderError } from "../../model/errors";
import type { Context } from "../context";

/** What of a read is an error. All else leaves a write possible: what the read answers is not documented in full. */
const ERRORS: readonly string[] = ["unauthenticated", "forbidden", "cancelled"];

/**
 * Reads the number: proves key, SID, host and number.
 * @param expected URLs that would be no surprise
 * @returns undefined where Kaleyra does not tell, which is a warning
 * @throws WhatsAppProviderError unauthenticated, forbidden
 */
export async function look(
  context: Context,
  kaleyra: KaleyraNumbers,
  mobileNumber: string,
  expected: readonly unknown[],
): Promise<NumberDetails | undefined> {
  try {
    return await kaleyra.details(mobileNumber, expected);
  } catch (error) {
    if (!WhatsAppProviderError.is(error) || ERRORS.includes(error.code)) throw error;
    context.warn(`number ${mobileNumber} could not be read at Kaleyra: ${error.message}`);
    return undefined;
  }
}
