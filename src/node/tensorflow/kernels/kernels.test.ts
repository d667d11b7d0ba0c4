import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TensorFlow } from '../native.js';
import { loadWasm } from '../wasm.js';

let tf: TensorFlow;
let warnings: unknown[][];

beforeAll(async () => {
  const warn = vi.spyOn(console, 'warn');
  ({ tf } = await loadWasm());
  warnings = [...warn.mock.calls];
  warn.mockRestore();
  // Without the CPU backend's advice to use another; with a check for leaked memory after each kernel.
  tf.env().set('IS_TEST', true);
});

it('the kernels take the place of the backend’s own without a word', () => {
  expect(warnings).toEqual([]);
});

/** Runs `work` on both backends; true values within `atol` of each other. */
async function expectSameAsCpu(work: () => Tensor[], atol = 1e-4): Promise<void> {
  const results: { shape: number[]; values: Float32Array }[][] = [];
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const tensors = tf.tidy(work);
    results.push(tensors.map((t) => ({ shape: t.shape, values: t.dataSync() as Float32Array })));
    tf.dispose(tensors);
  }
  const [cpu, wasm] = results;
  wasm!.forEach(({ shape, values }, i) => {
    expect(shape).toEqual(cpu![i]!.shape);
    const difference = values.reduce((max, v, k) => Math.max(max, Math.abs(v - cpu![i]!.values[k]!)), 0);
    expect(difference).toBeLessThanOrEqual(atol);
  });
}

/** Reproducible values without ties; `tf.randomNormal` with a seed is the same on every backend. */
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

const convolutions = [
  { input: [2, 8, 8, 3], kernel: [3, 3, 3, 4], strides: 1, pad: 'valid' },
  { input: [2, 8, 8, 3], kernel: [3, 3, 3, 4], strides: 1, pad: 'same' },
  { input: [3, 7, 9, 2], kernel: [3, 2, 2, 5], strides: 2, pad: 'valid' },
  { input: [3, 8, 7, 2], kernel: [2, 3, 2, 5], strides: 2, pad: 'same' },
  { input: [1, 11, 8, 1], kernel: [4, 1, 1, 2], strides: [3, 2], pad: 'same' },
  { input: [2, 5, 5, 2], kernel: [5, 5, 2, 3], strides: 1, pad: 'valid' },
  { input: [2, 6, 6, 2], kernel: [1, 1, 2, 3], strides: 2, pad: 'valid' },
  { input: [2, 7, 7, 2], kernel: [3, 3, 2, 3], strides: 2, pad: 1 },
  { input: [2, 7, 6, 2], kernel: [2, 2, 2, 3], strides: 1, pad: 2 },
  // Enough filters for vectors of them, with some left over; likewise what a row of the kernel meets.
  { input: [2, 8, 7, 3], kernel: [3, 3, 3, 19], strides: 1, pad: 'same' },
  { input: [3, 9, 8, 5], kernel: [2, 3, 5, 8], strides: 2, pad: 'valid' },
  // What a row of the kernel meets is long enough to pass over zeros.
  { input: [2, 8, 8, 13], kernel: [3, 3, 13, 4], strides: 1, pad: 'same' },
  { input: [2, 7, 8, 16], kernel: [3, 2, 16, 8], strides: 2, pad: 'valid' },
] as const;

describe('gradients of conv2d on WASM agree with the CPU backend', () => {
  it.each(convolutions)(
    '$input by $kernel, strides $strides, pad $pad',
    async ({ input, kernel, strides, pad }) => {
      await expectSameAsCpu(() => {
        const forward = (x: Tensor, k: Tensor) =>
          tf.conv2d(
            x as Tensor4D,
            k as Tensor4D,
            strides as number,
            pad as number,
            'NHWC',
            1,
            pad === 1 || pad === 2 ? 'floor' : undefined,
          );
        const [x, k] = [random([...input], 1), random([...kernel], 2)];
        const dy = random(forward(x, k).shape, 3);
        // Few of it are left, as behind max-pooling.
        const sparse = dy.mul(tf.greater(dy, 1));
        return [...tf.grads(forward)([x, k], dy), ...tf.grads(forward)([x, k], sparse)];
      });
    },
  );
});

