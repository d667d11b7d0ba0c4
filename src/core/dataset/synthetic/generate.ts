import { MNIST_PIXELS, MNIST_SIZE } from '../../image.js';
import { createRandom, permutation } from '../../random.js';
import { finish, type Steps } from '../../steps.js';
import type { LabelledImages } from '../dataset.js';
import { checkWhole } from './check-range.js';
import { drawDigitInto } from './draw-digit.js';

/** 700 MB of pixels. */
const MAX_COUNT = 1_000_000;

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
export function generateSynthetic(options: GenerateSyntheticOptions): LabelledImages {
  return finish(syntheticSteps(options));
}

/** The same, a step a digit. */
export function* syntheticSteps({ seed, count, part = 0 }: GenerateSyntheticOptions): Steps<LabelledImages> {
  checkWhole('count', count, 0, MAX_COUNT);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkWhole('part', part, 0, Number.MAX_SAFE_INTEGER);
  const pixels = new Uint8Array(count * MNIST_PIXELS);
  const labels = new Uint8Array(count);
  const order = permutation(count, createRandom(seed, part));
  for (let i = 0; i < count; i++) {
    const digit = order[i]! % 10;
    labels[i] = digit;
    const image = pixels.subarray(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS);
    drawDigitInto(image, { digit, random: createRandom(seed, part, i) });
    yield;
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

export interface SyntheticSplits {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** Draws a training set and a test set that share no image. */
export function createSyntheticSplits(options: SyntheticSplitsOptions): SyntheticSplits {
  return finish(syntheticSplitsSteps(options));
}

/** The same, a step a digit. */
export function* syntheticSplitsSteps({
  seed,
  trainCount = 60_000,
  testCount = 10_000,
}: SyntheticSplitsOptions): Steps<SyntheticSplits> {
  return {
    train: yield* syntheticSteps({ seed, count: trainCount, part: 1 }),
    test: yield* syntheticSteps({ seed, count: testCount, part: 2 }),
  };
}
