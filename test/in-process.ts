import { Writable } from 'node:stream';
import { loadCommands } from '../src/cli/commands/index.js';
import { parseCommandLine } from '../src/cli/parse.js';
import type { Reporter } from '../src/node/reporter.js';

/** What a command line wrote, and its exit status; undefined where it was interrupted. */
export interface CommandResult {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** The last word of each piece of work. */
  readonly ends: readonly (string | undefined)[];
}

/** Runs a command line in this process; its standard output may pass for a terminal. */
export async function runInProcess(
  argv: readonly string[],
  signal: AbortSignal = new AbortController().signal,
  { isTTY = false }: { isTTY?: boolean } = {},
): Promise<CommandResult> {
  let text = '';
  const [notes, warnings, ends]: [string[], string[], (string | undefined)[]] = [[], [], []];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const reporter: Reporter = {
    note: (line) => void notes.push(line),
    warn: (line) => void warnings.push(line),
    progress: () => ({ update() {}, end: (detail) => void ends.push(detail) }),
  };
  const { command, options } = parseCommandLine(argv, { commands: await loadCommands([]), version: '0' })!;
  const status = await command.run(options, { stdout: Object.assign(stdout, { isTTY }), reporter, signal });
  return { status, stdout: text, notes, warnings, ends };
}
