import type { Scalar, SymbolicTensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import { NO_CLASS } from '../../core/dataset/dataset.js';
import { createRandom, createRandomBits } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { buildModel } from './architectures.js';
import { createLearner } from './learner.js';

let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

test.each([
  { arch: 'cnn', columns: ['logits'], atol: 1e-6 },
  // Each column is to be right alone. Batch normalization divides by deviations of few values, which costs digits.
  { arch: 'deep', columns: ['logits_1', 'logits_2', 'logits_3', 'logits_4'], atol: 1e-5 },
] as const)('a step of $arch follows the gradient that tfjs gives for the same loss of $columns', (row) => {
  const spec = { height: 12, width: 12, classCount: 10, dropout: 0, seed: 3 };
  const model = buildModel(tf, row.arch, spec);
  const random = createRandom(5);
  const pixels = Float32Array.from({ length: 4 * 144 }, random);
  const labels = Int32Array.from([7, 0, NO_CLASS, 3]);

  let meanLogits: Float32Array;
  const expected = tf.tidy(() => {
    const rows = [...labels].map((label) =>
      Array.from({ length: 10 }, (_, k) => (label === NO_CLASS ? 0.1 : k === label ? 0.91 : 0.01)),
    );
    const outputs = row.columns.map((name) => model.getLayer(name).output as SymbolicTensor);
    const toLogits = tf.model({ inputs: model.inputs, outputs });
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const { grads } = tf.variableGrads(() => {
      const images = tf.tensor4d(pixels, [4, 12, 12, 1]);
      const logits = [toLogits.apply(images, { training: true })].flat() as Tensor2D[];
      meanLogits = tf.mean(tf.stack(logits), 0).dataSync() as Float32Array;
      return tf.addN(logits.map((of) => tf.losses.softmaxCrossEntropy(tf.tensor2d(rows), of) as Scalar));
    }, variables);
    return variables.map(({ name }) => [...grads[name]!.dataSync()]);
  });

  const learner = createLearner(tf, model, { labelSmoothing: 0.1 });
  const batch = { shape: [4, 12, 12, 1] as [number, number, number, 1], pixels, labels };
  const logits = learner.step(batch, { learningRate: 0.001, dropout: createRandomBits(6) });
  expect(logits).toHaveLength(40);
  for (const [i, logit] of logits.entries()) expect(Math.abs(logit - meanLogits![i]!)).toBeLessThan(1e-4);
  // After one step Adam's first mean is a tenth of the gradient.
  for (const [i, mean] of learner.adam.m.entries()) {
    const worst = mean.reduce((most, value, k) => Math.max(most, Math.abs(value * 10 - expected[i]![k]!)), 0);
    expect(worst, model.trainableWeights[i]!.name).toBeLessThan(row.atol);
  }
  model.dispose();
});
