import { UserError } from '../core/errors.js';
import { printableLines } from '../core/printable.js';
import { createReporter } from '../node/reporter.js';
import { loadCommands } from './commands/index.js';
import { formatOverview } from './help.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import {
  guardStandardOutput,
  isClosedReader,
  isStandardOutputError,
  standardOutputError,
} from './standard-output.js';

/** What asks for the help of the program as a whole, where it stands alone. */
const HELP = ['--help', '-h'];
/** Longer than any list of a real model's problems; a damaged one's names can be of any length. */
const MAX_MESSAGE = 20_000;

/**
 * Runs one command line to its end and resolves to its exit status: 0 done, 1 failed, 2 wrong usage,
 * 128 and a signal's number interrupted (130 for Ctrl-C). Never throws for what a user did.
 */
export async function runCli(argv: readonly string[], version: string): Promise<number> {
  const interruption = listenForInterruption();
  guardStandardOutput();
  try {
    const status = await parseAndRun(helpAsOption(argv), version, interruption);
    const error = standardOutputError();
    return error ? reportError(error) : status;
  } catch (error) {
    return statusOfFailure(error, interruption);
  }
}

/** `help train` means `train --help`. */
function helpAsOption([first, ...rest]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return first === 'help' ? [...rest.slice(0, 1), '--help'] : [first, ...rest];
}

function statusOfFailure(error: unknown, { signal, status }: Interruption): number {
  if (isClosedReader(error)) return signal.aborted ? status() : 0;
  if (isStandardOutputError(error)) return reportError(standardOutputError());
  if (!signal.aborted) return reportError(error);
  // What an interrupted step threw is no failure of its own; what could not be saved is.
  if (error instanceof UserError) reportError(error);
  else process.stderr.write('mnist-onnx: interrupted\n');
  return status();
}

async function parseAndRun(
  argv: readonly string[],
  version: string,
  interruption: Interruption,
): Promise<number> {
  const commands = await loadCommands(argv);
  if (argv.length === 0 || (argv.length === 1 && HELP.includes(argv[0]!))) {
    // Without a word it is help too, and no success.
    const [stream, status] = argv.length === 0 ? [process.stderr, 2] : [process.stdout, 0];
    stream.write(formatOverview(commands, stream.columns));
    return status;
  }
  const { parseCommandLine } = await import('./parse.js');
  const parsed = parseCommandLine(argv, { commands, version });
  if (parsed === undefined) return 0;
  const { command, options } = parsed;
  const reporter = createReporter(process.stderr, { quiet: options.quiet === true });
  const { signal } = interruption;
  const status = await command.run(options, { stdout: process.stdout, reporter, signal });
  return status ?? (signal.aborted ? interruption.status() : 0);
}

/** Prints a failure as one sentence; gives the exit status. */
export function reportError(error: unknown): number {
  if (error instanceof UserError) {
    const lines = [`mnist-onnx: ${error.message}`, ...(error.hint ? [error.hint] : [])];
    // Names in it may come from a foreign file.
    process.stderr.write(lines.map((line) => `${printableLines(line, MAX_MESSAGE)}\n`).join(''));
    return error.exitCode;
  }
  if ((error as NodeJS.ErrnoException)?.syscall === 'uv_cwd')
    return reportError(
      new UserError('the working folder does not exist any more', { hint: 'Change to one that does.' }),
    );
  const detail = process.env.DEBUG ? (error as Error)?.stack : (error as Error)?.message;
  process.stderr.write(
    `mnist-onnx: unexpected error: ${detail ?? error}\nThis is a defect; run again with DEBUG=1 for its place, and report it.\n`,
  );
  return 1;
}
