import type { Tensor2D, Variable } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import { NO_CLASS } from '../../core/dataset/dataset.js';
import { createRandom } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { buildModel } from './architectures.js';
import { createLearner } from './learner.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

test('a step follows the gradient that tfjs gives for the same network and loss', () => {
  const spec = { height: 12, width: 12, classCount: 10, dropout: 0, seed: 3 };
  const model = buildModel(tf, 'cnn', spec);
  const random = createRandom(5);
  const pixels = Float32Array.from({ length: 4 * 144 }, random);
  const labels = Int32Array.from([7, 0, NO_CLASS, 3]);

  const expected = tf.tidy(() => {
    const rows = [...labels].map((label) =>
      Array.from({ length: 10 }, (_, k) => (label === NO_CLASS ? 0.1 : k === label ? 0.91 : 0.01)),
    );
    const toLogits = tf.model({ inputs: model.inputs, outputs: model.getLayer('logits').output });
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { grads } = tf.variableGrads(() => {
      const logits = toLogits.apply(tf.tensor4d(pixels, [4, 12, 12, 1]), { training: true }) as Tensor2D;
      return tf.losses.softmaxCrossEntropy(tf.tensor2d(rows), logits);
    }, variables);
    return variables.map(({ name }) => [...grads[name]!.dataSync()]);
  });

  const learner = createLearner(tf, model, { labelSmoothing: 0.1 });
  learner.step({ shape: [4, 12, 12, 1], pixels, labels }, { learningRate: 0.001, dropout: random });
  // After one step Adam's first mean is a tenth of the gradient.
  for (const [i, mean] of learner.adam.m.entries()) {
    const worst = mean.reduce((most, value, k) => Math.max(most, Math.abs(value * 10 - expected[i]![k]!)), 0);
    expect(worst, model.trainableWeights[i]!.name).toBeLessThan(1e-6);
  }
  model.dispose();
});
