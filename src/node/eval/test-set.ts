import { type Dataset, type LabelledImages, sliceImages } from '../../core/dataset/dataset.js';
import type { TextScore } from './read-text.js';

/** The images that a model is measured on. */
export interface TestSet {
  readonly name: string;
  /** Hex, of the pixels and labels. */
  readonly sha256: string;
  /** For the user: `test` of a data set. */
  readonly split: string;
  readonly classes: readonly string[];
  /** Its labels are indices of `classes`. */
  readonly images: LabelledImages;
  /** Where each image comes from, if they are files. */
  readonly files?: readonly string[] | undefined;
  readonly skipped?: readonly SkippedImage[] | undefined;
  /** How pictures of several digits were read as a whole, where there were any. */
  readonly texts?: TextScore | undefined;
}

/** An image that was left out, and why. */
export interface SkippedImage {
  readonly file: string;
  readonly reason: string;
}

/** The first `limit` of a data set's test images, by default all. */
export function testSetOf(dataset: Dataset, limit: number = dataset.test.count): TestSet {
  const { name, sha256, classes, test } = dataset;
  return { name, sha256, split: 'test', classes, images: sliceImages(test, 0, limit) };
}
