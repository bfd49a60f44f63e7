import type { Provider } from "../../contract/types";
import { DataTable } from "../../web/table";
import type { SandboxAccount } from "../options";
import { ActionButton, type Desk } from "./desk";
import { Origin } from "./origin";
import { sectionPath } from "./paths";
import { Time } from "./time";

function Actions({ desk, account, provider }: { desk: Desk; account: SandboxAccount; provider: Provider }) {
  const { id, nickname, isDefault } = provider;
  return (
    <div class="row">
      <a class="button small" id={`edit-${id}`} href={sectionPath(account.id, "whatsapp", id)}>
        Edit<span class="visually-hidden"> {nickname}</span>
      </a>
      {!isDefault && (
        <ActionButton
          desk={desk}
          action={sectionPath(account.id, "whatsapp", id, "default")}
          text="Mark as default"
          about={nickname}
          id={`default-${id}`}
        />
      )}
      <a
        class="button small danger"
        id={`delete-${id}`}
        href={sectionPath(account.id, "whatsapp", id, "delete")}
      >
        Delete<span class="visually-hidden"> {nickname}</span>
      </a>
    </div>
  );
}

/** What a provider waits for, where it waits for a person. */
function Condition({ status, statusReason, task }: Provider) {
  if (status === "active" && statusReason === undefined) return null;
  return (
    <>
      {" "}
      <span class={status === "refused" ? "badge bad" : "badge warn"}>{status}</span>{" "}
      {task && <a href={new URL(task.url).pathname}>Task {task.id}</a>} {statusReason}
    </>
  );
}

/** The providers of an account, and what may be done with them. */
export function ProviderList({ desk, account }: { desk: Desk; account: SandboxAccount }) {
  const rows = desk.controls.providers(account.id).map((provider) => [
    <>
      {account.readOnly ? (
        <a href={sectionPath(account.id, "whatsapp", provider.id)}>{provider.nickname}</a>
      ) : (
        provider.nickname
      )}{" "}
      {provider.isDefault && <span class="badge good">Default</span>}
      <Condition {...provider} />
    </>,
    provider.mobileNumber,
    <Origin mark={provider.externalReference} />,
    <>
      {provider.updatedAt && <Time at={provider.updatedAt} />}
      <br />
      revision {provider.revision}
    </>,
    account.readOnly ? (
      <span class="muted">may only be read</span>
    ) : (
      <Actions {...{ desk, account, provider }} />
    ),
  ]);
  return (
    <DataTable
      caption={`Providers of account ${account.id}`}
      head={["Nickname", "Mobile number", "Origin", "Changed", "Actions"]}
      rows={rows}
      empty="This account has no WhatsApp provider yet. Add one by hand, or let Pulumi make it: what it makes shows here at once."
    />
  );
}
