import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chance } from './hash.js';
import { formatMark, MARK_PATTERN, markOf, ownMark, type ProcessMark } from './process-mark.js';
import { type Reporter, silentReporter } from './reporter.js';

/** What is done in a folder alone. */
export type LockPurpose = 'training' | 'results' | 'download' | `output${string}`;

/** A lock as it lies in a folder. */
export interface LockFile {
  readonly path: string;
  readonly mark: ProcessMark;
}

const LOCK_NAME = new RegExp(`^\\.mnist-onnx-(?<purpose>[a-z0-9]+)-${MARK_PATTERN}-[0-9a-f]+\\.lock$`);

/** A path for a lock of this process; no two are the same, of whatever process. */
export function newLockPath(folder: string, purpose: LockPurpose): string {
  return join(folder, `.mnist-onnx-${purpose}-${formatMark(ownMark())}-${chance()}.lock`);
}

/** The locks in a folder, whosever they are. */
export async function locksIn(folder: string, purpose: LockPurpose): Promise<LockFile[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const groups = LOCK_NAME.exec(name)?.groups;
    return groups?.purpose === purpose ? [{ path: join(folder, name), mark: markOf(groups) }] : [];
  });
}

/** A file's length in bytes, or `undefined` where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

export interface WatchOptions {
  readonly watchMs: number;
  readonly pollMs: number;
  readonly reporter?: Reporter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was told once need not be told again. */
const told = new Set<string>();

/** Watches whether a lock's holder touches it; a lock that goes away is not alive. */
export async function givesSignsOfLife(path: string, options: WatchOptions): Promise<boolean> {
  const { watchMs, pollMs, reporter = silentReporter, signal } = options;
  const before = await lastBeat(path);
  const host = (await readFile(path, 'utf8').catch(() => '')).trim() || 'another machine';
  if (!told.has(path))
    reporter.note(
      `another run, on ${host}, has left ${path}: watching for ${watchMs / 1000} s whether it lives`,
    );
  told.add(path);
  for (let waitedMs = 0; waitedMs < watchMs; waitedMs += pollMs) {
    await sleep(pollMs, undefined, { signal });
    const now = await lastBeat(path);
    if (now !== before) return now !== undefined;
  }
  return false;
}

/** Opened anew each time, since a network file system answers from its memory otherwise. */
async function lastBeat(path: string): Promise<number | undefined> {
  const file = await open(path).catch(() => undefined);
  try {
    return (await file?.stat())?.mtimeMs;
  } finally {
    await file?.close();
  }
}
