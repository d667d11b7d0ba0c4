import { describe, expect, it } from 'vitest';
import { convertLayer, refusalOf } from '../../../../test/convert/layer.js';
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

describe('what cannot be merged is refused with the reason', () => {
  const image = { shape: ['N', 3, 5, 4], layout: 'NCHW' } as const;

  it.each<[Parameters<typeof convertLayer>, string]>([
    [['Add', {}, [['N', 2]]], 'it merges fewer than two inputs'],
    [
      [
        'Add',
        {},
        [
          ['N', 2],
          ['N', 3],
        ],
      ],
      'its inputs do not fit each other: [N,2], [N,3]',
    ],
    [
      ['Maximum', {}, [image, { shape: ['N', 2, 5, 4], layout: 'NCHW' }]],
      'its inputs do not fit each other: [N,5,4,3], [N,5,4,2]',
    ],
    [['Concatenate', {}, [['N', 2]]], 'it joins fewer than two inputs'],
    [
      [
        'Concatenate',
        { axis: -2 },
        [
          ['N', 2],
          ['N', 2],
        ],
      ],
      'tfjs takes every negative axis for the last one; write it positive',
    ],
    [['Dot', { axes: 1 }, [['N', 2]]], 'it takes two inputs'],
    [
      [
        'Dot',
        { axes: 1 },
        [
          ['N', 2],
          ['N', 2],
          ['N', 2],
        ],
      ],
      'it takes two inputs',
    ],
    [
      [
        'Dot',
        { axes: 1 },
        [
          ['N', 2],
          ['N', 2, 3, 4],
        ],
      ],
      'tfjs itself has Dot for 2D and 3D inputs only',
    ],
    [['Dot', { axes: 1 }, [['N'], ['N', 2]]], 'tfjs itself has Dot for 2D and 3D inputs only'],
    [
      [
        'Dot',
        { axes: [0, 1] },
        [
          ['N', 2],
          ['N', 2],
        ],
      ],
      "its axes are not among its inputs'",
    ],
    [
      [
        'Dot',
        { axes: [1, 2] },
        [
          ['N', 2],
          ['N', 2],
        ],
      ],
      "its axes are not among its inputs'",
    ],
    [
      [
        'Dot',
        { axes: [1, -2] },
        [
          ['N', 2],
          ['N', 2],
        ],
      ],
      "its axes are not among its inputs'",
    ],
  ])('%j', (given, reason) => {
    expect(refusalOf(...given)).toBe(reason);
  });

  it.each<[Parameters<typeof convertLayer>[2], unknown[]]>([
    [
      [
        ['N', 'T', 3],
        ['N', 4, 3],
      ],
      ['N', 4, 3],
    ],
    [
      [
        ['N', 'T', 3],
        ['N', 1, 3],
      ],
      ['N', 'T', 3],
    ],
    [
      [
        ['N', 1],
        ['N', 1],
      ],
      ['N', 1],
    ],
    [
      [
        [1, 2],
        ['N', 2],
      ],
      ['N', 2],
    ],
  ])('of %j the sizes are told as far as they are known', (inputs, shape) => {
    expect(convertLayer('Add', {}, inputs).output.shape).toEqual(shape);
    expect(convertLayer('Minimum', {}, inputs).output.shape).toEqual(shape);
  });

  it('sizes that are not known are joined to one that is not', () => {
    const joined = (...sizes: (number | string)[]) =>
      convertLayer(
        'Concatenate',
        { axis: 1 },
        sizes.map((size) => ['N', size, 3] as const),
      ).output.shape;
    expect(joined(2, 5)).toEqual(['N', 7, 3]);
    for (const sizes of [
      ['T', 2],
      [2, 'T'],
      ['T', 'U'],
    ])
      expect(joined(...sizes)).toEqual(['N', 'layer_dim1', 3]);
  });

  it('where the layouts differ, channels stand second in all if they do in any; else all are plain', () => {
    const order = { order: Uint32Array.of(1, 0) };
    const mixed = convertLayer('Add', {}, [image, ['N', 5, 4, 3]]);
    expect([mixed.ops, mixed.output.layout, mixed.output.shape]).toEqual([
      ['Transpose', 'Add'],
      'NCHW',
      ['N', 3, 5, 4],
    ]);
    const vectors = [{ shape: ['N', 2], layout: order }, ['N', 2]] as const;
    expect(convertLayer('Add', {}, vectors)).toMatchObject({
      ops: ['Gather', 'Add'],
      output: { layout: 'plain' },
    });
    // Features that are joined keep their orders, unless something else is joined than they.
    expect(convertLayer('Concatenate', {}, vectors).output.layout).toEqual({
      order: Uint32Array.of(1, 0, 2, 3),
    });
    expect(convertLayer('Concatenate', { axis: 1 }, vectors).ops).toEqual(['Concat']);
    expect(
      convertLayer('Concatenate', {}, [
        ['N', 2],
        ['N', 3],
      ]).output.layout,
    ).toBe('plain');
    expect(convertLayer('Concatenate', { axis: 0 }, vectors).ops).toEqual(['Gather', 'Concat']);
  });

  it('sums and norms keep their axis', () => {
    const { nodes, output } = convertLayer('Dot', { axes: 1, normalize: true }, [
      ['N', 5],
      ['N', 5],
    ]);
    expect(output.shape).toEqual(['N', 1]);
    const sums = nodes.filter(({ op }) => op === 'ReduceSum');
    expect(sums.map(({ attributes }) => attributes)).toEqual(new Array(3).fill({ keepdims: { int: 1 } }));
  });
});
