import { describe, expect, it } from 'vitest';
import { checkParity, combinations, tf } from '../../../../test/convert/parity.js';

type Merge = 'add' | 'multiply' | 'average' | 'maximum' | 'minimum';
const MERGES: Merge[] = ['add', 'multiply', 'average', 'maximum', 'minimum'];
const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(x) as tf.SymbolicTensor;

function merged(layer: tf.layers.Layer, ...shapes: number[][]): tf.LayersModel {
  const inputs = shapes.map((shape) => tf.input({ shape }));
  return tf.model({ inputs, outputs: apply(layer, inputs) });
}

describe.each(MERGES)('%s', (kind) => {
  it('of two and of three inputs', async () => {
    await checkParity(merged(tf.layers[kind](), [5], [5]));
    await checkParity(merged(tf.layers[kind](), [3, 5], [3, 5], [3, 5]));
  });

  it('broadcasts axes of size 1, and inputs of lower rank after the batch', async () => {
    await checkParity(merged(tf.layers[kind](), [4, 5], [4, 1]));
    await checkParity(merged(tf.layers[kind](), [4, 5], [5]));
    await checkParity(merged(tf.layers[kind](), [3, 4, 5], [5]));
  });

  it('of two branches of an image needs no Transpose', async () => {
    const input = tf.input({ shape: [6, 5, 2] });
    const settings = { filters: 3, kernelSize: 3, padding: 'same' } as const;
    const branches = [1, 2].map(() => apply(tf.layers.conv2d(settings), input));
    const { ops } = await checkParity(
      tf.model({ inputs: input, outputs: apply(tf.layers[kind](), branches) }),
    );
    expect(ops).not.toContain('Transpose');
  });
});

it('scales the channels of an image by a vector (squeeze and excite) without a Transpose', async () => {
  const input = tf.input({ shape: [6, 5, 2] });
  const image = apply(tf.layers.conv2d({ filters: 4, kernelSize: 3 }), input);
  const pooled = apply(tf.layers.globalAveragePooling2d({}), image);
  const gate = apply(tf.layers.dense({ units: 4, activation: 'sigmoid' }), pooled);
  const shaped = apply(tf.layers.reshape({ targetShape: [1, 1, 4] }), gate);
  for (const factor of [shaped, gate]) {
    const model = tf.model({ inputs: input, outputs: apply(tf.layers.multiply(), [image, factor]) });
    expect((await checkParity(model)).ops).not.toContain('Transpose');
  }
});

describe('Concatenate', () => {
  it.each([1, 2, 3, -1])('along axis %i of images', async (axis) => {
    const input = tf.input({ shape: [6, 5, 2] });
    const settings = { filters: 3, kernelSize: 3, padding: 'same' } as const;
    const branches = [1, 2].map(() => apply(tf.layers.conv2d(settings), input));
    const { ops } = await checkParity(
      tf.model({ inputs: input, outputs: apply(tf.layers.concatenate({ axis }), branches) }),
    );
    expect(ops).not.toContain('Transpose');
  });

  it('of vectors and sequences of different sizes', async () => {
    await checkParity(merged(tf.layers.concatenate(), [3], [5], [1]));
    await checkParity(merged(tf.layers.concatenate({ axis: 1 }), [3, 4], [2, 4]));
  });

  it('of flattened images and vectors keeps the order of the features', async () => {
    const inputs = [tf.input({ shape: [4, 4, 2] }), tf.input({ shape: [3] })];
    const image = apply(tf.layers.conv2d({ filters: 3, kernelSize: 2 }), inputs[0]!);
    const flat = apply(tf.layers.flatten(), image);
    const joined = apply(tf.layers.concatenate(), [inputs[1]!, flat, flat]);
    const outputs = apply(tf.layers.dense({ units: 2 }), joined);
    const { ops } = await checkParity(tf.model({ inputs, outputs }));
    expect(ops).toEqual(['Conv', 'Flatten', 'Flatten', 'Concat', 'Gemm'].filter((_, i) => i !== 2));
  });
});

describe('Dot', () => {
  it.each([
    { shapes: [[5], [5]], axes: 1 },
    { shapes: [[5], [5]], axes: -1 },
    { shapes: [[4, 5], [5]], axes: [2, 1] },
    { shapes: [[5, 4], [5]], axes: [1, 1] },
    { shapes: [[5], [4, 5]], axes: [1, 2] },
    { shapes: [[5], [5, 4]], axes: [1, 1] },
    ...combinations({ a: [1, 2], b: [1, 2] }).map(({ a, b }) => ({
      shapes: [a === 1 ? [5, 3] : [3, 5], b === 1 ? [5, 4] : [4, 5]],
      axes: [a, b],
    })),
  ])('$shapes over $axes', async ({ shapes, axes }) => {
    for (const normalize of [false, true]) {
      await checkParity(
        merged(tf.layers.dot({ axes: axes as number, normalize }), ...(shapes as number[][])),
      );
    }
  });
});
