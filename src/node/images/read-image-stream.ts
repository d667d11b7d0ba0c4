import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { UserError } from '../../core/errors.js';
import { fileErrorReason } from '../files.js';
import { MAX_FILE_BYTES, tooLarge } from './read-image-file.js';

/**
 * Opens a pipe or a device that the user named. A named pipe is waited for without a thread, which nothing could call back
 * while nobody writes to it.
 *
 * @throws UserError with a clause that says why it cannot be opened.
 */
export function openStream(path: string): Readable {
  try {
    if (!statSync(path).isFIFO()) return createReadStream(path, { end: MAX_FILE_BYTES });
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return new Socket({ fd, readable: true, writable: false });
  } catch (cause) {
    throw new UserError(fileErrorReason(cause), { cause });
  }
}

/**
 * Reads an image from a stream to its end.
 *
 * @throws UserError with a clause that says why it cannot be read; what the stream throws once the signal is aborted.
 */
export async function readImageStream(stream: Readable, signal?: AbortSignal): Promise<Uint8Array> {
  if (signal) addAbortSignal(signal, stream);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      length += bytes.length;
      if (length > MAX_FILE_BYTES) throw tooLarge();
      parts.push(bytes);
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(fileErrorReason(cause), { cause });
  }
  return Buffer.concat(parts);
}
