import { augmentGently } from '../../core/augment/augment.js';
import { type Confidence, chooseConfidence } from '../../core/confidence.js';
import type { LabelledImages } from '../../core/dataset/dataset.js';
import type { ChangeImage } from './data.js';
import { logitsOf, type Network } from './logits.js';
import { randomFor } from './streams.js';

/**
 * Chooses a trained network's confidence on its validation images: the temperature as they are, the
 * thresholds as they look when varied like a user's. Undefined where the signal comes before the end.
 */
export async function measureConfidence(
  network: Network,
  { images, seed, classCount }: { images: LabelledImages; seed: number; classCount: number },
  signal?: AbortSignal,
): Promise<Confidence | undefined> {
  // Moved gently, as the preprocessing leaves digits; from another place in the stream than any training step.
  const change: ChangeImage = (pixels, place) =>
    augmentGently(pixels, { side: images.width, random: randomFor('augment', seed, -1, 0, place) });
  const labelled = async (change?: ChangeImage) => {
    const all = new Float32Array(images.count * classCount);
    let done = 0;
    for await (const { logits } of logitsOf(network, images, { change, signal })) {
      all.set(logits, done);
      done += logits.length;
    }
    return { logits: all, labels: images.labels };
  };
  if (signal?.aborted) return undefined;
  const plain = await labelled();
  if (signal?.aborted) return undefined;
  const varied = await labelled(change);
  return signal?.aborted ? undefined : chooseConfidence({ plain, varied, classCount });
}
