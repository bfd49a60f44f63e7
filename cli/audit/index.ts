import type { Command } from "../command";
import { checkCommand } from "./check";
import { diffCommand } from "./diff";
import { historyCommand } from "./history";

const HELP = `Usage: pulumi-clevertap-whatsapp audit <diff|history|check> [options]

  diff BEFORE AFTER   what changed between two states, who did it, which keys are old, what was never confirmed
  history [SOURCE]    the same for every update that was kept, a line each
  check STATE...      what is wrong in states

Only reads: no state changes, no passphrase is needed, nothing is sent. Each has --help.`;

const COMMANDS: Readonly<Record<string, Command>> = {
  diff: diffCommand,
  history: historyCommand,
  check: checkCommand,
};

/** `audit`. */
export const auditCommand: Command = async ([name = "", ...rest]) => {
  if (name === "--help" || name === "-h") {
    console.log(HELP);
    return 0;
  }
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (found) return found(rest);
  console.error(`Say which audit.\n\n${HELP}`);
  return 2;
};
