import { type Properties, UNKNOWN } from "../../model/unknown";
import type { Context } from "../context";
import { sessionAt } from "./account";
import { compare, isLocal } from "./diff";
import { markOfUpdate } from "./ownership";
import { OUTPUTS, type State, type Wanted } from "./properties";

/** Outputs that stay what they are through an update in place. */
const STABLE = ["mobileNumber", "account", "accountId", "externalReference", "status"];

/** Outputs at preview, as far as they are known. @param state of the provider that changes; none: it will be made */
export function planned(context: Context, { __owner, ...inputs }: Wanted, state?: State): Properties {
  const wishesDefault = inputs.markAsDefault === true;
  if (!state) {
    const { account } = inputs;
    return {
      ...inputs,
      ...Object.fromEntries(OUTPUTS.map(({ name }) => [name, UNKNOWN])),
      ...(wishesDefault && { isDefault: true }),
      ...(account !== UNKNOWN && { accountId: context.session(account).account.accountId }),
    };
  }
  const { changed } = compare(context, state, { ...inputs, __owner });
  if (isLocal(changed))
    return { ...state, account: inputs.account, __api: sessionAt(context, state, inputs).account.api };
  const { accountId, __defaults, __byPeople } = state;
  const isMarked = changed.includes("externalReference");
  return {
    ...inputs,
    isDefault: wishesDefault || state.isDefault,
    status: __byPeople ? UNKNOWN : state.status,
    accountId,
    externalReference: isMarked ? UNKNOWN : markOfUpdate(state, { ...inputs, __owner }),
    revision: UNKNOWN,
    __defaults,
    __byPeople,
  };
}

/** Names of the outputs that an update leaves as they are. */
export function stable(state: State, inputs: Wanted): string[] {
  const isKept = markOfUpdate(state, inputs) === state.externalReference;
  const values: Properties = state;
  const moves = [!isKept && "externalReference", state.__byPeople && "status"];
  return STABLE.filter((name) => values[name] !== undefined && !moves.includes(name));
}
