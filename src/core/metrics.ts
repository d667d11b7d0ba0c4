/** How well one class is recognised; ratios are 0 where their denominator is 0. */
export interface ClassMetrics {
  /** Images of this class. */
  readonly support: number;
  /** Of the images taken for this class, the share that is. */
  readonly precision: number;
  /** Of the images of this class, the share that was taken for it. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
}

/** How well a classifier does on labelled images. */
export interface ClassificationMetrics {
  readonly count: number;
  readonly correct: number;
  /** `correct / count`, from 0 to 1. */
  readonly accuracy: number;
  /** The mean cross-entropy in nats. */
  readonly loss: number;
  /** In the order of the classes. */
  readonly perClass: readonly ClassMetrics[];
  /** `confusion[true class][predicted class]`, counts. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Measures predictions against labels.
 *
 * @param logits [N, classCount]
 * @param labels [N], each below classCount
 */
export function measureClassification(
  logits: Float32Array,
  labels: ArrayLike<number>,
  classCount: number,
): ClassificationMetrics {
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  const count = labels.length;
  let correct = 0;
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const row = logits.subarray(i * classCount, (i + 1) * classCount);
    const label = labels[i]!;
    const predicted = argmax(row);
    if (predicted === label) correct++;
    confusion[label]![predicted]! += 1;
    loss += logSumExp(row) - row[label]!;
  }
  return {
    count,
    correct,
    accuracy: ratio(correct, count),
    loss: ratio(loss, count),
    perClass: confusion.map((_, k) => classMetrics(confusion, k)),
    confusion,
  };
}

/** The index of the largest value, the first of equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}

/** The largest absolute difference of two arrays of one length. */
export function maxAbsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    // A NaN in one must not pass for agreement.
    if (Number.isNaN(difference)) return difference;
    if (difference > most) most = difference;
  }
  return most;
}

/** A mistake that was made more than the others. */
export interface Confusion {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
  /** Of the class's images, the share that was mistaken so. */
  readonly share: number;
}

/**
 * The most frequent mistakes, the first of equals by class.
 *
 * @param confusion as in `ClassificationMetrics`
 */
export function topConfusions(confusion: readonly (readonly number[])[], most = 10): Confusion[] {
  return confusion
    .flatMap((row, actual) => {
      const support = row.reduce((sum, n) => sum + n, 0);
      return row.map((count, predicted) => ({ actual, predicted, count, share: ratio(count, support) }));
    })
    .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
    .sort((a, b) => b.count - a.count || a.actual - b.actual || a.predicted - b.predicted)
    .slice(0, most);
}

function classMetrics(confusion: readonly (readonly number[])[], k: number): ClassMetrics {
  const right = confusion[k]![k]!;
  const support = confusion[k]!.reduce((sum, n) => sum + n, 0);
  const predicted = confusion.reduce((sum, row) => sum + row[k]!, 0);
  return {
    support,
    precision: ratio(right, predicted),
    recall: ratio(right, support),
    f1: ratio(2 * right, predicted + support),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** log(sum(exp(values))), without overflow. */
export function logSumExp(values: Float32Array): number {
  const highest = values[argmax(values)]!;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}
