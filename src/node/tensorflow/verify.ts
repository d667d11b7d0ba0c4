import { join } from 'node:path';
import { packageRoot } from '../paths.js';
import { CommandError, type CommandRunner, lastLine, runCommand } from './setup/run-command.js';

/** Compiled: a child process of Node cannot run TypeScript. */
const CHILD = join(packageRoot, 'dist/node/tensorflow/verify-child.js');

export interface VerifyOptions {
  readonly run?: CommandRunner;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a binding in a process of its own, where a crash does no harm, and has it compute something with a
 * known result. Resolves to TensorFlow's version.
 *
 * @throws Error with one line on what went wrong.
 */
export async function verifyBinding(
  path: string,
  { run = runCommand, signal }: VerifyOptions = {},
): Promise<string> {
  try {
    const output = await run({
      command: process.execPath,
      args: [CHILD, path],
      timeoutMs: 120_000,
      signal,
    });
    const version = /^verified (\S+)$/m.exec(output)?.[1];
    if (version) return version;
    throw new Error('it loads but does not say its version');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.kind === 'timeout') throw new Error('it did not load within 120 s');
    if (error.message.includes('was ended by')) {
      throw new Error(`it crashes when it is loaded (${error.message.split(' ').at(-1)})`);
    }
    throw new Error(`it does not load: ${lastLine(error.output)}`);
  }
}
