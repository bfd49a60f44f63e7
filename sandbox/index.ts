import { type Addresses, addresses } from "./addresses";
import { type Controls, controlsOf } from "./control/controls";
import type { KaleyraCredentials, SandboxAccount, SandboxOptions } from "./options";
import { listen } from "./server";
import { createWorld } from "./world";

export type { CampaignOptions } from "./clevertap/campaign";
export type { SandboxTask } from "./clevertap/tasks";
export type { HandMade, ProviderPatch } from "./control/by-hand";
export type { SandboxState } from "./control/controls";
export type { FaultSpec } from "./control/faults";
export type { LoggedRequest, RequestFilter } from "./control/requests";
export type { InboundMessage, InboundResult } from "./kaleyra/incoming";
export type { KaleyraCredentials, SandboxAccount, SandboxOptions } from "./options";
export type { CampaignResult, ReceivedCallback } from "./storage/tables";

/** A running sandbox. The methods act in the process, past HTTP; the control calls under `/_sandbox/` do the same. */
export interface Sandbox extends Addresses, Controls {
  readonly accounts: readonly SandboxAccount[];
  readonly kaleyra: KaleyraCredentials;
  /** Ends it at once, open connections included. */
  close(): Promise<void>;
}

/**
 * Starts a server of the WhatsApp provider contract with a stand-in for Kaleyra, on 127.0.0.1.
 *
 * @example const sandbox = await startSandbox(); // sandbox.endpoint goes into clevertap:endpoint
 * @throws the error of `listen` when the port is taken (EADDRINUSE)
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const world = createWorld(options);
  const server = await listen(world).catch(async (error) => {
    await world.close();
    throw error;
  });
  let closed: Promise<void> | undefined;
  return {
    ...addresses(world),
    ...controlsOf(world),
    accounts: world.settings.accounts,
    get kaleyra() {
      return world.kaleyra;
    },
    close() {
      closed ??= world.close(server);
      return closed;
    },
  };
}
