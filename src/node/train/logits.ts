import type { LabelledImages } from '../../core/dataset/dataset.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { type ChangeImage, readBatch } from './data.js';
import type { Forward } from './forward.js';

export interface Network {
  readonly tf: TensorFlow;
  readonly forward: Forward;
}

const BATCH = 256;

interface LogitsOptions {
  /** Changes each image, by its place among all of them. */
  readonly change?: ChangeImage | undefined;
  /** Ends it after the batch at hand. */
  readonly signal?: AbortSignal | undefined;
}

/** A network's logits [N, classes] of images, batch by batch, with the labels [N] of each. */
export async function* logitsOf(
  { tf, forward }: Network,
  images: LabelledImages,
  { change, signal }: LogitsOptions = {},
): AsyncGenerator<{ logits: Float32Array; labels: Int32Array }> {
  for (let start = 0; start < images.count; start += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, images.count - start) }, (_, i) => start + i);
    const changeAt: ChangeImage | undefined = change && ((pixels, place) => change(pixels, start + place));
    const { pixels, shape, labels } = readBatch(images, indices, changeAt);
    const logits = tf.tidy(() => forward(tf.tensor4d(pixels, shape)).dataSync() as Float32Array);
    yield { logits, labels };
    // Lets a Ctrl-C in: the native library holds the thread while it computes.
    await new Promise(setImmediate);
    if (signal?.aborted) return;
  }
}
