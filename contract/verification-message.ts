/** The `msgId` that tells the verification message from a real one. */
export const VERIFICATION_MESSAGE_ID = "0|0|0|0";

/** How long Save waits for the endpoint's answer, in milliseconds. */
export const VERIFICATION_LIMIT_MS = 1_000;

/**
 * CleverTap's verification message: the dummy template that Save sends to the HTTP End Point.
 *
 * @param mobileNumber the provider's number, digits only with the country code
 * @param to whom it is addressed to; by default the number itself, since no message has to arrive
 */
export function verificationMessage(mobileNumber: string, to = mobileNumber) {
  return {
    payloadVersion: "0.1",
    wabaNumber: mobileNumber,
    to,
    isTemplate: true,
    template: {
      namespace: "whatsapp:hsm:technology:generic:verify",
      languageCode: "en",
      components: [
        {
          type: "body",
          text: "1 code: 2.Valid for 3 minutes.",
          parameters: ["1", "2", "3"].map((text) => ({ type: "text", text })),
        },
      ],
    },
    msgId: VERIFICATION_MESSAGE_ID,
  };
}
