import { opendirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ReaderThread } from './reader-thread.js';

/** With so many images a second thread is worth its start. */
const MANY = 1000;

let ahead: ReaderThread | undefined;

/**
 * Starts a thread that reads images, which takes a tenth of a second, while the program is still to be loaded: if the
 * command line names many files, or a folder of many. A guess, which may go to waste and changes nothing else.
 *
 * @param argv the command's arguments, options too
 */
export async function startAhead(argv: readonly string[]): Promise<void> {
  if (availableParallelism() < 2 || argv.some((argument) => argument.startsWith('--threads'))) return;
  if (argv.length < MANY && !argv.some(isLargeFolder)) return;
  const { startReaderThread } = await import('./reader-thread.js');
  try {
    ahead = startReaderThread();
  } catch {
    // Whoever needs it tries again, and says why not.
  }
}

/** The thread that was started ahead, once. */
export function takeThreadAhead(): ReaderThread | undefined {
  const thread = ahead;
  ahead = undefined;
  return thread;
}

function isLargeFolder(path: string): boolean {
  if (path.startsWith('-')) return false;
  try {
    const folder = opendirSync(path, { bufferSize: MANY });
    try {
      for (let i = 0; i < MANY; i++) if (folder.readSync() === null) return false;
      return true;
    } finally {
      folder.closeSync();
    }
  } catch {
    // No folder, or none that can be read: whoever reads it says so.
    return false;
  }
}
