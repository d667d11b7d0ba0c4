import { argmax } from '../metrics.js';
import type { Agreement } from './differences.js';

/** An image that two implementations of one model take for different classes. */
export interface DisagreeingImage {
  /** Its place among the images, from 0. */
  readonly index: number;
  /** Class numbers. */
  readonly first: number;
  readonly second: number;
}

/** One implementation of a model against another on the same images. */
export interface ScoreDifference {
  readonly images: number;
  /** Scores that are NaN or infinite on either side; they are in none of the figures. */
  readonly notFinite: number;
  /** The largest absolute difference of two scores. */
  readonly maxDifference: number;
  readonly meanDifference: number;
  /** The largest absolute score of either. */
  readonly maxValue: number;
  readonly sameLabels: Agreement;
  readonly disagreeing: readonly DisagreeingImage[];
}

/**
 * Compares the scores that two implementations give to the same images; where one has fewer images, on those.
 *
 * @param first [N, classCount], logits or probabilities
 * @param second [M, classCount]
 */
export function compareScores(
  first: Float32Array,
  second: Float32Array,
  classCount: number,
): ScoreDifference {
  const length = Math.min(first.length, second.length);
  const [a, b] = [first.subarray(0, length), second.subarray(0, length)];
  const images = length / classCount;
  let [compared, sum, maxDifference, maxValue] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    const difference = Math.abs(x - y);
    // Of NaN and infinite scores there is no finite difference, and of finite ones always.
    if (!Number.isFinite(difference)) continue;
    compared++;
    sum += difference;
    maxDifference = Math.max(maxDifference, difference);
    maxValue = Math.max(maxValue, Math.abs(x), Math.abs(y));
  }
  const labelOf = (scores: Float32Array, i: number) =>
    argmax(scores.subarray(i * classCount, (i + 1) * classCount));
  const disagreeing: DisagreeingImage[] = [];
  for (let index = 0; index < images; index++) {
    const image = { index, first: labelOf(a, index), second: labelOf(b, index) };
    if (image.first !== image.second) disagreeing.push(image);
  }
  return {
    images,
    notFinite: length - compared,
    maxDifference,
    meanDifference: sum / Math.max(1, compared),
    maxValue,
    sameLabels: { count: images - disagreeing.length, of: images },
    disagreeing,
  };
}
