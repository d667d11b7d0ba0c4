import { MNIST_PIXELS, MNIST_SIZE } from '../../image.js';
import { createRandom, permutation } from '../../random.js';
import type { LabelledImages } from '../dataset.js';
import { checkSetOptions } from './check-options.js';
import { drawDigitInto } from './draw-digit.js';

export interface GenerateSyntheticOptions {
  readonly seed: number;
  readonly count: number;
  /** Another part of the same seed's digits: different images, as from other writers. Default 0. */
  readonly part?: number;
}

/**
 * Draws digits in MNIST's form: the classes in equal numbers (within one), in a random order, the same bytes
 * for the same options on every platform.
 *
 * @returns pixels [count, 28, 28], 0 background to 255 ink; labels [count], 0 to 9
 * @throws UserError if an option is out of its range.
 */
export function generateSynthetic({ seed, count, part = 0 }: GenerateSyntheticOptions): LabelledImages {
  checkSetOptions({ seed, count, part });
  const pixels = new Uint8Array(count * MNIST_PIXELS);
  const labels = new Uint8Array(count);
  const order = permutation(count, createRandom(seed, part));
  for (let i = 0; i < count; i++) {
    const digit = order[i]! % 10;
    labels[i] = digit;
    const image = pixels.subarray(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS);
    drawDigitInto(image, { digit, random: createRandom(seed, part, i) });
  }
  return { count, height: MNIST_SIZE, width: MNIST_SIZE, pixels, labels };
}

export interface SyntheticSplitsOptions {
  readonly seed: number;
  /** Default 60000. */
  readonly trainCount?: number;
  /** Default 10000. */
  readonly testCount?: number;
}

/** Draws a training set and a test set that share no image. */
export function createSyntheticSplits({
  seed,
  trainCount = 60_000,
  testCount = 10_000,
}: SyntheticSplitsOptions): { train: LabelledImages; test: LabelledImages } {
  return {
    train: generateSynthetic({ seed, count: trainCount, part: 1 }),
    test: generateSynthetic({ seed, count: testCount, part: 2 }),
  };
}
