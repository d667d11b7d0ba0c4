import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../core/errors.js';
import { fileErrorReason } from '../files.js';

/** Larger files are refused before they are read: the largest photos take a tenth of it. */
export const MAX_FILE_MEGABYTES = 256;
export const MAX_FILE_BYTES = MAX_FILE_MEGABYTES * 1e6;

// A named pipe in a folder of images would otherwise be waited for without end.
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads an image file whole. Synchronous: for small files several times faster, and threads read in parallel.
 *
 * @throws UserError with a clause that says why it cannot be read.
 */
export function readImageFile(path: string): Uint8Array {
  try {
    const handle = openSync(path, READ_WITHOUT_WAITING);
    try {
      return readAll(handle);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(fileErrorReason(cause), { cause });
  }
}

/** Files below this are small: they are found to be so by reading them, since to ask for the size takes longer. */
const SMALL_BYTES = 65_536;
/** Small files are read into arrays that they share: one of its own for each costs several times as much. */
let shared = new Uint8Array(0);
let used = 0;

/** The checksum of the chunk that ends every PNG. */
const PNG_END = [0xae, 0x42, 0x60, 0x82];

/** Whether what was read into `shared`, from `used` up to `end`, is whole, which another call would tell only after it. */
function endsAsPng(end: number): boolean {
  if (end - used < 4) return false;
  for (let i = 0; i < 4; i++) if (shared[end - 4 + i] !== PNG_END[i]) return false;
  return true;
}

/** How much of a file's start was read; of what has no places, as a pipe, nothing is taken. */
function readStart(handle: number): number {
  if (used + SMALL_BYTES > shared.length) {
    shared = new Uint8Array(4 * SMALL_BYTES);
    used = 0;
  }
  try {
    return readSync(handle, shared, used, SMALL_BYTES, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESPIPE') return 0;
    throw error;
  }
}

function readAll(handle: number): Uint8Array {
  let length = readStart(handle);
  const end = used + length;
  const isSmall = length > 0 && length < SMALL_BYTES;
  if (isSmall && (endsAsPng(end) || readSync(handle, shared, end, 1, length) === 0)) {
    const bytes = shared.subarray(used, end);
    used = end;
    return bytes;
  }
  const found = fstatSync(handle);
  if (found.isDirectory()) throw new UserError('it is a folder');
  if (!found.isFile()) throw new UserError('it is no file but a pipe or a device');
  if (found.size > MAX_FILE_BYTES) throw tooLarge();
  const bytes = Buffer.allocUnsafe(found.size);
  length = 0;
  while (length < bytes.length) {
    const count = readSync(handle, bytes, length, bytes.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Why a larger file is not read. */
export function tooLarge(): UserError {
  return new UserError(`the file is larger than ${MAX_FILE_MEGABYTES} MB`);
}
