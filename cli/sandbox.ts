import { once } from "node:events";
import { type Sandbox, startSandbox } from "../sandbox";
import { numbersText } from "../sandbox/kaleyra/numbers";
import { campaignCommand } from "./campaign";
import { type Command, command, UsageError } from "./command";
import { portNumber, rememberedPort, rememberPort } from "./port-file";

const HELP = `Usage: pulumi-clevertap-whatsapp sandbox [--port N] [--data DIR] [--manual] [--print json]
       pulumi-clevertap-whatsapp sandbox campaign --number N [--url URL] [--data DIR]

Runs a server of the WhatsApp provider contract, with a stand-in for Kaleyra, on 127.0.0.1 until it is ended.

  --port N       the port; default: the one of the last time with this --data, else any free one
  --data DIR     keep everything in this folder; default: in memory only
  --manual       play a server that people work: what is saved waits until somebody confirms it,
                 on the page Tasks or by a control call
  --print json   print one line of JSON when it is ready, with the credentials of the sandbox in it`;

/** What a program needs to use the sandbox, for `--print json`. */
function details(sandbox: Sandbox) {
  const { url, endpoint, httpEndpoint, kaleyraHost, incomingBaseUrl, accounts, kaleyra } = sandbox;
  return { url, endpoint, httpEndpoint, kaleyraHost, incomingBaseUrl, accounts, kaleyra };
}

function instructions(sandbox: Sandbox): string {
  const [account, second] = sandbox.accounts;
  const { numbers, manual } = sandbox.state();
  return `The sandbox runs at ${sandbox.url} (Ctrl-C ends it). Open it in a browser: it has CleverTap's form, and shows what programs do.

What a program like examples/incoming-url reads (the README has the rest):
  pulumi config set clevertap:endpoint ${sandbox.endpoint}
  pulumi config set clevertap:accountId ${account?.id}
  pulumi config set --secret clevertap:passcode ${account?.passcode}
  pulumi config set httpEndpoint ${sandbox.httpEndpoint}
  pulumi config set kaleyraHost ${sandbox.kaleyraHost}
  pulumi config set incomingBaseUrl ${sandbox.incomingBaseUrl}
  pulumi config set --secret apiKey ${sandbox.kaleyra.apiKey}
  pulumi config set --secret sid ${sandbox.kaleyra.sid}

A second account, as examples/two-accounts has it:
  pulumi config set --path clevertap:accounts.emea.accountId ${second?.id}
  pulumi config set --secret --path clevertap:accounts.emea.passcode ${second?.passcode}

${numbersText(numbers)}${manual ? `\nWhat is saved waits until somebody confirms it: ${sandbox.url}/tasks` : ""}`;
}

function startFailure(error: unknown, port: number, dataDir: string | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "EADDRINUSE") return `The sandbox could not start: ${message}`;
  const other =
    dataDir === undefined
      ? "Choose another with --port N, or leave --port out."
      : `End the program that has it (another sandbox on the same data?), or choose another with --port N.
The data in ${dataDir} belong to the old address: stacks that used it then show changed callback URLs.`;
  return `Port ${port} on 127.0.0.1 is taken. ${other}`;
}

/** `sandbox campaign` is the same as `campaign`. */
export const sandboxCommand: Command = (argv) =>
  argv[0] === "campaign" ? campaignCommand(argv.slice(1)) : run(argv);

/** `sandbox`: runs until SIGINT or SIGTERM. 1: it could not start. */
const run = command({
  help: HELP,
  options: {
    port: { type: "string" },
    data: { type: "string" },
    manual: { type: "boolean" },
    print: { type: "string" },
  },
  failed: 1,
  run: async (values) => {
    const given = values.port === undefined ? undefined : portNumber(values.port);
    if (values.port !== undefined && given === undefined)
      throw new UsageError("--port must be a number from 0 to 65535.");
    if (values.print !== undefined && values.print !== "json")
      throw new UsageError('--print takes "json" only.');
    const dataDir = values.data;
    const port = given ?? (dataDir === undefined ? undefined : await rememberedPort(dataDir)) ?? 0;
    const stopped = Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
    let sandbox: Sandbox;
    try {
      sandbox = await startSandbox({ port, dataDir, manual: values.manual });
    } catch (error) {
      console.error(startFailure(error, port, dataDir));
      return 1;
    }
    if (dataDir !== undefined) await rememberPort(dataDir, sandbox.url);
    console.log(values.print === "json" ? JSON.stringify(details(sandbox)) : instructions(sandbox));
    await stopped;
    await sandbox.close();
    return 0;
  },
});
