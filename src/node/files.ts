import { createWriteStream, type Stats } from 'node:fs';
import {
  access,
  constants,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { UserError } from '../core/errors.js';
import { partName, removeStaleParts } from './part-files.js';

/** Node hands on the bytes of such a name as U+FFFD, and by that no file is found. */
const NOT_UTF8 = 'NOT_UTF8';

const REASONS: Record<string, string> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EFBIG: 'it is larger than the file system allows',
  EMFILE: 'too many files are open',
  ELOOP: 'its symbolic links run in a circle',
  ENAMETOOLONG: 'its name is too long',
  [NOT_UTF8]: 'its name is not UTF-8: rename it',
};

/** Why a file operation failed, as a clause. */
export function fileErrorReason(error: unknown): string {
  const { code, message, path } = error as NodeJS.ErrnoException;
  const kind = code === 'ENOENT' && path?.includes('\ufffd') ? NOT_UTF8 : code;
  return (kind && REASONS[kind]) || message || String(error);
}

/**
 * Reads a whole file.
 *
 * @param what names the file's role in the error, for example `the model`.
 * @throws UserError if it cannot be read.
 */
export async function readFileOrFail(path: string, what: string, hint?: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UserError(`cannot read ${what} ${path}: ${fileErrorReason(error)}`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** A file that appears under its name whole, on `commit`, or not at all. */
export interface AtomicFile {
  write(data: string | Uint8Array): Promise<void>;
  commit(): Promise<void>;
  /** Drops what was written, and the folders that were made for it; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Starts a file that is written aside (in the same folder) and renamed, so that a crash, a full disk or an
 * interruption leaves what stood there before. What is no plain file, such as /dev/null or a pipe, is written
 * to as it is.
 *
 * @throws UserError (also from its methods) if the folder or the file cannot be written.
 */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  let aside: string | undefined;
  let made: readonly string[] = [];
  const clear = async () => {
    if (aside !== undefined) await rm(aside, { force: true });
    await removeEmptyFolders(made);
  };
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await clear().catch(() => {});
      throw new UserError(`cannot write ${path || 'a file'}: ${fileErrorReason(error)}`, {
        cause: error,
        hint: 'Choose another place, or make room and try again; what stood there before is unchanged.',
      });
    }
  };
  const { target, stream } = await guard(async () => {
    const { target, existing } = await findTarget(path);
    if (existing && !existing.isFile()) return { target, stream: createWriteStream(target) };
    made = await makeFolder(dirname(target));
    aside = join(dirname(target), partName());
    const file = await open(aside, 'wx');
    if (existing) await file.chmod(existing.mode & 0o777).catch(() => {});
    await removeStaleParts(dirname(target), file);
    return { target, stream: createWriteStream(aside, { fd: file, flush: true }) };
  });
  // Every write is awaited with its callback; without a listener a late error would end the process.
  stream.on('error', () => {});
  return {
    write: (data) =>
      guard(
        () =>
          new Promise((resolve, reject) =>
            stream.write(data, (error) => (error ? reject(error) : resolve())),
          ),
      ),
    commit: () =>
      guard(async () => {
        stream.end();
        await finished(stream);
        if (aside !== undefined) await rename(aside, target);
      }),
    discard: async () => {
      stream.destroy();
      await clear();
    },
  };
}

/** Where a path leads, after symbolic links, and what is there; what cannot be replaced fails here, before any work. */
async function findTarget(path: string): Promise<{ target: string; existing?: Stats }> {
  if (path === '') throw new Error('its name is empty');
  // A folder that is missing would be noticed when the file gets its name, after the work.
  if (path.endsWith('/') || path.endsWith(sep)) throw Object.assign(new Error(), { code: 'EISDIR' });
  try {
    const existing = await stat(path);
    if (existing.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    await access(path, constants.W_OK);
    return existing.isFile() ? { target: await realpath(path), existing } : { target: path, existing };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { target: await followLink(path) };
  }
}

/** Where a symbolic link to a file leads, whether that is there yet or not; any other path as it is. */
export async function followLink(path: string): Promise<string> {
  const link = await readlink(path).catch(() => undefined);
  if (link === undefined) return path;
  try {
    return (await stat(path)).isFile() ? await realpath(path) : path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return path;
    return followLink(resolve(await realpath(dirname(path)), link));
  }
}

/**
 * Makes a folder and those above it, where they are missing. (Node's own `mkdir` with `recursive` never
 * returns below file systems that refuse new folders with ENOENT, as /proc does.)
 *
 * @returns those that were made, the deepest first
 */
export async function makeFolder(path: string): Promise<readonly string[]> {
  let above: readonly string[] = [];
  try {
    return await mkdirIfMissing(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    if (!(await isFolder(parent))) above = await makeFolder(parent);
  }
  // Also where the parent is there: another writer may have made it since.
  return [...(await mkdirIfMissing(path)), ...above];
}

async function mkdirIfMissing(path: string): Promise<readonly string[]> {
  try {
    await mkdir(path);
    return [path];
  } catch (error) {
    if (await isFolder(path)) return [];
    throw error;
  }
}

/** Takes back folders that were made, the deepest first, as far as nothing lies in them. */
export async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => {});
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Writes a whole file; a failure leaves what stood there before. Folders are made as needed.
 *
 * @throws UserError if it cannot be written.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const write = async () => {
    const file = await createAtomicFile(path);
    await file.write(data);
    await file.commit();
  };
  await write().catch((error) => {
    // Its folder was deleted meanwhile: it is made anew.
    if (error?.cause?.code === 'ENOENT') return write();
    throw error;
  });
}

/**
 * Finds out before long work whether its results can be written; the folders are made.
 *
 * @throws UserError if one cannot.
 */
export async function assertWritable(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await (await createAtomicFile(path)).discard();
}
