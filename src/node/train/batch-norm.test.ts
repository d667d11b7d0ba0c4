import type { layers, Tensor, Variable } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { normalizeBatch } from './batch-norm.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

test('one step gives the values, gradients and moving averages of tfjs’s own layer', () => {
  tf.tidy(() => {
    const x = tf.randomNormal([6, 5, 4, 3], 2, 3, 'float32', 1) as Tensor;
    const weight = tf.randomNormal([6, 5, 4, 3], 0, 1, 'float32', 2);
    const measure = (apply: (layer: layers.Layer, x: Tensor) => Tensor) => {
      const layer = tf.layers.batchNormalization({ momentum: 0.9, inputShape: [5, 4, 3] });
      layer.build([null, 5, 4, 3]);
      layer.weights[0]!.write(tf.tensor1d([0.5, 1, 2]));
      layer.weights[1]!.write(tf.tensor1d([-1, 0, 1]));
      const variables = layer.trainableWeights.map((w) => w.read() as Variable);
      const loss = (input: Tensor) => tf.sum(tf.mul(apply(layer, input), weight)).asScalar();
      const toInput = tf.grad(loss)(x);
      const { value, grads } = tf.variableGrads(() => loss(x), variables);
      const gradients = variables.map((variable) => grads[variable.name]!);
      return [value, toInput, ...gradients, ...layer.weights.map((w) => w.read())].map((t) => [
        ...t.dataSync(),
      ]);
    };
    const ours = measure((layer, input) => normalizeBatch(tf, layer, input));
    const theirs = measure((layer, input) => layer.apply(input, { training: true }) as Tensor);
    // The last part is the moving variance, which begins at 1 and is moved twice, by a tenth: by the unbiased variance
    // of the n numbers of a channel where TensorFlow does it, by the biased one where tfjs does.
    const n = tf.getBackend() === 'tensorflow' ? 6 * 5 * 4 : Number.POSITIVE_INFINITY;
    const kept = 0.9 ** 2;
    const moved = (variance: number) => kept + (variance - kept) / (1 - 1 / n);
    const last = theirs.length - 1;
    for (const [part, values] of theirs.entries())
      for (const [i, value] of values.entries())
        expect(
          Math.abs(ours[part]![i]! - (part === last ? moved(value) : value)),
          `part ${part}, value ${i}`,
        ).toBeLessThan(2e-4);
  });
});
