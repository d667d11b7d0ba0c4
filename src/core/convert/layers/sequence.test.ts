import { expect, it } from 'vitest';
import { convertLayer } from '../../../../test/convert/layer.js';
import { chain, checkParity, tf } from '../../../../test/convert/parity.js';

it('Embedding looks rows up, for whole numbers that come as floats or as int32', async () => {
  const settings = { inputDim: 7, outputDim: 3 };
  const input = (random: () => number) => Math.floor(random() * 7);
  await checkParity(chain([5], tf.layers.embedding(settings), tf.layers.dense({ units: 2 })), { input });
  const ids = tf.input({ shape: [5], dtype: 'int32' });
  const outputs = tf.layers.embedding(settings).apply(ids) as tf.SymbolicTensor;
  const { ops } = await checkParity(tf.model({ inputs: ids, outputs }), { input });
  expect(ops).toEqual(['Gather']);
});

it('Masking sets the masked steps to 0', async () => {
  const input = (random: () => number) => (random() < 0.7 ? 2 : random());
  await checkParity(
    chain([6, 2], tf.layers.masking({ maskValue: 2 }), tf.layers.activation({ activation: 'relu' })),
    { input },
  );
});

it('Rescaling is folded into the convolution after it, where it only scales', async () => {
  const rescaling = (settings: { scale: number; offset?: number }) =>
    tf.layers.rescaling(settings as never) as unknown as tf.layers.Layer;
  const conv = () => tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
  const scaled = await checkParity(chain([5, 4, 2], rescaling({ scale: 1 / 255 }), conv()));
  expect(scaled.ops).toEqual(['Conv']);
  const moved = await checkParity(chain([5, 4, 2], rescaling({ scale: 1 / 127.5, offset: -1 }), conv()));
  expect(moved.ops).toEqual(['Mul', 'Add', 'Conv']);
});

it('Masking looks at the features of each step, wherever the channels stand', () => {
  const masked = (input: Parameters<typeof convertLayer>[2][0]) => {
    const { nodes, constants, output } = convertLayer('Masking', { mask_value: 3 }, [input]);
    expect(nodes.map(({ op }) => op)).toEqual([
      'Equal',
      'Not',
      'Cast',
      'ReduceMax',
      'Squeeze',
      'Cast',
      'Mul',
    ]);
    expect(nodes[3]!.attributes).toEqual({ keepdims: { int: 1 } });
    expect(nodes[4]!.inputs[1]).toBe('layer/axis');
    expect(output.mask).toMatchObject({ type: 'bool', shape: ['N', 4], layout: 'plain' });
    expect(constants['layer/mask_value']).toEqual([3]);
    return [constants['layer/axis'], output.shape, output.layout];
  };
  expect(masked(['N', 4, 2])).toEqual([[2], ['N', 4, 2], 'plain']);
  expect(masked({ shape: ['N', 2, 4], layout: 'NCHW' })).toEqual([[1], ['N', 2, 4], 'NCHW']);
  const flat = { shape: ['N', 2], layout: { order: Uint32Array.of(1, 0) } } as const;
  expect(convertLayer('Masking', {}, [flat]).ops[0]).toBe('Gather');
});

it('Embedding takes rows of its table, and whole numbers of what comes as float', () => {
  const { nodes, output } = convertLayer('Embedding', { input_dim: 5, output_dim: 2 }, [['N', 4]], {
    embeddings: [5, 2],
  });
  expect(nodes).toMatchObject([
    { op: 'Cast', attributes: { to: { int: 6 } } },
    { op: 'Gather', attributes: { axis: { int: 0 } } },
  ]);
  expect(output.shape).toEqual(['N', 4, 2]);
});

it('Rescaling of whole numbers makes them floats first', () => {
  const { nodes, constants, output } = convertLayer('Rescaling', { scale: 0.5, offset: 1 }, [
    { shape: ['N', 3], type: 'int32' },
  ]);
  expect(nodes.map(({ op }) => op)).toEqual(['Cast', 'Mul', 'Add']);
  expect(nodes[0]!.attributes).toEqual({ to: { int: 1 } });
  expect(constants).toEqual({ 'layer/scale': [0.5], 'layer/offset': [1] });
  expect(output).toMatchObject({ shape: ['N', 3], type: 'float32' });
});
