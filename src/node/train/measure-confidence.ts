import { augmentGently } from '../../core/augment/augment.js';
import { type Confidence, chooseConfidence, type LabelledLogits } from '../../core/confidence.js';
import type { LabelledImages } from '../../core/dataset/dataset.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { type ChangeImage, readBatch } from './data.js';
import type { Forward } from './forward.js';
import { randomFor } from './streams.js';

const BATCH = 256;

/**
 * Chooses a trained network's confidence on its validation images: the temperature as they are, the
 * thresholds as they look when varied like a user's.
 */
export function measureConfidence(
  { tf, forward }: { tf: TensorFlow; forward: Forward },
  { images, seed, classCount }: { images: LabelledImages; seed: number; classCount: number },
): Confidence {
  // Moved gently, as the preprocessing leaves digits; from another place in the stream than any training step.
  const change: ChangeImage = (pixels, place) =>
    augmentGently(pixels, { side: images.width, random: randomFor('augment', seed, -1, 0, place) });
  return chooseConfidence({
    plain: logitsOf(tf, forward, images),
    varied: logitsOf(tf, forward, images, change),
    classCount,
  });
}

function logitsOf(
  tf: TensorFlow,
  forward: Forward,
  images: LabelledImages,
  change?: ChangeImage,
): LabelledLogits {
  const parts: Float32Array[] = [];
  for (let start = 0; start < images.count; start += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, images.count - start) }, (_, i) => start + i);
    const changeAt: ChangeImage | undefined = change && ((pixels, place) => change(pixels, start + place));
    const batch = readBatch(images, indices, changeAt);
    parts.push(tf.tidy(() => forward(tf.tensor4d(batch.pixels, batch.shape)).dataSync() as Float32Array));
  }
  const logits = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    logits.set(part, start);
    start += part.length;
  }
  return { logits, labels: images.labels };
}
