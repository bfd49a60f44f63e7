import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { startGateway } from "../gateway";
import { addAccount, COMMAND, setDefaults } from "../gateway/accounts";
import { type Gateway, openGateway } from "../gateway/gateway";
import { verifyLog } from "../gateway/log";
import { addOperator } from "../gateway/operators";
import { pages } from "../gateway/pages";
import { OptionProblem, type RunningGateway } from "../gateway/server";
import { databaseFile, NewerDatabase } from "../gateway/storage/database";
import { exchangeKey, KeyProblem } from "../gateway/trust/keys";
import { Refused, ROLES } from "../gateway/trust/roles";
import { type Command, CommandFailed, command, UsageError } from "./command";
import { portNumber, rememberedPort, rememberPort } from "./port-file";
import { readSecret } from "./standard-input";

const HELP = `Usage: pulumi-clevertap-whatsapp gateway --data-dir DIR [options]
       pulumi-clevertap-whatsapp gateway account add ID --data-dir DIR
       pulumi-clevertap-whatsapp gateway account defaults ID --inbound URL --delivery URL --payload-version V --data-dir DIR
       pulumi-clevertap-whatsapp gateway operator add NAME [--role ${ROLES.join("|")}] --data-dir DIR
       pulumi-clevertap-whatsapp gateway verify-log --data-dir DIR
       pulumi-clevertap-whatsapp gateway backup FILE --data-dir DIR
       pulumi-clevertap-whatsapp gateway rotate-key --data-dir DIR

Runs a server of the WhatsApp provider contract: what Pulumi declares becomes tasks with exact values for people who have
CleverTap's dashboard. It runs until it is ended.

  --data-dir DIR      folder of the database and, without GATEWAY_KEY, of the key that credentials are encrypted with
  --port N            the port; default: the one of the last time with this DIR, else any free one
  --host H            the address to listen on; default 127.0.0.1; any other needs TLS or --behind-proxy
  --tls-cert FILE     certificate, in PEM
  --tls-key FILE      its key, in PEM
  --behind-proxy      a reverse proxy in front of it speaks https
  --public-url URL    the address under which people and Pulumi reach it; other host names are then refused
  --attest-every N    ask for a look at each provider N days after it was last attested

Environment: GATEWAY_KEY, 32 bytes as 64 hexadecimal digits or in base64. Each of the other lines has --help.`;

const DATA_DIR = { "data-dir": { type: "string" } } as const;

/** `gateway` and what stands after it. */
export const gatewayCommand: Command = (given) => {
  // The folder may stand first: `gateway --data-dir DIR account add ID`.
  const leading = given[0] === "--data-dir" ? 2 : given[0]?.startsWith("--data-dir=") ? 1 : 0;
  const argv = [...given.slice(leading), ...given.slice(0, leading)];
  const [first, second] = argv;
  const name = [`${first} ${second}`, `${first}`].find((words) => Object.hasOwn(COMMANDS, words));
  const run = name === undefined ? serve : COMMANDS[name];
  return (run ?? serve)(argv.slice(name?.split(" ").length ?? 0));
};

