import { expect, it } from 'vitest';
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
