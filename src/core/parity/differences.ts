import { argmax } from '../metrics.js';

/** Numbers in row-major order. */
export interface DenseArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Difference {
  /** The largest absolute difference; infinite for other shapes, or where one side alone is NaN or infinite. */
  readonly maxDifference: number;
  /** The largest absolute value that was expected, of the finite ones. */
  readonly maxValue: number;
}

export const NO_DIFFERENCE: Difference = { maxDifference: 0, maxValue: 0 };

/** Adds the differences of two arrays to those found so far. */
export function addDifference(total: Difference, actual: DenseArray, expected: DenseArray): Difference {
  let { maxDifference, maxValue } = total;
  if (String(actual.shape) !== String(expected.shape)) maxDifference = Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [actual.data[i]!, expected.data[i]!];
    if (!Object.is(a, b)) {
      const difference = Math.abs(a - b);
      if (!(difference <= maxDifference)) {
        maxDifference = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      }
    }
    // An infinite one would let every other value differ by as much as it likes.
    if (Number.isFinite(b)) maxValue = Math.max(maxValue, Math.abs(b));
  }
  return { maxDifference, maxValue };
}

export interface Agreement {
  readonly count: number;
  readonly of: number;
}

/**
 * Adds how many rows have their largest value at the same place.
 *
 * @param actual [N, classes], or [N] with the places themselves
 * @param expected [N, classes]
 */
export function addAgreement(total: Agreement, actual: DenseArray, expected: DenseArray): Agreement {
  const [rows, classes] = expected.shape as [number, number];
  const largest = ({ data }: DenseArray, i: number) => argmax(data.subarray(i * classes, (i + 1) * classes));
  let { count } = total;
  for (let i = 0; i < rows; i++) {
    const found = actual.shape.length === 1 ? actual.data[i] : largest(actual, i);
    if (found === largest(expected, i)) count++;
  }
  return { count, of: total.of + rows };
}
