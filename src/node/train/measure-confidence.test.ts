import { beforeAll, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import { generateSynthetic } from '../../core/dataset/synthetic/index.js';
import type { TensorFlow } from '../tensorflow/load.js';
import type { Forward } from './forward.js';
import { measureConfidence } from './measure-confidence.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

test('a signal that comes while a confidence is measured ends it after the batch at hand', async () => {
  const images = generateSynthetic({ seed: 1, count: 1500 });
  const controller = new AbortController();
  let batches = 0;
  const forward: Forward = (x) => {
    // As a signal comes: in a turn of the event loop, and not in the work itself.
    if (++batches === 2) setImmediate(() => controller.abort());
    return tf.zeros([x.shape[0]!, 10]);
  };
  const set = { images, seed: 1, classCount: 10 };
  expect(await measureConfidence({ tf, forward }, set, controller.signal)).toBeUndefined();
  expect(batches).toBeLessThanOrEqual(3);
});
