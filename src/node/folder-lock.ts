import { type FileHandle, open, readFile, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../core/errors.js';
import { fileErrorReason, makeFolder, removeEmptyFolders } from './files.js';
import { givesSignsOfLife, type LockPurpose, locksIn, newLockPath, sizeOf } from './lock-files.js';
import { isRunning } from './process-mark.js';
import type { Reporter } from './reporter.js';

export interface FolderLockOptions {
  /** Locks for different purposes do not exclude each other. */
  readonly purpose: LockPurpose;
  /** What is locked, as errors name it; by default the folder. */
  readonly name?: string | undefined;
  /** What another run can do instead, for the one that finds the folder taken. */
  readonly hint?: string | undefined;
  /** Wait until the folder is free, rather than fail. */
  readonly wait?: boolean | undefined;
  readonly reporter?: Reporter | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How often the holder shows that it lives, and for how long one that cannot be seen otherwise is watched. */
  readonly beatMs?: number | undefined;
  readonly watchMs?: number | undefined;
}

/** A folder that this process alone writes to. */
export interface FolderLock {
  /**
   * Makes sure of the folder before something is written: it may have been deleted, or, while this process was
   * suspended, taken by another machine.
   *
   * @throws UserError if another run has it.
   */
  check(): Promise<void>;
  release(): Promise<void>;
}

const BEAT_MS = 5_000;
const WATCH_MS = 30_000;
const POLL_MS = 200;

/**
 * Takes a folder, which is made if it is missing (and removed if it is empty in the end), for this process alone.
 * The lock is a file whose name says whose it is; the lock of a process that has ended counts for nothing. Where that cannot be told, in another
 * container or on another machine, the lock's file is watched for the signs of life that its holder gives it;
 * no clock is compared with another.
 *
 * @throws UserError if another run has the folder, or it cannot be written.
 */
export async function lockFolder(folder: string, options: FolderLockOptions): Promise<FolderLock> {
  const path = newLockPath(folder, options.purpose);
  const made: string[] = [];
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, options.beatMs ?? BEAT_MS).unref();
  try {
    await acquire(folder, path, options, made);
  } catch (error) {
    clearInterval(beat);
    await removeEmptyFolders(made);
    throw error;
  }
  return {
    check: async () => {
      if ((await sizeOf(path)) === undefined) await acquire(folder, path, { ...options, wait: false }, made);
    },
    release: async () => {
      clearInterval(beat);
      await rm(path, { force: true }).catch(() => {});
      await removeEmptyFolders(made);
    },
  };
}

/** Does something with a folder that no other run writes to meanwhile; waits for the folder if it must. */
export async function withFolder<T>(
  folder: string,
  options: FolderLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await lockFolder(folder, { ...options, wait: true });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/**
 * First comes a claim, an empty file; only who then sees no other makes it a lock, by writing into it. No two
 * can both see none, and since no name is used twice, clearing away a dead one's file never meets a live one's.
 *
 * @param made the folders that are made for it are added here
 */
async function acquire(
  folder: string,
  path: string,
  options: FolderLockOptions,
  made: string[],
): Promise<void> {
  let told = false;
  for (;;) {
    const claim = await createClaim(folder, path, made);
    try {
      const free = await isFree(folder, path, options);
      if (free) await claim.writeFile(`${hostname()}\n`);
      // One who was suspended for long may have lost the claim meanwhile.
      if (free && (await sizeOf(path)) !== undefined) return;
      await rm(path, { force: true });
    } catch (error) {
      await rm(path, { force: true }).catch(() => {});
      throw options.signal?.aborted ? error : writeError(folder, error);
    } finally {
      await claim.close();
    }
    if (!options.wait) throw await inUse(folder, options);
    if (!told) options.reporter?.note(`waiting: ${(await inUse(folder, options)).message}`);
    told = true;
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
}

async function createClaim(folder: string, path: string, made: string[]): Promise<FileHandle> {
  try {
    made.unshift(...(await makeFolder(folder)));
    return await open(path, 'wx');
  } catch (error) {
    throw writeError(folder, error);
  }
}

/** Whether the folder is ours, after clearing away what ended processes left; of two claims the first by name wins. */
async function isFree(folder: string, path: string, options: FolderLockOptions): Promise<boolean> {
  const { watchMs = WATCH_MS, beatMs = BEAT_MS, reporter, signal } = options;
  const watch = { watchMs, pollMs: beatMs / 2, reporter, signal };
  for (;;) {
    let mustWait = false;
    for (const other of await locksIn(folder, options.purpose)) {
      if (other.path === path) continue;
      const holds = await sizeOf(other.path);
      if (holds === undefined) continue;
      const lives = isRunning(other.mark) ?? (await givesSignsOfLife(other.path, watch));
      if (!lives) await rm(other.path, { force: true });
      else if (holds > 0 || other.path < path) return false;
      else mustWait = true;
    }
    if (!mustWait) return true;
    await sleep(POLL_MS / 4, undefined, { signal });
  }
}

async function inUse(folder: string, options: FolderLockOptions): Promise<UserError> {
  const [lock] = await locksIn(folder, options.purpose).catch(() => []);
  const host = lock && (await readFile(lock.path, 'utf8').catch(() => '')).trim();
  const where = host && host !== hostname() ? ` on ${host}` : '';
  const who = lock ? ` (process ${lock.mark.pid}${where})` : '';
  return new UserError(`${options.name ?? folder} is in use by another run of mnist-onnx${who}`, {
    hint: options.hint ?? 'Wait until that has ended.',
  });
}

function writeError(folder: string, error: unknown): UserError {
  return new UserError(`cannot write to ${folder}: ${fileErrorReason(error)}`, {
    cause: error,
    hint: 'Choose another folder, or make room and try again.',
  });
}
