import { type GrayImage, MNIST_SIZE } from '../../../src/core/image.js';
import { invert, resize } from '../../../src/core/preprocess/resize.js';

/**
 * A whole picture on 28x28, neither cut out nor centred: what simple demos give to the network.
 *
 * @returns [28, 28] uint8: 0 background, 255 ink
 */
export function asItLies(image: GrayImage): Uint8Array {
  const scale = MNIST_SIZE / Math.max(image.width, image.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const small = resize(image, side(image.width), side(image.height));
  const ink = paperOf(small) > 127 ? invert(small) : small;
  const left = (MNIST_SIZE - ink.width) >> 1;
  const top = (MNIST_SIZE - ink.height) >> 1;
  const pixels = new Uint8Array(MNIST_SIZE * MNIST_SIZE);
  for (let y = 0; y < ink.height; y++) {
    pixels.set(ink.data.subarray(y * ink.width, (y + 1) * ink.width), (top + y) * MNIST_SIZE + left);
  }
  return pixels;
}

/** Most of a picture is paper. */
function paperOf({ data }: GrayImage): number {
  return data.toSorted()[data.length >> 1]!;
}
