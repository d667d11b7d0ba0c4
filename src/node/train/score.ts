import { type LabelledImages, NO_CLASS } from '../../core/dataset/dataset.js';
import { argmax, logSumExp } from '../../core/metrics.js';
import type { Score } from '../../core/training-record.js';
import { logitsOf, type Network } from './logits.js';

/** Sums over images, from which a score is made: cross-entropy in nats and right answers. */
export interface Sums {
  count: number;
  loss: number;
  correct: number;
}

/**
 * Adds a batch to the sums, but for images of no class: `logits` is [N, classes], `labels` [N]. Returns the
 * batch's mean loss.
 */
export function addBatch(sums: Sums, logits: Float32Array, labels: Int32Array): number {
  const classCount = logits.length / labels.length;
  let loss = 0;
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === NO_CLASS) continue;
    count++;
    const row = logits.subarray(i * classCount, (i + 1) * classCount);
    loss += logSumExp(row) - row[labels[i]!]!;
    if (argmax(row) === labels[i]) sums.correct++;
  }
  sums.loss += loss;
  sums.count += count;
  return loss / Math.max(1, count);
}

/** The means. */
export function scoreOf({ count, loss, correct }: Sums): Score {
  return { loss: loss / count, accuracy: correct / count };
}

/** Scores a network on images; resolves to `undefined` when the signal comes before the end. */
export async function evaluate(
  network: Network,
  images: LabelledImages,
  signal?: AbortSignal,
): Promise<Score | undefined> {
  const sums: Sums = { count: 0, loss: 0, correct: 0 };
  for await (const { logits, labels } of logitsOf(network, images, { signal }))
    addBatch(sums, logits, labels);
  return signal?.aborted ? undefined : scoreOf(sums);
}
