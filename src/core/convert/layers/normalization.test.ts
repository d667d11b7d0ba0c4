import { describe, expect, it } from 'vitest';
import { convertLayer, refusalOf } from '../../../../test/convert/layer.js';
import { chain, checkParity, combinations, tf } from '../../../../test/convert/parity.js';

const conv = (settings = {}) => tf.layers.conv2d({ filters: 3, kernelSize: 2, ...settings });
const relu = () => tf.layers.activation({ activation: 'relu' });

describe('BatchNormalization', () => {
  it.each(combinations({ scale: [true, false], center: [true, false], epsilon: [1e-3, 0.1] }))(
    '%o',
    async (settings) => {
      for (const optimize of [true, false]) {
        await checkParity(chain([5, 4, 2], conv(), relu(), tf.layers.batchNormalization(settings)), {
          optimize,
        });
        await checkParity(chain([6], tf.layers.batchNormalization(settings)), { optimize });
      }
    },
  );

  it('of sequences, whose channels stay last', async () => {
    await checkParity(chain([5, 3], tf.layers.batchNormalization()));
    await checkParity(
      chain([5, 3], tf.layers.conv1d({ filters: 2, kernelSize: 2 }), tf.layers.batchNormalization()),
    );
  });

  // tfjs's CPU backend takes the parameters for those of the last axis, whatever the axis is; its other
  // backends do not. The truth is worked out with the axis moved last.
  it.each([1, 2, -2])('over axis %i of an image', async (axis) => {
    const swapped = axis === 1 ? [0, 3, 2, 1] : [0, 1, 3, 2];
    // A pool of one pixel makes the second an image in the graph.
    for (const before of [[], [tf.layers.maxPooling2d({ poolSize: 1 })]]) {
      const layer = tf.layers.batchNormalization({ axis });
      const expected = ([x]: tf.Tensor[]) => {
        const [gamma, beta, mean, variance] = layer.getWeights() as tf.Tensor1D[];
        const last = tf.transpose(x!, swapped) as tf.Tensor4D;
        return tf.transpose(tf.batchNorm(last, mean!, variance!, beta!, gamma!, 1e-3), swapped);
      };
      await checkParity(chain([4, 3, 2], ...before, layer), { expected });
    }
  });

  it('is folded into the convolution, transposed convolution or dense layer before it', async () => {
    const bn = () => tf.layers.batchNormalization();
    const models = [
      [chain([5, 4, 2], conv(), bn(), relu()), 'Conv Relu'],
      [chain([5, 4, 2], conv({ useBias: false }), bn()), 'Conv'],
      [chain([5, 4, 2], tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }), bn()), 'Conv'],
      [chain([5, 4, 2], tf.layers.conv2dTranspose({ kernelSize: 2, filters: 3 }), bn()), 'ConvTranspose'],
      [chain([6], tf.layers.dense({ units: 4 }), bn(), relu()), 'Gemm Relu'],
    ] as const;
    for (const [model, expected] of models) {
      expect((await checkParity(model)).ops.join(' ')).toBe(expected);
      expect((await checkParity(model, { optimize: false })).ops).toContain('BatchNormalization');
    }
  });

  it('is folded into the dense layer after it where there is none before it', async () => {
    const { ops } = await checkParity(
      chain([6], tf.layers.batchNormalization(), tf.layers.dense({ units: 4, useBias: false })),
    );
    expect(ops).toEqual(['Gemm']);
    const afterRelu = [
      conv(),
      relu(),
      tf.layers.flatten(),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 2 }),
    ];
    expect((await checkParity(chain([5, 4, 2], ...afterRelu))).ops).toEqual([
      'Conv',
      'Relu',
      'Flatten',
      'Gemm',
    ]);
  });

  it('is not folded into a convolution whose result others take too', async () => {
    const input = tf.input({ shape: [5, 4, 2] });
    const x = conv().apply(input) as tf.SymbolicTensor;
    const y = tf.layers.batchNormalization().apply(x) as tf.SymbolicTensor;
    const { ops } = await checkParity(tf.model({ inputs: input, outputs: [x, y] }));
    expect(ops).toEqual(['Conv', 'BatchNormalization']);
  });

  it('folded into a shared convolution leaves its other use alone', async () => {
    const input = tf.input({ shape: [5, 4, 2] });
    const shared = conv();
    const normalized = tf.layers.batchNormalization().apply(shared.apply(input)) as tf.SymbolicTensor;
    const plain = shared.apply(relu().apply(input)) as tf.SymbolicTensor;
    const { ops } = await checkParity(tf.model({ inputs: input, outputs: [normalized, plain] }));
    expect(ops).not.toContain('BatchNormalization');
  });
});

