import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import { createRandom, createRandomBits } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { buildModel } from './architectures.js';
import { createForward, drawMask, type MaskSource } from './forward.js';
import { useNativeGradients } from './native-gradients.js';

const spec = { height: 28, width: 28, classCount: 10, dropout: 0.2, seed: 1 };
let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

test('cnn is the network of the table: 225,034 parameters, probabilities of each class', () => {
  const model = buildModel(tf, 'cnn', spec);
  // 3*3*1*32+32 + 3*3*32*64+64 + 1600*128+128 + 128*10+10
  expect(model.countParams()).toBe(225_034);
  expect(model.outputShape).toEqual([null, 10]);
  expect(model.layers.map((layer) => [layer.name, layer.outputShape])).toEqual([
    ['conv1', [null, 26, 26, 32]],
    ['relu1', [null, 26, 26, 32]],
    ['pool1', [null, 13, 13, 32]],
    ['conv2', [null, 11, 11, 64]],
    ['relu2', [null, 11, 11, 64]],
    ['pool2', [null, 5, 5, 64]],
    ['flatten', [null, 1600]],
    ['dropout', [null, 1600]],
    ['dense', [null, 128]],
    ['relu3', [null, 128]],
    ['logits', [null, 10]],
    ['probabilities', [null, 10]],
  ]);
  model.dispose();
});

test('deep is four networks of different kernels, less than 2 MB as float32, whose logits are averaged', () => {
  const model = buildModel(tf, 'deep', spec);
  // K*K*(first*second + ...), 4 of each batch normalization, the dense layer: twice K = 3, then 5, then 7.
  const three = 9 * (16 + 16 * 16 + 16 * 40 + 40 * 40 + 40 * 80 + 80 * 80) + 4 * 2 * (16 + 40 + 80) + 7210;
  const five = 25 * (12 + 12 * 12 + 12 * 28 + 28 * 28 + 28 * 44 + 44 * 44) + 4 * 2 * (12 + 28 + 44) + 3970;
  const seven = 49 * (16 + 16 * 36 + 36 * 44) + 4 * (16 + 36 + 44) + 3970;
  expect(model.countParams()).toBe(2 * three + five + seven);
  expect(4 * model.countParams()).toBeLessThan(2e6);
  expect(model.getLayer('logits').input).toMatchObject(Array(4).fill({ shape: [null, 10] }));
  model.dispose();
});

test('mlp has no convolution', () => {
  const model = buildModel(tf, 'mlp', spec);
  // 784*256+256 + 256*128+128 + 128*10+10
  expect(model.countParams()).toBe(235_146);
  model.dispose();
});

test('the last layer has as many units as there are classes', () => {
  const model = buildModel(tf, 'cnn', { ...spec, classCount: 26 });
  expect(model.outputShape).toEqual([null, 26]);
  model.dispose();
});

test('the first weights depend on the seed alone, and differ between layers', () => {
  const weightsOf = (seed: number) => {
    const model = buildModel(tf, 'cnn', { ...spec, seed });
    const weights = model.getWeights().map((tensor) => [...tensor.dataSync().slice(0, 32)]);
    model.dispose();
    return weights;
  };
  expect(weightsOf(5)).toEqual(weightsOf(5));
  expect(weightsOf(5)).not.toEqual(weightsOf(6));
  expect(weightsOf(5)[0]).not.toEqual(weightsOf(5)[2]);
});

test('the forward pass gives the logits of the model’s probabilities, exactly', () => {
  const model = buildModel(tf, 'cnn', spec);
  const forward = createForward(tf, model);
  tf.tidy(() => {
    const images = tf.randomUniform([4, 28, 28, 1], 0, 1, 'float32', 1);
    const expected = (model.predict(images) as Tensor).dataSync();
    expect(tf.softmax(forward(images)).dataSync()).toEqual(expected);
  });
  model.dispose();
});

test('pooling changes places with ReLU alone', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [9, 9, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.activation({ activation: 'softmax' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.activation({ activation: 'softmax' }),
    ],
  });
  const forward = createForward(tf, model);
  tf.tidy(() => {
    const images = tf.randomUniform([2, 9, 9, 1], 0, 1, 'float32', 1);
    const expected = (model.predict(images) as Tensor).dataSync();
    expect(tf.softmax(forward(images)).dataSync()).toEqual(expected);
  });
  model.dispose();
});

