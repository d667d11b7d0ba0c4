import { argmax } from './metrics.js';

/** The images whose prediction has a probability in (`from`, `to`]. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Their mean probability, 0 where there are none. */
  readonly confidence: number;
  /** The share of them that is right, 0 where there are none. */
  readonly accuracy: number;
}

/** How far a classifier's probabilities are what they say. */
export interface Calibration {
  /** Expected calibration error: the mean distance of confidence and accuracy, from 0 to 1. */
  readonly ece: number;
  /** Of equal width, from 0 to 1. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * Measures calibration by the probability of each predicted class (Guo et al., On Calibration of Modern
 * Neural Networks, 2017).
 *
 * @param probabilities [N, classCount]
 * @param labels [N]
 */
export function measureCalibration(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classCount: number,
  binCount = 15,
): Calibration {
  const sums = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (let i = 0; i < labels.length; i++) {
    const row = probabilities.subarray(i * classCount, (i + 1) * classCount);
    const predicted = argmax(row);
    const confidence = Math.min(1, row[predicted]!);
    const bin = sums[Math.max(0, Math.ceil(confidence * binCount) - 1)]!;
    bin.count++;
    bin.confidence += confidence;
    if (predicted === labels[i]) bin.correct++;
  }
  const distance = sums.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.correct), 0);
  return {
    ece: labels.length === 0 ? 0 : distance / labels.length,
    bins: sums.map(({ count, confidence, correct }, i) => ({
      from: i / binCount,
      to: (i + 1) / binCount,
      count,
      confidence: count === 0 ? 0 : confidence / count,
      accuracy: count === 0 ? 0 : correct / count,
    })),
  };
}