describe('LayerNormalization', () => {
  it.each(combinations({ scale: [true, false], center: [true, false], epsilon: [1e-3, 0.1] }))(
    '%o',
    async (settings) => {
      await checkParity(chain([6], tf.layers.layerNormalization(settings)));
      await checkParity(chain([4, 6], tf.layers.layerNormalization(settings)));
    },
  );

  it.each([-1, 1, [1, 2], [1, 2, 3], [2, 3]].map((axis) => ({ axis })))(
    'over $axis of an image',
    async ({ axis }) => {
      await checkParity(chain([4, 5, 3], tf.layers.layerNormalization({ axis })));
    },
  );

  it('over the channels of a convolution needs no Transpose', async () => {
    const { ops } = await checkParity(chain([5, 4, 2], conv(), tf.layers.layerNormalization(), conv()));
    expect(ops).not.toContain('Transpose');
  });
});

describe('what cannot be normalized is refused with the reason', () => {
  const image = { shape: ['N', 3, 5, 4], layout: 'NCHW' } as const;

  it.each<[Parameters<typeof convertLayer>, string]>([
    [['BatchNormalization', { axis: 1 }, [['N', 'T', 3]]], 'it needs to know the size of its axis'],
    [['LayerNormalization', { axis: [1] }, [['N', 'T', 3]]], 'it needs to know the sizes of its axes'],
    [
      ['LayerNormalization', { axis: [2, 3] }, [image]],
      'the order of its axes changes with the layout of the graph',
    ],
    [
      ['LayerNormalization', { axis: [2, 1] }, [['N', 5, 4]]],
      'the order of its axes changes with the layout of the graph',
    ],
    [
      ['LayerNormalization', { axis: [-1] }, [['N', 3]]],
      "the model's weights do not fit its topology: layer/gamma is missing",
    ],
  ])('%j', (given, reason) => {
    expect(refusalOf(...given)).toBe(reason);
  });

  const weights = (...shape: number[]) => ({ gamma: shape, beta: shape });

  it.each<[number[], Parameters<typeof convertLayer>[2][0], number[], number | undefined]>([
    [[-1], ['N', 5, 4], [4], -1],
    [[2], ['N', 5, 4], [4], -1],
    [[1, 2], ['N', 5, 4], [5, 4], -2],
    [[1, 2], image, [5, 4], -2],
    [[1], ['N', 5, 4], [5], undefined],
    [[3], image, [3], undefined],
    [[1, 3], ['N', 5, 4, 3], [5, 3], undefined],
  ])('over %j of %j it is the operator where those are the last', (axis, input, shape, first) => {
    const { ops, nodes, output } = convertLayer('LayerNormalization', { axis }, [input], weights(...shape));
    expect(output.shape).toEqual('shape' in input ? input.shape : input);
    if (first !== undefined) {
      expect(nodes).toMatchObject([{ op: 'LayerNormalization', attributes: { axis: { int: first } } }]);
      return;
    }
    expect(ops).toEqual(['ReduceMean', 'Sub', 'Mul', 'ReduceMean', 'Add', 'Sqrt', 'Div', 'Mul', 'Add']);
    const means = nodes.filter(({ op }) => op === 'ReduceMean');
    expect(means.map(({ attributes }) => attributes)).toEqual(new Array(2).fill({ keepdims: { int: 1 } }));
  });
});
