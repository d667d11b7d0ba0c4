import { describe, expect, it } from 'vitest';
import { convertLayer, refusalOf } from '../../../../test/convert/layer.js';
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

  it('takes the second axis for the channels, where it is told so, whatever came before', async () => {
    const first = () => tf.layers.flatten({ dataFormat: 'channelsFirst' });
    await checkParity(chain([3, 4, 2], tf.layers.conv2d({ filters: 3, kernelSize: 2 }), first(), dense()));
    await checkParity(chain([5, 2], tf.layers.conv1d({ filters: 3, kernelSize: 2 }), first()));
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

describe('what cannot be is refused with the reason', () => {
  const image = { shape: ['N', 3, 5, 4], layout: 'NCHW' } as const;

  it.each<[string, Parameters<typeof convertLayer>, string]>([
    ['Dense', ['Dense', { units: 2 }, [['N', 'F']]], 'it needs to know its number of input features'],
    [
      'Reshape',
      ['Reshape', { target_shape: [-1, -1] }, [['N', 6]]],
      'its target shape has more than one unknown dimension',
    ],
    [
      'Reshape',
      ['Reshape', { target_shape: [4] }, [['N', 2, 3]]],
      'its target shape [4] has another size than its input [2,3]',
    ],
    [
      'Reshape',
      ['Reshape', { target_shape: [-1, 4] }, [['N', 6]]],
      'its target shape [-1,4] has another size than its input [6]',
    ],
    [
      'Permute',
      ['Permute', { dims: [1] }, [['N', 2, 3]]],
      "its dims [1] are no permutation of its input's axes",
    ],
    [
      'Permute',
      ['Permute', { dims: [1, 1] }, [['N', 2, 3]]],
      "its dims [1,1] are no permutation of its input's axes",
    ],
    [
      'Permute',
      ['Permute', { dims: [2, 3] }, [['N', 2, 3]]],
      "its dims [2,3] are no permutation of its input's axes",
    ],
    ['RepeatVector', ['RepeatVector', { n: 2 }, [['N', 2, 3]]], 'its input is not [N, features]'],
    ['Flatten', ['Flatten', {}, [['N', 'T', 3]]], "it needs to know all of its input's shape [T,3]"],
  ])('%s', (_, given, reason) => {
    expect(refusalOf(...given)).toBe(reason);
  });

  it('a size that is not known is left to the run', () => {
    expect(convertLayer('Reshape', { target_shape: [3, -1] }, [['N', 'T', 6]]).output.shape).toEqual([
      'N',
      3,
      'layer_dim2',
    ]);
    expect(convertLayer('Reshape', { target_shape: [-1, 3] }, [['N', 2, 6]]).output.shape).toEqual([
      'N',
      4,
      3,
    ]);
    expect(convertLayer('Reshape', { target_shape: [0, 3] }, [['N', 0]]).output.shape).toEqual(['N', 0, 3]);
  });

  it('the order of flattened channels is told where it is another one, and only there', () => {
    const layoutOf = (data_format: string, input: Parameters<typeof convertLayer>[2][0]) =>
      convertLayer('Flatten', { data_format }, [input]).output.layout;
    const order = { order: Uint32Array.of(0, 2, 4, 1, 3, 5) };
    expect(layoutOf('channels_last', { shape: ['N', 2, 3, 1], layout: 'NCHW' })).toEqual(order);
    expect(layoutOf('channels_first', ['N', 2, 3, 1])).toEqual(order);
    expect(layoutOf('channels_last', ['N', 2, 3, 1])).toBe('plain');
    expect(layoutOf('channels_first', ['N', 6])).toBe('plain');
    expect(layoutOf('channels_last', { shape: ['N', 1, 3, 2], layout: 'NCHW' })).toBe('plain');
    expect(layoutOf('channels_last', { shape: ['N', 6, 1, 1], layout: 'NCHW' })).toBe('plain');
    expect(layoutOf('channels_first', { shape: ['N', 6], ...{ layout: order } })).toBe(order);
  });

  it('nodes say what they do', () => {
    const { nodes, output } = convertLayer('Dense', { units: 2 }, [image], { kernel: [3, 2], bias: [2] });
    expect(nodes).toMatchObject([{ op: 'Conv', attributes: { kernel_shape: { ints: [1, 1] } } }]);
    expect(output).toMatchObject({ shape: ['N', 2, 5, 4], layout: 'NCHW' });
    expect(convertLayer('Flatten', {}, [image]).nodes[0]!.attributes).toEqual({ axis: { int: 1 } });
    expect(convertLayer('RepeatVector', { n: 4 }, [['N', 3]])).toMatchObject({
      ops: ['Unsqueeze', 'Expand'],
      output: { shape: ['N', 4, 3] },
    });
    const gathered = convertLayer('Permute', { dims: [1] }, [
      { shape: ['N', 3], layout: { order: Uint32Array.of(2, 0, 1) } },
    ]);
    expect(gathered.ops).toEqual(['Gather']);
  });
});
