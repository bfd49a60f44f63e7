import { type ParseArgsConfig, parseArgs } from "node:util";
import { unexpected, WhatsAppProviderError } from "../provider/model/errors";

/** What all commands share: arguments, help, and the exit code of a failure. */

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>["values"];

const HELP = { help: { type: "boolean", short: "h" } } as const;
const WRONG_ARGUMENTS = 2;

/** Wrong arguments: the help follows the message. */
export class UsageError extends Error {}

/** The command can't do its work. The text is ours and meant for the user. */
export class CommandFailed extends Error {}

/** A command, as the table of commands runs it. @returns the exit code */
export type Command = (argv: string[]) => Promise<number>;

/** What makes a command. */
export interface CommandParts<O extends Options> {
  readonly help: string;
  /** The options beside --help, as `parseArgs` of node:util takes them. */
  readonly options: O;
  /** Exit code for every error of `run` but a {@link UsageError}, whose code is 2. */
  readonly failed: 1 | 2;
  /** How many words without `--` it takes; default: none. */
  readonly words?: { readonly least: number; readonly most: number };
  run(values: Values<O>, words: readonly string[]): Promise<number>;
}

/** Makes a command. */
export function command<const O extends Options>({
  help,
  options,
  failed,
  words = { least: 0, most: 0 },
  run,
}: CommandParts<O>): Command {
  return async (argv) => {
    try {
      const { values, positionals } = parse(argv, options, words.most > 0);
      if (!values.help) {
        if (positionals.length < words.least) throw new UsageError("Something is missing.");
        if (positionals.length > words.most) throw new UsageError("That is one word too many.");
        return await run(values as Values<O>, positionals);
      }
      console.log(help);
      return 0;
    } catch (error) {
      if (error instanceof UsageError) {
        console.error(`${error.message}\n\n${help}`);
        return WRONG_ARGUMENTS;
      }
      console.error(textOf(error));
      return failed;
    }
  };
}

/** The text of an error for the user. A foreign message may quote a secret, so the user gets its kind only. */
export function textOf(error: unknown): string {
  if (error instanceof CommandFailed || WhatsAppProviderError.is(error)) return error.message;
  if (process.env.CLEVERTAP_DEBUG && error instanceof Error) return `${error.stack}`;
  return unexpected(error).message;
}

function parse(argv: string[], options: Options, allowPositionals: boolean) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      options: { ...options, ...HELP },
      allowPositionals,
    });
    return { values: values as { help?: unknown }, positionals };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node's text for it quotes the argument, and people paste credentials.
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL")
      throw new UsageError("Only the options below are known.");
    throw new UsageError(message);
  }
}
