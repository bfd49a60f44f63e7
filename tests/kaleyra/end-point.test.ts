import { sendVerificationMessage } from "../../provider/kaleyra/end-point";
import { withServer } from "../support/http-server";

/** The answers of the HTTP End Point: which setting is at fault. */

const KEY = "canary-A0123456789abcdef";

/** Verdicts by setting, for an end point that gives this answer. */
async function verdicts(status: number, answer: object) {
  return withServer(
    (_, response) => response.writeHead(status).end(JSON.stringify(answer)),
    async (httpEndpoint) => {
      const findings = await sendVerificationMessage({
        httpEndpoint,
        mobileNumber: "919999999999",
        apiKey: KEY,
        sid: "HXIN1234567890IN",
        kaleyraHost: "api.kaleyra.io",
      });
      expect(JSON.stringify(findings)).not.toContain(KEY);
      return Object.fromEntries(findings.map(({ setting, verdict }) => [setting, verdict]));
    },
  );
}

const failure = (code: number | undefined, message: string) => ({
  status: "failure",
  error: { code, message },
});
const CREDENTIALS = { httpEndpoint: "good", apiKey: "refused", sid: "refused" };
const NUMBER = { httpEndpoint: "good", mobileNumber: "refused" };
const HOST = { httpEndpoint: "good", kaleyraHost: "refused" };
const END_POINT = { httpEndpoint: "refused" };

test.each([
  ["a code", 200, failure(2000, `No host for ${KEY}`), CREDENTIALS],
  ["a code before its text", 200, failure(2004, "Invalid Credentials"), END_POINT],
  ["a documented text without its code", 200, { message: "Invalid credentials" }, CREDENTIALS],
  ["another documented text", 200, { message: "Number not subscribed" }, NUMBER],
  ["the name of a header", 500, failure(undefined, "Unknown kaleyra-host"), HOST],
  ["English about a host", 500, failure(undefined, "The host is overloaded"), { httpEndpoint: "unknown" }],
  ["English about credentials", 200, { message: "See the page on credentials" }, END_POINT],
])("%s", async (_, status, answer, expected) => expect(await verdicts(status, answer)).toEqual(expected));
