import type { ProviderDefaults } from "../contract/types";
import type { Gateway } from "./gateway";
import { log } from "./log";
import { hashOfPassword, isNobodysPassword, isPassword } from "./trust/passwords";
import { type Actor, Refused, requireRole } from "./trust/roles";

/** A CleverTap account that programs may call for. */
export interface KeptAccount {
  readonly id: string;
  /** The passcode's scrypt hash. */
  readonly passcode: string;
  readonly createdAt: string;
  /** What an operator copied from the account's form; absent: not yet. */
  readonly defaults?: AccountDefaults;
}

/** What the account's form shows before Save, and who said so. */
export interface AccountDefaults extends ProviderDefaults {
  readonly by: string;
  readonly at: string;
  /** Address of the form in CleverTap's dashboard. */
  readonly dashboardUrl?: string;
}

/** Who acts in a command, on the machine itself. */
export const COMMAND: Actor = { name: "command", role: "admin" };

/**
 * Adds an account, or gives an existing one another passcode.
 *
 * @throws Refused forbidden, invalid
 */
export function addAccount(gateway: Gateway, id: string, passcode: string, actor: Actor): void {
  requireRole(actor, "admin");
  if (!/^[\x21-\x7e]{1,64}$/.test(id))
    throw new Refused("invalid", "An account id has 1 to 64 visible ASCII characters.");
  if (!/^[\x21-\x7e]{8,256}$/.test(passcode))
    throw new Refused("invalid", "A passcode has 8 to 256 visible ASCII characters.");
  const hash = hashOfPassword(passcode);
  gateway.database.atOnce(() => {
    const before = accountOf(gateway, id);
    putAccount(gateway, { createdAt: gateway.now().toISOString(), ...before, id, passcode: hash });
    log(gateway, { actor: actor.name, action: before ? "account passcode" : "account add" });
  });
}

/**
 * Keeps what the account's form shows before Save.
 *
 * @throws Refused forbidden, not-found, invalid
 */
export function setDefaults(
  gateway: Gateway,
  id: string,
  given: ProviderDefaults & { readonly dashboardUrl?: string },
  actor: Actor,
): void {
  requireRole(actor, "operator");
  const { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion, dashboardUrl } = given;
  for (const [what, url] of Object.entries({
    inboundMessageCallbackUrl,
    deliveryReportCallbackUrl,
    dashboardUrl,
  }))
    if (url !== undefined && !isWebAddress(url))
      throw new Refused("invalid", `${what} must be an http or https URL.`);
  if (!/^[\x21-\x7e]{1,32}$/.test(payloadVersion))
    throw new Refused("invalid", "payloadVersion must have 1 to 32 visible ASCII characters.");
  gateway.database.atOnce(() => {
    const account = accountOf(gateway, id);
    if (!account) throw new Refused("not-found", `There is no account ${id}: add it first.`);
    const at = gateway.now().toISOString();
    const defaults = {
      inboundMessageCallbackUrl,
      deliveryReportCallbackUrl,
      payloadVersion,
      dashboardUrl: dashboardUrl ?? account.defaults?.dashboardUrl,
      by: actor.name,
      at,
    };
    putAccount(gateway, { ...account, defaults });
    log(gateway, { actor: actor.name, action: "account defaults" });
  });
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(text) && URL.canParse(text) && text.length <= 2_000;
}

export function accountOf({ database }: Gateway, id: string): KeptAccount | undefined {
  return database.one("SELECT document FROM account WHERE id = ?", id);
}

export function listAccounts({ database }: Gateway): KeptAccount[] {
  return database.all("SELECT document FROM account ORDER BY id");
}

function putAccount({ database }: Gateway, account: KeptAccount): void {
  const sql = "INSERT INTO account VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";
  database.run(sql, account.id, JSON.stringify(account));
}

/** Is it the account's passcode? An account that does not exist takes as long. */
export function isPasscode(gateway: Gateway, id: string, passcode: string): boolean {
  const account = accountOf(gateway, id);
  return account ? isPassword(passcode, account.passcode) : isNobodysPassword(passcode);
}