describe('conv2d on WASM agrees with the CPU backend', () => {
  it.each([
    ...convolutions,
    { input: [2, 9, 7, 3], kernel: [3, 3, 3, 8], strides: 1, pad: 'same' },
    { input: [3, 8, 9, 2], kernel: [2, 3, 2, 16], strides: 2, pad: 'valid' },
    { input: [1, 1, 1, 2], kernel: [1, 1, 2, 8], strides: 1, pad: 'valid' },
  ] as const)('$input by $kernel, strides $strides, pad $pad', async ({ input, kernel, strides, pad }) => {
    await expectSameAsCpu(() => {
      const x = random([...input], 1) as Tensor4D;
      const filter = random([...kernel], 2) as Tensor4D;
      const options = { x, filter, strides: strides as number, pad: pad as number };
      const rounded = pad === 1 || pad === 2 ? ({ dimRoundingMode: 'floor' } as const) : {};
      const bias = random([kernel[3]], 3);
      return [
        tf.conv2d(x, filter, strides as number, pad as number, 'NHWC', 1, rounded.dimRoundingMode),
        tf.fused.conv2d({ ...options, ...rounded, bias }),
        tf.fused.conv2d({ ...options, ...rounded, bias, activation: 'relu' }),
      ];
    });
  });

  it('refuses a bias that is not one number a filter, as the backend does', async () => {
    await tf.setBackend('wasm');
    const [x, filter] = [random([1, 4, 4, 1], 1) as Tensor4D, random([2, 2, 1, 8], 2) as Tensor4D];
    for (const bias of [tf.scalar(0.5), tf.tensor1d([0.5])])
      expect(() => tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', bias })).toThrow('bias');
  });

  it('dilated', async () => {
    await expectSameAsCpu(() => {
      const [x, filter] = [random([2, 9, 9, 3], 1) as Tensor4D, random([3, 3, 3, 8], 2) as Tensor4D];
      return [tf.conv2d(x, filter, 1, 'same', 'NHWC', 2), tf.conv2d(x, filter, 1, 'same', 'NHWC', [1, 2])];
    });
  });
});

describe('sums on WASM agree with the CPU backend', () => {
  it.each([
    [[5, 3, 2, 7], [0, 1, 2], false],
    [[300, 9], [0], false],
    [[300, 9], [0], true],
    [[5, 3, 8], [1, 0], true],
    [[5, 3, 8], [1, 2], false],
    [[5, 3, 8], [0, 2], false],
    [[5, 3, 8], [2], true],
    [[5], [0], false],
    [[5], [], false],
    [[0, 4], [0], false],
    [[3, 0], [0], false],
    [[], [], false],
  ] as const)('of %j over %j, axes kept %j', async (shape, axes, keepDims) => {
    await expectSameAsCpu(() => [tf.sum(random([...shape], 1), [...axes], keepDims)]);
  });

  it('of integers and of booleans', async () => {
    await expectSameAsCpu(() => {
      const integers = tf.tensor2d([1, -2, 3, 40, 50, 60], [2, 3], 'int32');
      return [tf.sum(integers, 0), tf.sum(tf.greater(integers, 2), 0)];
    });
  });
});

it('a clone on WASM outlives its tensor, and no longer takes memory than it is there', async () => {
  await tf.setBackend('wasm');
  const before = tf.memory().numBytes;
  const tensor = tf.tensor1d([1, 2, 3]);
  const clone = tf.clone(tensor);
  tensor.dispose();
  tf.tensor1d([4, 5, 6]).dispose();
  expect([...clone.dataSync()]).toEqual([1, 2, 3]);
  clone.dispose();
  expect(tf.memory().numBytes).toBe(before);
});

describe('gradients of depthwiseConv2d on WASM agree with the CPU backend', () => {
  it.each([
    { input: [2, 8, 8, 3], kernel: [3, 3, 3, 1], strides: 1, pad: 'same' },
    { input: [2, 7, 9, 3], kernel: [3, 2, 3, 2], strides: 1, pad: 'valid' },
    { input: [2, 9, 8, 2], kernel: [3, 3, 2, 3], strides: 2, pad: 'same' },
    { input: [1, 8, 7, 2], kernel: [2, 3, 2, 1], strides: 2, pad: 'valid' },
    // Places of the kernel that meet nothing of the image.
    { input: [1, 1, 1, 2], kernel: [5, 5, 2, 1], strides: 1, pad: 'same' },
    { input: [2, 2, 2, 2], kernel: [7, 7, 2, 2], strides: 1, pad: 'same' },
    { input: [1, 2, 5, 1], kernel: [7, 3, 1, 1], strides: 2, pad: 'same' },
    { input: [1, 9, 7, 2], kernel: [3, 2, 2, 2], strides: [3, 2], pad: 'valid' },
    { input: [1, 5, 7, 2], kernel: [2, 3, 2, 1], strides: [1, 2], pad: 'same' },
  ] as const)('$input by $kernel, strides $strides, pad $pad', async ({ input, kernel, strides, pad }) => {
    await expectSameAsCpu(() => {
      const forward = (x: Tensor, k: Tensor) =>
        tf.depthwiseConv2d(x as Tensor4D, k as Tensor4D, strides as number, pad);
      const [x, k] = [random([...input], 1), random([...kernel], 2)];
      return tf.grads(forward)([x, k], random(forward(x, k).shape, 3));
    });
  });
});

describe('gradients of pooling on WASM agree with the CPU backend', () => {
  it.each([
    { input: [2, 8, 8, 3], size: 2, strides: 2, pad: 'valid' },
    { input: [2, 7, 9, 3], size: 2, strides: 2, pad: 'valid' },
    { input: [2, 7, 9, 3], size: 2, strides: 2, pad: 'same' },
    { input: [1, 7, 7, 2], size: 3, strides: 2, pad: 'same' },
    { input: [1, 6, 7, 2], size: [3, 2], strides: [1, 2], pad: 'valid' },
    { input: [2, 7, 9, 9], size: 3, strides: 2, pad: 'same' },
    // With a pad above and none at the left, and the other way round.
    { input: [1, 5, 6, 2], size: [3, 1], strides: 1, pad: 'same' },
    { input: [1, 5, 6, 2], size: [1, 3], strides: 1, pad: 'same' },
  ] as const)('$input, size $size, strides $strides, pad $pad', async ({ input, size, strides, pad }) => {
    for (const pool of [tf.maxPool, tf.avgPool]) {
      await expectSameAsCpu(() => {
        const forward = (x: Tensor) => pool(x as Tensor4D, size as number, strides as number, pad);
        const x = random([...input], 1);
        return [tf.grad(forward)(x, random(forward(x).shape, 2))];
      });
    }
  });

  it('sends the gradient of equal values to the first of them alone', async () => {
    await tf.setBackend('wasm');
    const gradient = tf.grad((x) => tf.maxPool(x as Tensor4D, 2, 2, 'valid'))(tf.zeros([1, 2, 2, 5]));
    expect([...gradient.dataSync()]).toEqual([...Array(5).fill(1), ...Array(15).fill(0)]);
  });
});

describe('matrix products with transposed factors on WASM agree with the CPU backend', () => {
  it.each([
    [[3, 4], [5, 4], false, true],
    [[4, 3], [4, 5], true, false],
    [[4, 3], [5, 4], true, true],
    [[2, 4, 3], [2, 5, 4], true, true],
    [[2, 3, 4], [1, 5, 4], false, true],
    // Rows and columns beyond whole groups of them.
    [[30, 9], [21, 9], false, true],
    [[17, 30], [17, 19], true, false],
    [[1, 6, 30], [9, 6], true, true],
    [[6, 30], [1, 9, 6], true, true],
    [[6, 30], [3, 9, 6], true, true],
  ] as const)('%j by %j, transposed %j and %j', async (a, b, transposeA, transposeB) => {
    await expectSameAsCpu(() => [tf.matMul(random([...a], 1), random([...b], 2), transposeA, transposeB)]);
  });
});

describe('training on WASM', () => {
  it('fits a model with every layer that the trainer uses, without leaking tensors', async () => {
    await tf.setBackend('wasm');
    // The check of each kernel takes the tensors that a fused op saves for its gradient for a leak.
    tf.env().set('IS_TEST', false);
    const { layers } = tf;
    const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
    const model = tf.sequential({
      layers: [
        layers.conv2d({
          inputShape: [12, 12, 1],
          filters: 4,
          kernelSize: 3,
          useBias: false,
          kernelInitializer: seeded(1),
        }),
        layers.batchNormalization(),
        layers.activation({ activation: 'relu' }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.depthwiseConv2d({
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          depthwiseInitializer: seeded(2),
        }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.dropout({ rate: 0.2, seed: 1 }),
        layers.flatten(),
        layers.dense({ units: 10, activation: 'softmax', kernelInitializer: seeded(3) }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });
    const x = random([20, 12, 12, 1], 5);
    const y = tf.oneHot(
      tf.tensor1d(
        [...Array(20).keys()].map((i) => i % 10),
        'int32',
      ),
      10,
    );
    const losses: number[] = [];
    const counts: number[] = [];
    for (let step = 0; step < 60; step++) {
      losses.push((await model.trainOnBatch(x, y)) as number);
      counts.push(tf.memory().numTensors);
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});
