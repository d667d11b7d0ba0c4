import { type LabelledImages, NO_CLASS } from '../../core/dataset/dataset.js';
import type { Score } from '../../core/training-record.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { readBatch } from './data.js';
import type { Forward } from './forward.js';

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
    let best = 0;
    for (let c = 1; c < classCount; c++) if (row[c]! > row[best]!) best = c;
    let sum = 0;
    for (let c = 0; c < classCount; c++) sum += Math.exp(row[c]! - row[best]!);
    loss += Math.log(sum) + row[best]! - row[labels[i]!]!;
    if (best === labels[i]) sums.correct++;
  }
  sums.loss += loss;
  sums.count += count;
  return loss / Math.max(1, count);
}

/** The means. */
export function scoreOf({ count, loss, correct }: Sums): Score {
  return { loss: loss / count, accuracy: correct / count };
}

const EVALUATION_BATCH = 256;

/** Scores a network on images; resolves to `undefined` when the signal comes before the end. */
export async function evaluate(
  { tf, forward }: { tf: TensorFlow; forward: Forward },
  images: LabelledImages,
  signal?: AbortSignal,
): Promise<Score | undefined> {
  const sums: Sums = { count: 0, loss: 0, correct: 0 };
  for (let from = 0; from < images.count; from += EVALUATION_BATCH) {
    const length = Math.min(EVALUATION_BATCH, images.count - from);
    const batch = readBatch(
      images,
      Array.from({ length }, (_, i) => from + i),
    );
    const logits = tf.tidy(() => forward(tf.tensor4d(batch.pixels, batch.shape)).dataSync());
    addBatch(sums, logits as Float32Array, batch.labels);
    await new Promise(setImmediate);
    if (signal?.aborted) return undefined;
  }
  return scoreOf(sums);
}
