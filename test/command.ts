import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../bin/mnist-onnx.js');

/** The built command line under way. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly text: { stdout: string; stderr: string };
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when stderr holds the text, or the command has ended. */
  said(text: string): Promise<void>;
}

/** Starts the built command line as a user does. */
export function startCommand(args: readonly string[], options: SpawnOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...process.env, ...options.env },
  });
  const text = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (data) => {
      text[name] += data;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal!));
  });
  const said = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!text.stderr.includes(wanted)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      ended.then(() => resolve());
    });
  return { child, text, ended, said };
}
