import { describe, expect, it } from 'vitest';
import { chain, checkParity, combinations, tf } from '../../../../test/convert/parity.js';

const NO_TRANSPOSE = expect.not.arrayContaining(['Transpose']);

describe('Conv2D', () => {
  it('agrees by hand: a 2×2 kernel over a 3×3 image', async () => {
    const layer = tf.layers.conv2d({ filters: 1, kernelSize: 2, useBias: true });
    const model = chain([3, 3, 1], layer);
    layer.setWeights([tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]), tf.tensor1d([0.5])]);
    let next = 0;
    const { converted } = await checkParity(model, { keepWeights: true, batchSize: 1, input: () => next++ });
    expect([...converted.graph.constants.values()].map((constant) => [...constant.data])).toEqual([
      [1, 2, 3, 4],
      [0.5],
    ]);
    // 0·1 + 1·2 + 3·3 + 4·4 + 0.5 = 27.5 stands first in tfjs too.
    const first = (
      model.predict(tf.tensor([0, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 3, 1])) as tf.Tensor
    ).dataSync()[0];
    expect(first).toBe(27.5);
  });

  it.each(
    combinations({
      padding: ['valid', 'same'] as const,
      strides: [1, 2, 3],
      kernelSize: [1, 2, 3, [2, 3]] as const,
      size: [6, 7],
    }),
  )(
    'padding $padding, strides $strides, kernel $kernelSize, size $size',
    async ({ padding, strides, kernelSize, size }) => {
      const layer = tf.layers.conv2d({
        filters: 3,
        kernelSize: kernelSize as number,
        padding,
        strides,
        activation: 'relu',
      });
      const { ops } = await checkParity(chain([size, size + 1, 2], layer));
      expect(ops).toEqual(NO_TRANSPOSE);
    },
  );

  it.each(
    combinations({
      padding: ['valid', 'same'] as const,
      dilationRate: [1, 2, [1, 3]] as const,
      useBias: [true, false],
      dataFormat: ['channelsLast', 'channelsFirst'] as const,
      activation: ['linear', 'tanh', 'softmax'] as const,
    }),
  )('$padding dilation $dilationRate bias $useBias $dataFormat $activation', async (settings) => {
    const shape = settings.dataFormat === 'channelsFirst' ? [2, 9, 8] : [9, 8, 2];
    const layer = tf.layers.conv2d({ filters: 3, kernelSize: 3, ...settings } as never);
    const { ops } = await checkParity(chain(shape, layer));
    expect(ops).toEqual(NO_TRANSPOSE);
  });

  it('takes images whose size only a run decides', async () => {
    const settings = { filters: 2, kernelSize: 3, padding: 'same' } as const;
    const model = chain(
      [null, null, 2],
      tf.layers.conv2d({ ...settings, strides: 2 }),
      tf.layers.conv2d(settings),
    );
    const { converted } = await checkParity(model);
    expect(converted.inputs[0]!.shape).toEqual(['N', 2, 'input_dim1', 'input_dim2']);
  });

  it('refuses what tfjs does not compute, and an input smaller than the kernel', async () => {
    const causal = chain([5, 5, 1], tf.layers.conv2d({ filters: 1, kernelSize: 2, padding: 'causal' }));
    await expect(checkParity(causal)).rejects.toThrow(
      /conv2d.*\(Conv2D\): tfjs itself does not implement causal/,
    );
  });
});

it.each(
  combinations({
    padding: ['valid', 'same'] as const,
    strides: [1, 2],
    dilationRate: [1],
    length: [7, 8],
    useBias: [true, false],
  }),
)('Conv1D: %o', async ({ length, ...settings }) => {
  await checkParity(
    chain([length, 3], tf.layers.conv1d({ filters: 4, kernelSize: 3, activation: 'elu', ...settings })),
  );
});

it('Conv1D: dilation', async () => {
  await checkParity(
    chain([9, 3], tf.layers.conv1d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: 'same' })),
  );
});

it.each(
  combinations({
    padding: ['valid', 'same'] as const,
    strides: [1, 2],
    dataFormat: ['channelsLast', 'channelsFirst'] as const,
  }),
)('Conv3D: %o', async (settings) => {
  const shape = settings.dataFormat === 'channelsFirst' ? [2, 5, 6, 4] : [5, 6, 4, 2];
  const { ops } = await checkParity(
    chain(shape, tf.layers.conv3d({ filters: 3, kernelSize: [2, 3, 2], ...settings })),
  );
  expect(ops).toEqual(NO_TRANSPOSE);
});

it.each(
  combinations({
    padding: ['valid', 'same'] as const,
    strides: [1, 2, 3],
    kernelSize: [1, 2, 3, 4],
    dataFormat: ['channelsLast', 'channelsFirst'] as const,
  }),
)('Conv2DTranspose: %o', async (settings) => {
  const shape = settings.dataFormat === 'channelsFirst' ? [2, 4, 5] : [4, 5, 2];
  const { ops } = await checkParity(chain(shape, tf.layers.conv2dTranspose({ filters: 3, ...settings })));
  expect(ops).toEqual(NO_TRANSPOSE);
});

it.each(combinations({ padding: ['valid', 'same'] as const, strides: [1, 2], kernelSize: [2, 3] }))(
  'Conv3DTranspose: %o',
  async (settings) => {
    await checkParity(chain([3, 4, 3, 2], tf.layers.conv3dTranspose({ filters: 2, ...settings })));
  },
);

it.each(
  combinations({
    padding: ['valid', 'same'] as const,
    strides: [1, 2],
    depthMultiplier: [1, 2],
    useBias: [true, false],
    dataFormat: ['channelsLast', 'channelsFirst'] as const,
  }),
)('DepthwiseConv2D: %o', async (settings) => {
  const shape = settings.dataFormat === 'channelsFirst' ? [3, 6, 7] : [6, 7, 3];
  const { ops } = await checkParity(chain(shape, tf.layers.depthwiseConv2d({ kernelSize: 3, ...settings })));
  expect(ops).toEqual(NO_TRANSPOSE);
});

it('DepthwiseConv2D: a dilation rate is ignored, as in tfjs', async () => {
  await checkParity(chain([7, 7, 2], tf.layers.depthwiseConv2d({ kernelSize: 3, dilationRate: 2 })));
});

it.each(
  combinations({
    padding: ['valid', 'same'] as const,
    strides: [1, 2],
    depthMultiplier: [1, 2],
    useBias: [true, false],
    activation: ['relu', 'softmax'] as const,
  }),
)('SeparableConv2D: %o', async (settings) => {
  const { ops } = await checkParity(
    chain([6, 7, 3], tf.layers.separableConv2d({ filters: 4, kernelSize: 3, ...settings })),
  );
  expect(ops).toEqual(NO_TRANSPOSE);
});

it('SeparableConv2D: channels first', async () => {
  const settings = { filters: 4, kernelSize: 3, dataFormat: 'channelsFirst', activation: 'softmax' } as const;
  await checkParity(chain([3, 6, 7], tf.layers.separableConv2d({ ...settings, useBias: false })));
  await expect(checkParity(chain([3, 6, 7], tf.layers.separableConv2d(settings)))).rejects.toThrow(
    /wrong axis/,
  );
});
