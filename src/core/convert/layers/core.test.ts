import { describe, expect, it } from 'vitest';
import { chain, checkParity, combinations, tf } from '../../../../test/convert/parity.js';

const conv = () => tf.layers.conv2d({ filters: 3, kernelSize: 2 });
const dense = (units = 2) => tf.layers.dense({ units });

describe('Dense', () => {
  it.each(
    combinations({
      useBias: [true, false],
      shape: [[5], [4, 5], [3, 4, 5]],
      activation: ['relu', 'softmax'] as const,
    }),
  )('%o', async ({ shape, ...settings }) => {
    await checkParity(chain(shape, tf.layers.dense({ units: 3, ...settings })));
  });

  it('on the channels of an image is a 1×1 convolution', async () => {
    const { ops } = await checkParity(chain([5, 4, 2], conv(), dense(), conv()));
    expect(ops).toEqual(['Conv', 'Conv', 'Conv']);
  });
});

describe('Flatten', () => {
  it('by hand: the dense kernel rows of a 1×2×2 image go from H,W,C to C,H,W', async () => {
    const layer = tf.layers.dense({ units: 1, useBias: false });
    const model = chain([1, 2, 2], tf.layers.averagePooling2d({ poolSize: 1 }), tf.layers.flatten(), layer);
    layer.setWeights([tf.tensor2d([10, 20, 30, 40], [4, 1])]);
    const { converted } = await checkParity(model, { keepWeights: true });
    expect([
      ...(converted.graph.constants.get('dense_Dense1/kernel')?.data ??
        [...converted.graph.constants.values()].at(-1)!.data),
    ]).toEqual([10, 30, 20, 40]);
  });

  it('keeps the order through what stands between it and the dense layer', async () => {
    const between = [
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'relu' }),
    ];
    const { ops } = await checkParity(chain([5, 4, 2], conv(), tf.layers.flatten(), ...between, dense()));
    expect(ops).not.toContain('Transpose');
    expect(ops).not.toContain('Gather');
  });

  it('is put into tfjs order where no dense layer takes it up', async () => {
    await checkParity(chain([5, 4, 2], conv(), tf.layers.flatten()));
    await checkParity(
      chain([5, 4, 2], conv(), tf.layers.flatten(), tf.layers.reshape({ targetShape: [12, 3] })),
    );
  });

  it('moves nothing where there is one channel or one place', async () => {
    await checkParity(chain([5, 4, 1], tf.layers.maxPooling2d({ poolSize: 2 }), tf.layers.flatten()));
    await checkParity(chain([2, 2, 3], tf.layers.maxPooling2d({ poolSize: 2 }), tf.layers.flatten()));
  });

  it('of channels_first data flattens in channels-last order, as tfjs does', async () => {
    const first = tf.layers.conv2d({ filters: 3, kernelSize: 2, dataFormat: 'channelsFirst' });
    await checkParity(chain([2, 5, 4], first, tf.layers.flatten({ dataFormat: 'channelsFirst' }), dense()));
    await checkParity(chain([2, 5, 4], tf.layers.flatten(), dense()));
  });

  it('of sequences and volumes', async () => {
    await checkParity(
      chain([5, 4], tf.layers.conv1d({ filters: 3, kernelSize: 2 }), tf.layers.flatten(), dense()),
    );
    await checkParity(
      chain([3, 4, 3, 2], tf.layers.conv3d({ filters: 3, kernelSize: 2 }), tf.layers.flatten(), dense()),
    );
  });
});

describe('Reshape', () => {
  it.each([[[4, 5, 3]], [[60]], [[-1, 6]], [[3, null, 4]]])('to %o', async (targetShape) => {
    await checkParity(chain([60], dense(60), tf.layers.reshape({ targetShape: targetShape as number[] })));
    await checkParity(chain([6, 5, 1], conv(), tf.layers.reshape({ targetShape: targetShape as number[] })));
  });
});

it.each([[[1, 2, 3]], [[3, 1, 2]], [[2, 1, 3]], [[3, 2, 1]]])('Permute %o', async (dims) => {
  await checkParity(chain([4, 3, 2], tf.layers.permute({ dims })));
  await checkParity(chain([4, 3, 2], conv(), tf.layers.permute({ dims })));
});

it('Permute of an image to channels first is no move at all', async () => {
  const { ops } = await checkParity(chain([4, 3, 2], conv(), tf.layers.permute({ dims: [3, 1, 2] })));
  expect(ops).toEqual(['Conv']);
});

it('RepeatVector', async () => {
  await checkParity(chain([4], dense(3), tf.layers.repeatVector({ n: 5 })));
  await checkParity(chain([3, 3, 2], conv(), tf.layers.flatten(), tf.layers.repeatVector({ n: 2 })));
});

it('layers that only act in training leave no node', async () => {
  const noise = [
    tf.layers.dropout({ rate: 0.5 }),
    tf.layers.gaussianNoise({ stddev: 1 }),
    tf.layers.gaussianDropout({ rate: 0.5 }),
    tf.layers.alphaDropout({ rate: 0.5 }),
  ];
  const { ops } = await checkParity(chain([6], dense(), ...noise, dense()));
  expect(ops).toEqual(['Gemm', 'Gemm']);
  await checkParity(chain([6, 3], tf.layers.spatialDropout1d({ rate: 0.5 }), dense()));
});
