import type { LabelledImages } from './dataset/dataset.js';
import { UserError } from './errors.js';

/** A decoded IDX file: unsigned bytes, row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Decodes an IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, each dimension
 * as a big-endian 32-bit number, the data (format: Yann LeCun's MNIST page). The data is not copied.
 *
 * @param name names the file in errors.
 * @throws UserError if the bytes are no such file, or if there are too few or too many of them.
 */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const rank = bytes[3] ?? 0;
  if (
    bytes.length < 4 ||
    bytes[0] !== 0 ||
    bytes[1] !== 0 ||
    bytes[2] !== UNSIGNED_BYTE ||
    rank < 1 ||
    rank > 4
  ) {
    throw new UserError(
      `${name} is not an IDX file of unsigned bytes: it begins with ${hex(bytes.subarray(0, 4))}`,
      {
        hint: 'Images begin with 00 00 08 03 and labels with 00 00 08 01; download the file again.',
      },
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new UserError(`${name} is cut off: it ends within its header`, {
      hint: 'Download the file again.',
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== header + size) {
    const problem = bytes.length < header + size ? 'is cut off' : 'has bytes too many';
    throw new UserError(
      `${name} ${problem}: its header promises ${size} bytes (${shape.join(' x ')}), and ${bytes.length - header} follow`,
      { hint: 'Download the file again.' },
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/** Encodes an array as an IDX file of unsigned bytes. */
export function writeIdx({ shape, data }: IdxArray): Uint8Array {
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + data.length);
  bytes.set([0, 0, UNSIGNED_BYTE, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, side] of shape.entries()) view.setUint32(4 + 4 * i, side);
  bytes.set(data, header);
  return bytes;
}

/**
 * Joins an IDX file of images with its labels.
 *
 * @throws UserError if there are no images, they are not 28x28, or the counts differ.
 */
export function joinImagesAndLabels(
  images: IdxArray,
  labels: IdxArray,
  names: { readonly images: string; readonly labels: string },
): LabelledImages {
  const [count = 0, height, width] = images.shape;
  if (images.shape.length !== 3 || height !== 28 || width !== 28) {
    throw new UserError(
      `${names.images} holds an array of ${images.shape.join(' x ')}, not images of 28 x 28`,
      {
        hint: 'Only sets in the form of MNIST can be used: N x 28 x 28 unsigned bytes.',
      },
    );
  }
  if (count === 0)
    throw new UserError(`${names.images} holds no images`, {
      hint: 'Give a set with at least one image for training and one for testing.',
    });
  if (labels.shape.length !== 1) {
    throw new UserError(
      `${names.labels} holds an array of ${labels.shape.join(' x ')}, not a list of labels`,
    );
  }
  if (labels.shape[0] !== count) {
    throw new UserError(
      `${names.images} holds ${count} images, but ${names.labels} holds ${labels.shape[0]} labels`,
      { hint: 'The two files do not belong together; download both again.' },
    );
  }
  return { count, height, width, pixels: images.data, labels: labels.data };
}

function hex(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing (it is empty)';
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
