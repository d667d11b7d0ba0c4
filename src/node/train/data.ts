import { type LabelledImages, takeImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { permutation } from '../../core/random.js';
import type { TrainConfig } from './config.js';
import { randomFor } from './streams.js';

/** The images that change the weights, and those that choose the best epoch. */
export interface Split {
  readonly training: LabelledImages;
  readonly validation: LabelledImages;
}

/**
 * Splits the training images by the seed, after taking `limit` of them by the same seed.
 *
 * @throws UserError if there are too few images for both parts.
 */
export function splitImages(
  images: LabelledImages,
  { limit, valSplit, seed }: Pick<TrainConfig, 'limit' | 'valSplit' | 'seed'>,
): Split {
  const order = permutation(images.count, randomFor('split', seed)).subarray(0, limit || images.count);
  const validationCount = Math.max(1, Math.round(order.length * valSplit));
  if (order.length - validationCount < 1)
    throw new UserError(`${order.length} training images are too few to keep some back for validation`, {
      hint: 'Give more images, or a smaller --val-split.',
    });
  return {
    validation: takeImages(images, order.subarray(0, validationCount)),
    training: takeImages(images, order.subarray(validationCount)),
  };
}

/** The order in which an epoch (counted from 0) goes through its images. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return permutation(count, randomFor('order', seed, epoch));
}

/** `pixels` is [count, height, width, 1] in 0..1, `labels` [count]. */
export interface Batch {
  readonly shape: [number, number, number, 1];
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
}

/** The images at `indices` as the network takes them. */
export function readBatch(images: LabelledImages, indices: ArrayLike<number>): Batch {
  const count = indices.length;
  const size = images.height * images.width;
  const pixels = new Float32Array(count * size);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const from = indices[i]! * size;
    for (let p = 0; p < size; p++)
      pixels[i * size + p] = images.pixels[from + p]! * MNIST_PREPROCESSING.scale;
    labels[i] = images.labels[indices[i]!]!;
  }
  return { shape: [count, images.height, images.width, 1], pixels, labels };
}
