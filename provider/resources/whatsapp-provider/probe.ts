import { sendVerification } from "../../kaleyra/verification";
import { WhatsAppProviderError } from "../../model/errors";
import type { Inputs } from "./properties";

/** `clevertap:probeFrom: here`: the check of Save, without the API. @returns what Save would refuse */
export async function verifyFromHere(inputs: Inputs): Promise<WhatsAppProviderError[]> {
  const findings = await sendVerification(inputs);
  return findings
    .filter(({ verdict }) => verdict !== "good")
    .map(({ part, reason, timedOut }) => {
      const code = timedOut ? "verification-timeout" : "verification-failed";
      return new WhatsAppProviderError(code, reason, { property: part });
    });
}
