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
  /** What stands beside the options, each in one word: `NAME` has to be there, `[NAME]` may be, `NAME...` may be there several times. */
  readonly words?: readonly string[];
  /** Exit code for every error of `run` but a {@link UsageError}, whose code is 2. */
  readonly failed: 1 | 2;
  run(values: Values<O>, ...words: string[]): Promise<number>;
}

/** Makes a command. */
export function command<const O extends Options>(parts: CommandParts<O>): Command {
  const { help, options, words = [], failed, run } = parts;
  return async (argv) => {
    try {
      const { values, positionals } = parse(argv, options, words);
      if (!values.help) return await run(values as Values<O>, ...positionals);
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

function parse(argv: string[], options: Options, words: readonly string[]) {
  try {
    const allowPositionals = words.length > 0;
    const parsed = parseArgs({ args: argv, options: { ...options, ...HELP }, allowPositionals });
    const values: { help?: unknown } = parsed.values;
    const least = words.filter((word) => !word.startsWith("[")).length;
    const most = words.at(-1)?.endsWith("...") ? Number.POSITIVE_INFINITY : words.length;
    const { length } = parsed.positionals;
    if (!values.help && (length < least || length > most))
      throw new UsageError(`Give ${words.join(" and ")} and the options below, and nothing else.`);
    return { values, positionals: parsed.positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    // Node's text for it quotes the argument, and people paste credentials.
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL")
      throw new UsageError("Only the options below are known.");
    throw new UsageError(message);
  }
}
