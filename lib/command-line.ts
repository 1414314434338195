import { parseArgs, type ParseArgsConfig } from "node:util";
import { errorText, UsageError } from "./errors.ts";

/** A command line that a script cannot read; its message is one sentence. */
export class CommandLineError extends UsageError {
  /** The exit code of the shell's own commands in this case. */
  static readonly exitCode = 2;
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command line that has nothing but options.
 *
 * @throws CommandLineError for an unknown option, a missing value and any other argument
 */
export function readOptions<O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new CommandLineError(sentence(error, Object.keys(options)));
  }
}

/**
 * Reads a command line of the form `[OPTION …] NAME [ARG …]`: the options before the first name are the script's own,
 * everything from there on is returned unread.
 *
 * @throws CommandLineError for an unknown option and a missing value
 */
export function readCommand<O extends Options>(all: string[], options: O) {
  const { tokens } = parseArgs({ args: all, options, strict: false, tokens: true });
  const first = tokens.find(({ kind }) => kind === "positional")?.index ?? all.length;
  return { values: readOptions(all.slice(0, first), options), args: all.slice(first) };
}

/** Node's own words, without its advice on hyphens. */
function sentence(error: unknown, names: string[]): string {
  const [what = ""] = errorText(error).split(/\.\s/);
  const known = names.map((name) => `--${name}`).join(", ");
  return `${what}; ${known === "" ? "it takes no options" : `the options are ${known}`}`;
}

/**
 * Runs a script: what its main function throws becomes one line on stderr.
 *
 * @param script path from the top of the project, which begins the line
 * @param main gets the arguments after the script's name; a number that it returns is the exit code
 * @param failure exit code of an error that is not the command line's. @default 1
 */
export async function runScript(script: string, main: (args: string[]) => unknown, failure = 1): Promise<void> {
  try {
    const code = await main(process.argv.slice(2));
    process.exitCode = typeof code === "number" ? code : 0;
  } catch (error) {
    console.error(`${script}: ${errorText(error)}`);
    process.exitCode = error instanceof CommandLineError ? CommandLineError.exitCode : failure;
  }
}
