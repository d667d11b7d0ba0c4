import yargs, { type Argv } from 'yargs';
import { UserError } from '../core/errors.js';
import { printableLines } from '../core/printable.js';
import { createReporter } from '../node/reporter.js';
import type { Command } from './command.js';
import { commands } from './commands/index.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { STANDARD_STREAM } from './options.js';
import {
  guardStandardOutput,
  isClosedReader,
  isStandardOutputError,
  standardOutputError,
} from './standard-output.js';
import { usageError } from './usage-error.js';

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
    const status = await parseAndRun(argv.map(normalizeFlag), version, interruption);
    const error = standardOutputError();
    return error ? reportError(error) : status;
  } catch (error) {
    return statusOfFailure(error, interruption);
  }
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
  let status = 0;
  const cli: Argv = yargs()
    .scriptName('mnist-onnx')
    .usage(
      '$0 <command>\n\nTrain on handwritten digits with TensorFlow.js, convert to ONNX, run with ONNX Runtime.',
    )
    .version(version)
    .help('help')
    .alias('help', 'h')
    .strict()
    .exitProcess(false)
    // A repeated option would silently become a list.
    .parserConfiguration({ 'duplicate-arguments-array': true, 'strip-aliased': true })
    .showHelpOnFail(false)
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error;
      throw usageError(message ?? error?.message ?? '', {
        argv,
        commandNames: commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
        optionNames: Object.keys(optionKeys(cli).key).filter((name) => name.length > 1),
      });
    })
    .demandCommand(1, 'Name a command.')
    .epilogue('Start with: npm run quickstart, or mnist-onnx train');
  for (const command of commands) {
    addCommand(cli, command, interruption, (result) => {
      status = result;
    });
  }
  await cli.parseAsync(argv);
  return status;
}

function addCommand(
  cli: Argv,
  command: Command<unknown>,
  { signal, status: interruptedStatus }: Interruption,
  finish: (status: number) => void,
): void {
  const usage = command.positionals ? `${command.name} ${command.positionals}` : command.name;
  cli.command(
    [usage, ...(command.aliases ?? [])],
    command.summary,
    (builder) => {
      const built = command.options(builder);
      const { number, string } = optionKeys(built);
      return built.requiresArg([...number, ...string].filter((key) => key !== '_' && key !== '--'));
    },
    async (options) => {
      const reporter = createReporter(process.stderr, { quiet: options.quiet === true });
      finish(
        (await command.run(options, { stdout: process.stdout, reporter, signal })) ??
          (signal.aborted ? interruptedStatus() : 0),
      );
    },
  );
}

/** `--batch_size` means `--batch-size`; a bare `-`, which yargs drops from a list, gets a name that it keeps. */
function normalizeFlag(argument: string): string {
  if (argument === '-') return STANDARD_STREAM;
  return argument.replace(/^--[a-z0-9_]+(?==|$)/i, (flag) => flag.replaceAll('_', '-'));
}

/** What yargs keeps of the declared options: their names in all, and by type. */
interface OptionKeys {
  readonly key: Record<string, unknown>;
  readonly number: string[];
  readonly string: string[];
}

// yargs has no public way to list the options.
function optionKeys(parser: Argv): OptionKeys {
  return (parser as unknown as { getOptions(): OptionKeys }).getOptions();
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
