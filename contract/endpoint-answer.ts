import { KALEYRA_HEADERS } from "./headers";
import { membersOf } from "./json";

/** What the HTTP End Point answers to a message: the codes that CleverTap documents for the Generic provider, and how they are read. */

/** The settings of a provider that the endpoint judges. */
export const JUDGED_SETTINGS = ["httpEndpoint", "apiKey", "sid", "kaleyraHost", "mobileNumber"] as const;
export type JudgedSetting = (typeof JUDGED_SETTINGS)[number];

/** Why the endpoint takes no message. */
export interface EndpointRefusal {
  /** Its code in a problem's `errors`. */
  readonly code: string;
  /** What it means, in words for a person. */
  readonly message: string;
  readonly settings: readonly JudgedSetting[];
  /** The text that is documented with the code, and that also comes without it. */
  readonly text?: string;
}

/** By the code of the endpoint's answer. */
export const ENDPOINT_REFUSALS = {
  2000: {
    code: "invalid-credentials",
    message: "Kaleyra does not accept api-key with sid",
    settings: ["apiKey", "sid"],
    text: "Invalid Credentials",
  },
  2001: {
    code: "template-parameters",
    message: "the endpoint refused the message's parameters",
    settings: ["httpEndpoint"],
  },
  2002: {
    code: "invalid-phone-number",
    message: "Kaleyra says that the number is not valid",
    settings: ["mobileNumber"],
    text: "Invalid Phone Number",
  },
  2003: {
    code: "not-subscribed",
    message: "the number is not approved in Kaleyra's dashboard",
    settings: ["mobileNumber"],
    text: "Number not subscribed",
  },
  2004: {
    code: "other",
    message: "the endpoint refused the verification message",
    settings: ["httpEndpoint"],
  },
} as const satisfies Record<number, EndpointRefusal>;

const UNKNOWN_HOST: EndpointRefusal = {
  code: "unknown-host",
  message: "the host is not known",
  settings: ["kaleyraHost"],
};

/** An answer of the endpoint, as far as it could be read. */
export interface EndpointAnswer {
  /** The message was taken. Only a 2xx that says so counts. */
  readonly isSuccess: boolean;
  /** The endpoint's own code, such as 2000. */
  readonly code?: number;
  /** The endpoint's own words. They may quote what it was sent, secrets included. */
  readonly text?: string;
  /** Where code or words tell. */
  readonly refusal?: EndpointRefusal;
}

/** @param body the answer's body as JSON; of any type */
export function readEndpointAnswer(httpStatus: number, body: unknown): EndpointAnswer {
  const answer = membersOf(body);
  const error = membersOf(answer.error);
  const isSuccess = httpStatus >= 200 && httpStatus < 300 && answer.status === "success";
  const code = Number(error.code) || undefined;
  const text = [error.message, answer.message, answer.error].find((said) => typeof said === "string");
  return { isSuccess, code, text, refusal: isSuccess ? undefined : refusalOf(code, text?.toLowerCase()) };
}

/** By the code, or by its text where no code comes; else by the name of a header that was sent. Other words decide nothing. */
function refusalOf(code: number | undefined, text = ""): EndpointRefusal | undefined {
  const refusals = Object.entries<EndpointRefusal>(ENDPOINT_REFUSALS);
  const known = refusals.find(([own, refusal]) =>
    code ? Number(own) === code : refusal.text?.toLowerCase() === text,
  );
  return known?.[1] ?? (text.includes(KALEYRA_HEADERS.kaleyraHost) ? UNKNOWN_HOST : undefined);
}