const COMMANDS: Readonly<Record<string, Command>> = {
  "account add": command({
    help: `Usage: pulumi-clevertap-whatsapp gateway account add ID --data-dir DIR

Lets programs call for the CleverTap account ID. Its passcode comes from standard input: choose one of 8 or more visible
ASCII characters; it is what clevertap:passcode holds. For an account that is there already, the passcode is changed.`,
    options: DATA_DIR,
    words: ["ID"],
    failed: 1,
    run: async (values, id = "") => {
      const passcode = await readSecret("Passcode");
      withData(values, (gateway) => addAccount(gateway, id, passcode, COMMAND));
      console.log(`The account ${id} is set.`);
      return 0;
    },
  }),
  "account defaults": command({
    help: `Usage: pulumi-clevertap-whatsapp gateway account defaults ID --inbound URL --delivery URL --payload-version V --data-dir DIR

Enters what CleverTap's form shows for the account ID before Save. The page of the account does the same.

  --inbound URL          callback URL for inbound messages
  --delivery URL         callback URL for delivery reports
  --payload-version V    such as 0.1
  --dashboard URL        address of the form in CleverTap's dashboard, for the pages; optional`,
    options: {
      ...DATA_DIR,
      inbound: { type: "string" },
      delivery: { type: "string" },
      "payload-version": { type: "string" },
      dashboard: { type: "string" },
    },
    words: ["ID"],
    failed: 1,
    run: async (values, id = "") => {
      const defaults = {
        inboundMessageCallbackUrl: needed(values.inbound, "--inbound URL"),
        deliveryReportCallbackUrl: needed(values.delivery, "--delivery URL"),
        payloadVersion: needed(values["payload-version"], "--payload-version V"),
        dashboardUrl: values.dashboard,
      };
      withData(values, (gateway) => setDefaults(gateway, id, defaults, COMMAND));
      console.log(`The defaults of ${id} are set.`);
      return 0;
    },
  }),
  "operator add": command({
    help: `Usage: pulumi-clevertap-whatsapp gateway operator add NAME [--role ${ROLES.join("|")}] --data-dir DIR

Lets a person log in. The password, of 8 or more characters, comes from standard input. For a name that is there already,
password and role are changed, and the person is logged out.

  --role ROLE    viewer: looks; operator (default): works on tasks; admin: also accounts and other people's tasks`,
    options: { ...DATA_DIR, role: { type: "string" } },
    words: ["NAME"],
    failed: 1,
    run: async (values, name = "") => {
      const role = ROLES.find((one) => one === (values.role ?? "operator"));
      if (!role) throw new UsageError(`--role takes ${ROLES.join(", ")}.`);
      const password = await readSecret("Password");
      withData(values, (gateway) => addOperator(gateway, name, role, password, COMMAND));
      console.log(`The ${role} ${name} is set.`);
      return 0;
    },
  }),
  "verify-log": command({
    help: `Usage: pulumi-clevertap-whatsapp gateway verify-log --data-dir DIR

Looks for lines of the log that were changed, removed, added or moved, and for an end that was cut off.
Exit code 0: the log is whole; 1: it is not; 2: it can't be read.`,
    options: DATA_DIR,
    failed: 2,
    run: async (values) => {
      const { lines, head, fault } = withData(values, verifyLog, { isThere: true });
      if (fault !== undefined) {
        console.error(`The log is not whole. ${fault[0]?.toUpperCase()}${fault.slice(1)}.`);
        return 1;
      }
      console.log(
        `The log is whole: ${lines} ${lines === 1 ? "line" : "lines"}. Hash of the last one: ${head}`,
      );
      return 0;
    },
  }),
  "rotate-key": command({
    help: `Usage: pulumi-clevertap-whatsapp gateway rotate-key --data-dir DIR

Protects the data with another key. The new one comes from standard input: 32 bytes, as 64 hexadecimal digits or in base64. The
present one is in GATEWAY_KEY or in DIR, as usual. From the next start on the gateway needs the new one, in the same place.`,
    options: DATA_DIR,
    failed: 1,
    run: async (values) => {
      const next = await readSecret("New key");
      const dataDir = dataDirOf(values);
      withData(
        values,
        ({ database }) => exchangeKey(database, dataDir, process.env.GATEWAY_KEY, next.trim()),
        {
          isThere: true,
        },
      );
      console.log("The key is exchanged: start the gateway with the new one from now on.");
      return 0;
    },
  }),
  backup: command({
    help: `Usage: pulumi-clevertap-whatsapp gateway backup FILE --data-dir DIR

Writes a copy of the database into a new file, while the gateway runs or not. The key is not in it.
To restore: end the gateway, put the file into an empty DIR as gateway.db, the file \`key\` beside it (or set GATEWAY_KEY), start.`,
    options: DATA_DIR,
    words: ["FILE"],
    failed: 1,
    run: async (values, file = "") => {
      if (existsSync(file)) throw new CommandFailed(`${file} is there already: name a new file.`);
      withData(values, ({ database }) => database.backup(file), { isThere: true });
      console.log(`The backup is in ${file}.`);
      return 0;
    },
  }),
};

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageError(`Give ${what}.`);
  return value;
}

