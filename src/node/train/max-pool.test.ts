import type { layers, Tensor } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { maxPool } from './max-pool.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

test.each([
  { side: 8, poolSize: 2, padding: 'valid' as const },
  { side: 7, poolSize: 2, padding: 'valid' as const },
  { side: 7, poolSize: 2, padding: 'same' as const },
  { side: 9, poolSize: 3, strides: 2, padding: 'valid' as const },
  { side: 8, poolSize: 2, padding: 'valid' as const, dataFormat: 'channelsFirst' as const },
])(
  'values and gradients are tfjs’s own, to the last bit, equal values included: %j',
  ({ side, ...config }) => {
    tf.tidy(() => {
      // Few different values, so that most windows have their maximum several times.
      const x = tf.floor(tf.randomUniform([3, side, side, 4], 0, 3, 'float32', 1)) as Tensor;
      const layer = tf.layers.maxPooling2d({ ...config, inputShape: [side, side, 4] });
      const measure = (apply: (layer: layers.Layer, x: Tensor) => Tensor) => {
        const y = apply(layer, x);
        const weight = tf.randomNormal(y.shape, 0, 1, 'float32', 2);
        const gradient = tf.grad((input: Tensor) => tf.sum(tf.mul(apply(layer, input), weight)).asScalar());
        return [[...y.dataSync()], [...gradient(x).dataSync()]];
      };
      const theirs = measure((l, input) => l.apply(input) as Tensor);
      expect(measure((l, input) => maxPool(tf, l, input))).toEqual(theirs);
    });
  },
);
