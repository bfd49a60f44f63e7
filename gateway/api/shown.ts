import type { Provider, ProviderDefaults, StoredHeader, Task } from "../../contract/types";
import type { KeptTask } from "../model/documents";
import type { ProviderView } from "../model/views";

/** A task as the API shows it. @param base the root of the gateway's pages, without a slash at the end */
export function shownTask({ n, kind, state }: KeptTask, base: string): Task {
  return { id: String(n), url: `${base}/tasks/${n}`, kind, state };
}

/** A provider as the API shows it. */
export function shownProvider(
  { provider, status, task }: ProviderView,
  { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion }: ProviderDefaults,
  base: string,
): Provider {
  const { id, values, externalReference, revision, statusReason, createdAt, updatedAt } = provider;
  const { headers, ...members } = values;
  return {
    id,
    provider: "generic",
    ...members,
    headers: headers.map(
      (pair): StoredHeader =>
        "digest" in pair
          ? { key: pair.key, secret: true, valueSet: true }
          : { key: pair.key, value: pair.value },
    ),
    ...(externalReference !== undefined && { externalReference }),
    inboundMessageCallbackUrl,
    deliveryReportCallbackUrl,
    payloadVersion,
    status,
    ...(statusReason !== undefined && { statusReason }),
    ...(task && { task: shownTask(task, base) }),
    revision,
    createdAt,
    updatedAt,
  };
}
