import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { startCountdown } from '../../countdown.js';

export interface CommandOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ends the command when what `measure` returns has not grown for `stallMs`. */
  readonly watch?: { readonly measure: () => Promise<number>; readonly stallMs: number };
}

/** Runs a command to its end and resolves to its output; tests give one that only pretends. */
export type CommandRunner = (options: CommandOptions) => Promise<string>;

/** A command that could not be started, failed or was ended by us; the message is one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly kind: 'missing' | 'failed' | 'timeout' | 'stalled',
    readonly output = '',
  ) {
    super(message);
  }
}

const OUTPUT_LIMIT = 64 * 1024;
const WATCH_INTERVAL_MS = 500;

/** Runs a command without a terminal; when it is ended before its time, so are its children. */
export const runCommand: CommandRunner = async (options) => {
  const { command, args, signal, timeoutMs, watch } = options;
  signal?.throwIfAborted();
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own can be ended whole.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const end = () => killTree(child);
  process.once('exit', end);
  const output = collectOutput(child);
  let ended: CommandError | undefined;
  const endBecause = (kind: 'timeout' | 'stalled', reason: string) => {
    ended ??= new CommandError(`${command} ${reason}`, kind);
    end();
  };
  const countdown = startCountdown(timeoutMs, () =>
    endBecause('timeout', `took more than ${timeoutMs / 1000} s`),
  );
  const stopWatching = watch ? watchGrowth(watch, (reason) => endBecause('stalled', reason)) : () => {};
  signal?.addEventListener('abort', end);
  try {
    const { code, signal: endedBy } = await new Promise<{ code: number | null; signal: string | null }>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve({ code, signal }));
      },
    );
    signal?.throwIfAborted();
    if (ended) throw ended;
    if (code === 0) return output();
    const how = endedBy ? `was ended by ${endedBy}` : `failed with status ${code}`;
    throw new CommandError(`${command} ${how}`, 'failed', output());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CommandError(`${command} is not on the PATH`, 'missing');
  } finally {
    countdown.stop();
    stopWatching();
    signal?.removeEventListener('abort', end);
    process.off('exit', end);
  }
};

function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** Gathers the end of the output, of stdout and stderr alike; returns what gives it. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    const decoder = new StringDecoder('utf8');
    stream.on('data', (chunk: Buffer) => {
      text = (text + decoder.write(chunk)).slice(-OUTPUT_LIMIT);
    });
  }
  return () => text;
}

function watchGrowth(
  { measure, stallMs }: NonNullable<CommandOptions['watch']>,
  onStall: (reason: string) => void,
): () => void {
  let greatest = -1;
  const countdown = startCountdown(stallMs, () => onStall(`made no progress for ${stallMs / 1000} s`));
  const interval = setInterval(async () => {
    const size = await measure().catch(() => 0);
    if (size <= greatest) return;
    greatest = size;
    countdown.restart();
  }, WATCH_INTERVAL_MS);
  return () => {
    clearInterval(interval);
    countdown.stop();
  };
}

/** The line of a command's output that says why it failed, as well as that can be known. */
export function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
