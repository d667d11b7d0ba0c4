import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../../core/errors.js';
import { readFileOrFail } from '../files.js';
import { sha256Of } from '../hash.js';

const gunzipAsync = promisify(gunzip);

/** No IDX set in MNIST's form is larger than EMNIST's 697,932 images (547 MB); more is damage or an attack. */
const MAX_IDX_BYTES = 1 << 30;

/** Decompressed bytes of an IDX file, with their hex SHA-256. */
export interface IdxBytes {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * Reads an IDX file, gzipped (told by its first bytes, not by its name) or raw.
 *
 * @throws UserError if it cannot be read or decompressed.
 */
export async function readIdxBytes(path: string): Promise<IdxBytes> {
  const bytes = await decompress(await readFileOrFail(path, 'the data file'), path);
  return { bytes, sha256: sha256Of(bytes) };
}

/**
 * Decompresses gzip; other bytes are returned as they are.
 *
 * @throws UserError if the stream is damaged, or larger than `maxBytes` (by default, than any IDX set).
 */
export async function decompress(
  bytes: Uint8Array,
  name: string,
  maxBytes = MAX_IDX_BYTES,
): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const problem = tooLarge
      ? `decompresses to more than ${maxBytes / 2 ** 20} MiB`
      : 'is damaged or cut off: gzip cannot read it';
    throw new UserError(`${name} ${problem}`, { hint: 'Delete it and download it again.', cause: error });
  }
}
