import { randomBytes } from "node:crypto";
import { type EndpointAnswer, readEndpointAnswer } from "../../contract/endpoint-answer";
import { parseJson } from "../../contract/json";
import { verificationMessage } from "../../contract/verification-message";
import { withoutSecrets } from "../../server/endpoint-check";
import { postJson } from "../../server/post-json";
import { Problem } from "../../server/problem";
import { listed } from "../../server/providers";
import type { KeptProvider } from "../../server/storage";
import { incomingTarget } from "../kaleyra/incoming";
import type { CampaignResult } from "../storage/tables";
import type { World } from "../world";
import { receivedCallbacks } from "./callbacks";

export interface CampaignOptions {
  /** The provider's number. */
  readonly mobileNumber: string;
  /** Needed when two accounts have the number. */
  readonly accountId?: string;
  /** Who gets the message: numbers, or how many of 14155550101 and on. Default 10. */
  readonly recipients?: readonly string[] | number;
}

const PATIENCE_MS = 5_000;

function sender(world: World, { mobileNumber, accountId }: CampaignOptions): KeptProvider {
  const [found, other] = listed(world.providers, accountId, mobileNumber);
  const atDashboard = found && world.work.attestedOf(found);
  if (found && !atDashboard) {
    const { task } = world.people.condition(found);
    throw new Problem("provider-not-found", `The provider waits until somebody confirms task ${task?.id}.`);
  }
  const provider = found && { ...found, ...atDashboard };
  if (!provider) throw new Problem("provider-not-found", `No provider has the number ${mobileNumber}.`);
  if (other)
    throw new Problem("invalid-field", `The number ${mobileNumber} is there in several accounts: name one.`);
  return provider;
}

function recipientsOf(wanted: CampaignOptions["recipients"]): string[] {
  if (Array.isArray(wanted)) return [...wanted];
  const count =
    typeof wanted === "number" && Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), 99) : 10;
  return Array.from({ length: count }, (_, index) => String(14155550101 + index));
}

const TEMPLATE = {
  namespace: "whatsapp:hsm:marketing:generic:welcome",
  languageCode: "en",
  components: [{ type: "body", text: "Hello 1", parameters: [{ type: "text", text: "friend" }] }],
};

function reasonOf(provider: KeptProvider, status: number, { code, text }: EndpointAnswer): string {
  if (text === undefined) return `HTTP ${status}`;
  return withoutSecrets(`${code ? `${code} ` : ""}${text}`, provider.headers);
}

/**
 * Sends a template message to each recipient through the saved provider, waits for the reports and counts them.
 *
 * @throws Problem provider-not-found, or invalid-field when the number is ambiguous
 */
export async function runCampaign(world: World, options: CampaignOptions): Promise<CampaignResult> {
  const provider = sender(world, options);
  const { account, mobileNumber, httpEndpoint } = provider;
  const recipients = recipientsOf(options.recipients);
  const campaignId = `campaign-${randomBytes(4).toString("hex")}`;
  const headers = Object.fromEntries(provider.headers.map((pair) => [pair.key.toLowerCase(), pair.value]));
  const { payloadVersion } = world.settings;
  let accepted = 0;
  const reasons = new Set<string>();
  for (const [index, to] of recipients.entries()) {
    const msgId = `${campaignId}|${index + 1}`;
    const message = { ...verificationMessage(mobileNumber, to), payloadVersion, template: TEMPLATE, msgId };
    const { status, body } = await postJson(httpEndpoint, headers, message, PATIENCE_MS, world.closing);
    if (status === undefined) {
      reasons.add("no answer");
      continue;
    }
    const answer = readEndpointAnswer(status, parseJson(body));
    if (answer.isSuccess) accepted += 1;
    else reasons.add(reasonOf(provider, status, answer));
  }

  // The stand-in's own work; what an endpoint elsewhere reports later is counted as received, not here.
  await Promise.race([
    Promise.allSettled([...world.background]),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref()),
  ]);
  const items = receivedCallbacks(world, account).filter(({ subject }) => subject.startsWith(campaignId));
  const replies = items.filter(({ kind }) => kind === "inbound");
  const reports = items.filter(({ kind }) => kind === "delivery");
  const count = (status: string) =>
    new Set(reports.filter((report) => report.status === status).map(({ subject }) => subject)).size;
  const url = world.incomingUrls.get(mobileNumber);
  const isUrlGood = typeof incomingTarget(world, url) !== "string";
  const result: CampaignResult = {
    campaignId,
    accountId: account,
    providerId: provider.id,
    mobileNumber,
    recipients: recipients.length,
    accepted,
    refused: recipients.length - accepted,
    sent: count("sent"),
    delivered: count("delivered"),
    read: count("read"),
    failed: count("failed"),
    replies: replies.length,
    incomingUrl: url === undefined ? "not set" : isUrlGood ? "set" : "wrong",
    reasons: [...reasons],
  };
  world.campaigns.put(campaignId, result);
  return result;
}