function dataDirOf(values: { "data-dir"?: string }): string {
  return needed(values["data-dir"], "--data-dir DIR");
}

/** Works on the data of a gateway, which may be running. */
function withData<T>(
  values: { "data-dir"?: string },
  work: (gateway: Gateway) => T,
  { isThere = false } = {},
): T {
  const dataDir = dataDirOf(values);
  if (isThere && !existsSync(databaseFile(dataDir)))
    throw new CommandFailed(`${dataDir} holds no data of a gateway.`);
  return explained(() => {
    const gateway = openGateway({ dataDir, key: process.env.GATEWAY_KEY });
    try {
      return work(gateway);
    } finally {
      gateway.close();
    }
  });
}

/** These errors have a text for the person at the terminal. */
const EXPLAINED = [KeyProblem, NewerDatabase, OptionProblem, Refused];

function explanationOf(error: unknown): unknown {
  if (error instanceof Error && EXPLAINED.some((kind) => error instanceof kind))
    return new CommandFailed(error.message);
  return error;
}

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explanationOf(error);
  }
}

function startFailure(error: unknown, port: number, host: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE")
    return new CommandFailed(
      `Port ${port} on ${host} is taken: end the program that has it, or choose another with --port N.`,
    );
  if (code === "EADDRNOTAVAIL" || code === "EACCES")
    return new CommandFailed(`The gateway can't listen on ${host}, port ${port}: ${message}`);
  return explanationOf(error);
}

function pem(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CommandFailed(`${option}: ${file} can't be read.`);
  }
}

/** `gateway`: runs until SIGINT or SIGTERM. 1: it could not start. */
const serve = command({
  help: HELP,
  options: {
    ...DATA_DIR,
    port: { type: "string" },
    host: { type: "string" },
    "tls-cert": { type: "string" },
    "tls-key": { type: "string" },
    "behind-proxy": { type: "boolean" },
    "public-url": { type: "string" },
    "attest-every": { type: "string" },
  },
  failed: 1,
  run: async (values) => {
    const dataDir = dataDirOf(values);
    const given = values.port === undefined ? undefined : portNumber(values.port);
    if (values.port !== undefined && given === undefined)
      throw new UsageError("--port must be a number from 0 to 65535.");
    const { "tls-cert": cert, "tls-key": key, "public-url": publicUrl, "attest-every": days } = values;
    if ((cert === undefined) !== (key === undefined))
      throw new UsageError("Give --tls-cert and --tls-key together.");
    if (cert !== undefined && values["behind-proxy"])
      throw new UsageError("Give --tls-cert or --behind-proxy, not both.");
    if (publicUrl !== undefined && !/^https?:\/\/[^/\s]+\/?$/.test(publicUrl))
      throw new UsageError("--public-url must be a URL without a path, such as https://gateway.example.com.");
    if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days))
      throw new UsageError("--attest-every takes a number of days.");
    const { host = "127.0.0.1" } = values;
    const port = given ?? (await rememberedPort(dataDir)) ?? 0;
    const stopped = Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
    const tls =
      cert === undefined || key === undefined
        ? undefined
        : { cert: pem(cert, "--tls-cert"), key: pem(key, "--tls-key") };
    const attestEveryDays = days === undefined ? undefined : Number(days);
    let running: RunningGateway;
    try {
      running = await startGateway({
        dataDir,
        key: process.env.GATEWAY_KEY,
        port,
        host,
        tls,
        behindProxy: values["behind-proxy"],
        publicUrl,
        attestEveryDays,
        pages: (gateway, addressing) => pages(gateway, { addressing, attestEveryDays }),
      });
    } catch (error) {
      throw startFailure(error, port, host);
    }
    await rememberPort(dataDir, running.localUrl);
    console.log(`The gateway runs at ${running.url}`);
    await stopped;
    await running.close();
    return 0;
  },
});
