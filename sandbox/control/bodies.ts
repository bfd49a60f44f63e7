import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";
import { type PlainMembers, plainMembers } from "../../contract/members";
import { PROBLEM_CODES } from "../../contract/problems";
import type { CampaignOptions } from "../clevertap/campaign";
import type { KaleyraCredentials } from "../options";
import type { HandMade, ProviderPatch } from "./by-hand";
import { FAULT_KINDS, type FaultSpec } from "./faults";
import type { RequestFilter } from "./requests";

/** What the sandbox's own calls take. Types and names only: an edit past the API may make what the API would refuse. */

const count = z.int().min(0);

const TYPES = { string: z.string(), number: count, boolean: z.boolean(), array: z.array(z.unknown()) };

const plain = plainMembers<z.ZodType>(({ type }) => TYPES[type].optional()) as {
  [N in keyof PlainMembers]-?: z.ZodType<PlainMembers[N] | undefined>;
};

const patch = {
  ...plain,
  headers: z.record(z.string(), z.string().nullable()).optional(),
  isDefault: z.boolean().optional(),
  externalReference: z.string().nullable().optional(),
  inUse: z.boolean().optional(),
};

export const PROVIDER_PATCH: z.ZodType<ProviderPatch> = z.strictObject(patch);

export const HAND_MADE: z.ZodType<HandMade> = z.strictObject({
  ...patch,
  mobileNumber: z.string(),
  accountId: z.string().optional(),
});

/** A fault must not fail itself when it is its turn. */
export const FAULT: z.ZodType<FaultSpec> = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  method: z.string().optional(),
  path: z.string().refine(isPattern, "must be a regular expression").optional(),
  count: count.min(1).optional(),
  skip: count.optional(),
  status: z.int().min(200).max(599).optional(),
  code: z.enum(PROBLEM_CODES).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string().refine(isHeaderName), z.string().refine(isHeaderValue)).optional(),
  retryAfter: z.union([z.number(), z.string().refine(isHeaderValue)]).optional(),
  retryAfterDate: z.number().optional(),
  delayMs: count.optional(),
  bytes: count.optional(),
  stored: z.boolean().optional(),
});

export const KALEYRA: z.ZodType<KaleyraCredentials> = z.strictObject({
  sid: z.string(),
  apiKey: z.string(),
  otherApiKeys: z.array(z.string()).optional(),
});

export const CAMPAIGN: z.ZodType<CampaignOptions> = z.strictObject({
  mobileNumber: z.string(),
  accountId: z.string().optional(),
  recipients: z.union([z.int().min(1).max(99), z.array(z.string())]).optional(),
});

/** Whether Kaleyra's details of a number hold its Incoming URL. */
export const DETAILS = z.strictObject({ incomingUrl: z.boolean() });

export const REQUEST_FILTER: z.ZodType<RequestFilter> = z.strictObject({
  kind: z.enum(["api", "kaleyra", "callback", "all"]).optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  account: z.string().optional(),
});

export const MANUAL = z.strictObject({ manual: z.boolean() });

export const REFUSAL = z.strictObject({ reason: z.string() });

export const ACCOUNT_FILTER = z.strictObject({ account: z.string().optional() });

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) !== undefined;
  } catch {
    return false;
  }
}

function isHeaderName(name: string): boolean {
  try {
    return validateHeaderName(name) === undefined;
  } catch {
    return false;
  }
}

function isHeaderValue(value: string): boolean {
  try {
    return validateHeaderValue("x", value) === undefined;
  } catch {
    return false;
  }
}
