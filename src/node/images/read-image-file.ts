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

/** Small files are read here, and found to be small by reading: to ask for the size takes longer. */
const scratch = Buffer.allocUnsafeSlow(65_536);

/** The checksum of the chunk that ends every PNG. */
const PNG_END = 0xae426082;

/** Whether what was read is whole, which another call would tell only after it. */
function endsAsPng(length: number): boolean {
  return length >= 4 && scratch.readUInt32BE(length - 4) === PNG_END;
}

/** How much of a file's start was read; of what has no places, as a pipe, nothing is taken. */
function readStart(handle: number): number {
  try {
    return readSync(handle, scratch, 0, scratch.length, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESPIPE') return 0;
    throw error;
  }
}

function readAll(handle: number): Uint8Array {
  let length = readStart(handle);
  const isSmall = length > 0 && length < scratch.length;
  if (isSmall && (endsAsPng(length) || readSync(handle, scratch, length, 1, length) === 0))
    return Buffer.from(scratch.subarray(0, length));
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