test('the bias of a convolution is not added after a pooling whose channels come first', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1], biasInitializer: 'randomNormal' }),
      tf.layers.maxPooling2d({ poolSize: 2, dataFormat: 'channelsFirst' }),
      tf.layers.activation({ activation: 'softmax' }),
    ],
  });
  const forward = createForward(tf, model);
  tf.tidy(() => {
    const images = tf.randomUniform([2, 8, 8, 1], 0, 1, 'float32', 1);
    const training = forward(images, () => tf.scalar(1));
    expect(training.shape).toEqual([2, 6, 3, 2]);
    const difference = tf.max(tf.abs(tf.sub(training, forward(images)))).dataSync()[0]!;
    expect(difference).toBeLessThan(1e-6);
  });
  model.dispose();
});

test('dropout zeroes its fraction in training, keeps the mean, and does nothing otherwise', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dropout({ rate: 0.25, inputShape: [4000] }),
      tf.layers.activation({ activation: 'softmax' }),
    ],
  });
  const forward = createForward(tf, model);
  const maskOf =
    (seed: number): MaskSource =>
    (spec) =>
      tf.tensor(drawMask(spec, createRandomBits(seed)), [...spec.shape]);
  tf.tidy(() => {
    const ones = tf.ones([1, 4000]);
    const dropped = forward(ones, maskOf(1)).dataSync();
    const zeros = dropped.filter((value) => value === 0).length;
    expect(zeros / 4000).toBeCloseTo(0.25, 1);
    expect(new Set(dropped)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(forward(ones, maskOf(1)).dataSync()).toEqual(dropped);
    expect(forward(ones, maskOf(2)).dataSync()).not.toEqual(dropped);
    expect(new Set(forward(ones).dataSync())).toEqual(new Set([1]));
  });
  model.dispose();
});

test.each([
  { input: [2, 5, 6, 2], kernel: [1, 1, 2, 3], strides: 2, pad: 'same' },
  { input: [2, 5, 6, 2], kernel: [1, 1, 2, 8], strides: [3, 2], pad: 'valid' },
  // Native TensorFlow's own kernels end the process here.
  { input: [35, 26, 26, 3], kernel: [1, 1, 3, 8], strides: 2, pad: 'same' },
  { input: [1, 4, 4, 1], kernel: [1, 1, 1, 2], strides: 1, pad: 'valid' },
  { input: [2, 6, 5, 2], kernel: [2, 1, 2, 3], strides: 2, pad: 'same' },
] as const)(
  'the gradients of convolutions are right on this backend: $kernel, strides $strides, pad $pad',
  async ({ input, kernel, strides, pad }) => {
    useNativeGradients(tf);
    const backend = tf.getBackend();
    const values = (shape: readonly number[]) => {
      const random = createRandom(1);
      return tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random() - 0.5),
        [...shape],
      );
    };
    const gradients = () =>
      tf.tidy(() => {
        const [x, k] = [values(input), values(kernel)];
        return [tf.conv2d, tf.depthwiseConv2d].flatMap((convolve) => {
          const forward = (x: Tensor, k: Tensor) =>
            convolve(x as Tensor4D, k as Tensor4D, strides as number, pad);
          return tf
            .grads(forward)([x, k], values(forward(x, k).shape))
            .map((t) => [...t.dataSync()]);
        });
      });
    const found = gradients();
    await tf.setBackend('cpu');
    const expected = gradients();
    await tf.setBackend(backend);
    for (const [i, gradient] of expected.entries()) {
      expect(found[i]).toHaveLength(gradient.length);
      for (const [k, value] of gradient.entries()) expect(Math.abs(found[i]![k]! - value)).toBeLessThan(1e-3);
    }
  },
);

test('the gradients of ReLU and of biases are right on this backend, with native kernels where there are any', () => {
  useNativeGradients(tf);
  useNativeGradients(tf);
  tf.tidy(() => {
    const x = tf.tensor4d([-1, 2, 3, -4], [2, 1, 1, 2]);
    const bias = tf.tensor1d([0.5, 0.5]);
    const scale = tf.tensor4d([1, 10, 100, 1000], [2, 1, 1, 2]);
    const [dx, db] = tf.grads((a, b) => tf.sum(tf.mul(tf.relu(tf.add(a!, b!)), scale)))([x, bias]);
    expect([...dx!.dataSync()]).toEqual([0, 10, 100, 0]);
    expect([...db!.dataSync()]).toEqual([100, 10]);
    const values = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    expect([...tf.sum(values, 0).dataSync()]).toEqual([9, 12]);
    expect([...tf.sum(values, 1).dataSync()]).toEqual([3, 7, 11]);
    expect(tf.sum(values, 0, true).shape).toEqual([1, 2]);
    expect(tf.sum(values).dataSync()[0]).toBe(21);
    expect(tf.sum(tf.tensor1d([1, 2])).dataSync()[0]).toBe(3);
    expect([...tf.sum(tf.cast(values, 'int32'), 0).dataSync()]).toEqual([9, 12]);
  });
});
