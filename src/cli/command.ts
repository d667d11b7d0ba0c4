import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Reporter } from '../node/reporter.js';

/** What a command may touch of the process: tests give it streams of their own. */
export interface CommandIo {
  /** For data only. */
  readonly stdout: NodeJS.WritableStream;
  /** Notes and progress; obeys `--quiet`. */
  readonly reporter: Reporter;
  /** Aborted by the first Ctrl-C (or SIGTERM): finish the step at hand, save, return. */
  readonly signal: AbortSignal;
}

/**
 * A command: its options, and one call of a plain function that `run` imports itself, so that `--help`
 * loads nothing heavy. `run` resolves to the exit status (0 where it returns nothing).
 */
export interface Command<Options> {
  readonly name: string;
  /** Positional arguments in yargs' notation, for example `[model]`. */
  readonly positionals?: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Declares the options. */
  options(yargs: Argv): Argv<Options>;
  run(options: ArgumentsCamelCase<Options>, io: CommandIo): Promise<number | undefined>;
}

/** Keeps the options' inferred types between `options` and `run`. */
export function defineCommand<Options>(command: Command<Options>): Command<Options> {
  return command;
}
