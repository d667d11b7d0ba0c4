import type { GrayImage } from '../image.js';
import { type PreparedDigit, prepareDigits } from '../preprocess/prepare.js';

/** Whether an image holds one digit, several, or whatever is found there. */
export type DigitSegment = 'auto' | 'single' | 'multi';

/** How an image is searched. */
export interface FindDigitsOptions {
  readonly segment: DigitSegment;
}

/** The chosen crops of an image in reading order: lines of numbers of indices into `DigitSearch.crops`. */
export interface Reading {
  readonly lines: readonly ReadingLine[];
}

/** One written line. */
export interface ReadingLine {
  /** Numbers from left to right, each the indices of its digits. */
  readonly numbers: readonly (readonly number[])[];
}

/** What may be digits in an image, to be classified; alternatives of one another where ink can be cut in several ways. */
export interface DigitSearch {
  /** All crops to classify; none means that the paper is blank. */
  readonly crops: readonly PreparedDigit[];
  /**
   * Chooses among the crops by what the classifier says of them.
   *
   * @param logits [crops, K]
   * @param probabilities [crops, K], each row summing to 1
   */
  choose(logits: Float32Array, probabilities: Float32Array): Reading;
}

/**
 * Finds the digits of an image: everything up to the classifier.
 *
 * @param image of any size, dark ink on light or light on dark
 */
export function findDigits(image: GrayImage, _options: FindDigitsOptions): DigitSearch {
  const crops = prepareDigits(image);
  const numbers = crops.length === 0 ? [] : [crops.map((_, i) => i)];
  return { crops, choose: () => ({ lines: numbers.length === 0 ? [] : [{ numbers }] }) };
}
