#!/usr/bin/env node
/** `pulumi-clevertap-whatsapp <command>`: each command is loaded only when it is asked for. */

import { type Command, textOf } from "./command";

const COMMANDS: Record<string, { readonly about: string; readonly load: () => Command }> = {
  sandbox: {
    about: "run CleverTap's and Kaleyra's stand-ins on this machine",
    load: () => (require("./sandbox") as typeof import("./sandbox")).sandboxCommand,
  },
  gateway: {
    about: "run a server of the contract whose changes people make in CleverTap's dashboard",
    load: () => (require("./gateway") as typeof import("./gateway")).gatewayCommand,
  },
  campaign: {
    about: "send a test campaign through a provider that is saved in the sandbox",
    load: () => (require("./campaign") as typeof import("./campaign")).campaignCommand,
  },
  "import-file": {
    about: "print an import file, or the program, for what an account has",
    load: () => (require("./import-file") as typeof import("./import-file")).importFileCommand,
  },
  verify: {
    about: "ask the HTTP End Point and Kaleyra whether the settings of a provider are good",
    load: () => (require("./verify") as typeof import("./verify")).verifyCommand,
  },
  wait: {
    about: "wait until people have made what a stack asked for, where people work the server",
    load: () => (require("./wait") as typeof import("./wait")).waitCommand,
  },
  conformance: {
    about: "run the contract's tests against a server",
    load: () => (require("./conformance") as typeof import("./conformance")).conformanceCommand,
  },
  orphans: {
    about: "list, and remove when told, what killed runs of this stack left behind",
    load: () => (require("./orphans") as typeof import("./orphans")).orphansCommand,
  },
  audit: {
    about: "say what changed between states, who did it, how old keys are, and what is wrong",
    load: () => (require("./audit") as typeof import("./audit")).auditCommand,
  },
};

const HELP = `Usage: pulumi-clevertap-whatsapp <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(14)}${about}`)
  .join("\n")}

Every command has --help; --version prints the version.`;

/** Runs a command. @param argv the words after the program's name @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    console.log(HELP);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    console.log((require("pulumi-clevertap-whatsapp/package.json") as { version: string }).version);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    console.error(`There is no such command.\n\n${HELP}`);
    return 2;
  }
  return command.load()(rest);
}

if (require.main === module)
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(textOf(error));
      process.exitCode = 1;
    },
  );
