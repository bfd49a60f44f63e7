import { sendVerificationMessage } from "../../kaleyra/end-point";
import { WhatsAppProviderError } from "../../model/errors";
import type { Inputs } from "./properties";

/** `clevertap:probeFrom: here`: the check of Save, without the API. @returns what Save would refuse */
export async function verifyFromHere(inputs: Inputs): Promise<WhatsAppProviderError[]> {
  const findings = await sendVerificationMessage(inputs);
  return findings
    .filter(({ verdict }) => verdict !== "good")
    .map(({ setting, reason, timedOut }) => {
      const code = timedOut ? "verification-timeout" : "verification-failed";
      return new WhatsAppProviderError(code, reason, { property: setting });
    });
}
