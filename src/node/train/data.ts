import { augmentGently, augmentImage } from '../../core/augment/augment.js';
import { nonDigitSteps } from '../../core/augment/non-digits.js';
import { DIGIT_CLASSES, joinImages, type LabelledImages, takeImages } from '../../core/dataset/dataset.js';
import { syntheticSteps } from '../../core/dataset/synthetic/index.js';
import { UserError } from '../../core/errors.js';
import { MNIST_SIZE } from '../../core/image.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { permutation } from '../../core/random.js';
import { finishInTurns } from '../in-turns.js';
import type { TrainConfig } from './config.js';
import { randomFor } from './streams.js';

/** The images that change the weights, and those that choose the best epoch. */
export interface Split {
  readonly training: LabelledImages;
  readonly validation: LabelledImages;
}

/** A user's own images make up about this share of an epoch... */
const OWN_SHARE = 0.1;
/** ...but are not shown more often than this in one. */
const MOST_REPEATS = 50;

/**
 * A split with a user's own images mixed in, so that they are learned and nothing else is forgotten: a part of
 * them for validation, the others repeated among the training images.
 */
export function mixIn(
  split: Split,
  own: LabelledImages,
  config: Pick<TrainConfig, 'valSplit' | 'seed' | 'splitSeed'>,
): { split: Split; ownValidation: LabelledImages } {
  const parts = splitImages(own, { ...config, limit: 0 });
  const share = (OWN_SHARE * split.training.count) / parts.training.count;
  const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.round(share)));
  return {
    split: {
      training: joinImages([split.training, ...Array<LabelledImages>(repeats).fill(parts.training)]),
      validation: joinImages([split.validation, parts.validation]),
    },
    ownValidation: parts.validation,
  };
}

/**
 * Splits the training images by the seed, after taking `limit` of them by the same seed.
 *
 * @throws UserError if there are too few images for both parts.
 */
export function splitImages(
  images: LabelledImages,
  config: Pick<TrainConfig, 'limit' | 'valSplit' | 'seed' | 'splitSeed'>,
): Split {
  const { limit, seed, splitSeed = seed } = config;
  const order = permutation(images.count, randomFor('split', splitSeed)).subarray(0, limit || images.count);
  const kept = validationCount(images.count, config);
  if (order.length - kept < 1)
    throw new UserError(`${order.length} training images are too few to keep some back for validation`, {
      hint: 'Give more images, or a smaller --val-split.',
    });
  return {
    validation: takeImages(images, order.subarray(0, kept)),
    training: takeImages(images, order.subarray(kept)),
  };
}

/** How many of so many images are kept back for validation: the first of the split's order. */
export function validationCount(
  imageCount: number,
  { limit, valSplit }: Pick<TrainConfig, 'limit' | 'valSplit'>,
): number {
  return Math.max(1, Math.round(Math.min(imageCount, limit || imageCount) * valSplit));
}

/**
 * The training images with what the configuration adds to them: drawn digits, and images of no class;
 * undefined where the signal came while they were drawn.
 *
 * @throws UserError if the images are not of the form and classes that drawn digits have.
 */
export async function addImages(
  training: LabelledImages,
  classes: readonly string[],
  { synthetic, nonDigits, seed }: Pick<TrainConfig, 'synthetic' | 'nonDigits' | 'seed'>,
  signal?: AbortSignal,
): Promise<LabelledImages | undefined> {
  if (synthetic === 0 && nonDigits === 0) return training;
  const isDigits = classes.join() === DIGIT_CLASSES.join();
  if (!isDigits || training.width !== MNIST_SIZE || training.height !== MNIST_SIZE)
    throw new UserError('drawn images can only be added to the ten digits in 28x28 pixels', {
      hint: 'Leave --synthetic and --non-digits away, or give another data set.',
      exitCode: 2,
    });
  const partSeed = Math.floor(randomFor('additions', seed)() * 2 ** 31);
  const count = (share: number) => Math.round(share * training.count);
  const drawn = [
    syntheticSteps({ seed: partSeed, count: count(synthetic) }),
    nonDigitSteps({ seed: partSeed, count: count(nonDigits), digits: training }),
  ];
  const sets = [training];
  for (const work of drawn) {
    const images = await finishInTurns(work, signal);
    if (!images) return undefined;
    sets.push(images);
  }
  return joinImages(sets);
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

/** Changes one image of a batch (its place in the batch), or gives it as it is. */
export type ChangeImage = (pixels: Uint8Array, place: number) => Uint8Array;

/** The augmentation of a step's images; `undefined` where there is none. */
export function augmentation(
  images: LabelledImages,
  { augment, refineFrom, seed }: Pick<TrainConfig, 'augment' | 'refineFrom' | 'seed'>,
  [epoch, step]: readonly [epoch: number, step: number],
): ChangeImage | undefined {
  if (augment === 0) return undefined;
  const side = images.width;
  // The last epochs show the images nearly as they are, as most to be read are: swollen or worn strokes make
  // one digit of another now and then.
  const isGentle = refineFrom > 0 && epoch + 1 >= refineFrom;
  return (pixels, place) => {
    const random = randomFor('augment', seed, epoch, step, place);
    if (isGentle) return augmentGently(pixels, { side, random });
    const other = Math.floor(random() * images.count);
    const neighbour = images.pixels.subarray(other * pixels.length, (other + 1) * pixels.length);
    return augmentImage(pixels, { side, random, neighbour });
  };
}

/** The images at `indices` as the network takes them. */
export function readBatch(
  images: LabelledImages,
  indices: ArrayLike<number>,
  change: ChangeImage = (pixels) => pixels,
): Batch {
  const count = indices.length;
  const size = images.height * images.width;
  const pixels = new Float32Array(count * size);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const from = indices[i]! * size;
    const image = change(images.pixels.subarray(from, from + size), i);
    for (let p = 0; p < size; p++) pixels[i * size + p] = image[p]! * MNIST_PREPROCESSING.scale;
    labels[i] = images.labels[indices[i]!]!;
  }
  return { shape: [count, images.height, images.width, 1], pixels, labels };
}
