import { expect, it } from 'vitest';
import { chain, checkParity, combinations, tf } from '../../../../test/convert/parity.js';

const NO_TRANSPOSE = expect.not.arrayContaining(['Transpose']);

it.each(
  combinations({
    kind: ['maxPooling2d', 'averagePooling2d'] as const,
    padding: ['valid', 'same'] as const,
    poolSize: [2, 3],
    strides: [1, 2, 3],
    dataFormat: ['channelsLast', 'channelsFirst'] as const,
  }),
)('$kind, $padding, pool $poolSize, strides $strides, $dataFormat', async ({ kind, ...settings }) => {
  const shape = settings.dataFormat === 'channelsFirst' ? [2, 7, 6] : [7, 6, 2];
  const { ops } = await checkParity(chain(shape, tf.layers[kind](settings)));
  expect(ops).toEqual(NO_TRANSPOSE);
});

it.each(
  combinations({
    kind: ['maxPooling1d', 'averagePooling1d'] as const,
    padding: ['valid', 'same'] as const,
    poolSize: [2, 3],
    strides: [undefined, 1],
  }),
)('$kind, $padding, pool $poolSize, strides $strides', async ({ kind, strides, ...settings }) => {
  const layer = tf.layers[kind]({ ...settings, ...(strides === undefined ? {} : { strides }) });
  await checkParity(chain([7, 3], layer));
});

it.each(
  combinations({
    kind: ['maxPooling3d', 'averagePooling3d'] as const,
    padding: ['valid', 'same'] as const,
    dataFormat: ['channelsLast', 'channelsFirst'] as const,
  }),
)('$kind, $padding, $dataFormat', async ({ kind, ...settings }) => {
  const shape = settings.dataFormat === 'channelsFirst' ? [2, 5, 4, 5] : [5, 4, 5, 2];
  await checkParity(chain(shape, tf.layers[kind]({ poolSize: 2, strides: 2, ...settings })));
});

it.each(['globalMaxPooling2d', 'globalAveragePooling2d'] as const)('%s', async (kind) => {
  await checkParity(chain([5, 4, 3], tf.layers[kind]({})));
  await checkParity(chain([3, 5, 4], tf.layers[kind]({ dataFormat: 'channelsFirst' })));
});

it.each(['globalMaxPooling1d', 'globalAveragePooling1d'] as const)('%s', async (kind) => {
  await checkParity(chain([5, 3], tf.layers[kind]({})));
  const { ops } = await checkParity(
    chain([5, 3], tf.layers.conv1d({ filters: 2, kernelSize: 2 }), tf.layers[kind]({})),
  );
  expect(ops.filter((op) => op === 'Transpose')).toHaveLength(1);
});

it('averages leave the padding out', async () => {
  const layer = tf.layers.averagePooling2d({ poolSize: 2, strides: 2, padding: 'same' });
  const model = chain([3, 3, 1], layer);
  await checkParity(model, { input: () => 1 });
  const ones = model.predict(tf.ones([1, 3, 3, 1])) as tf.Tensor;
  expect([...ones.dataSync()]).toEqual([1, 1, 1, 1]);
});

it.each(['maxPooling2d', 'averagePooling2d'] as const)(
  '%s that leaves places out, of images of any size',
  async (kind) => {
    const skip = tf.layers[kind]({ poolSize: 1, strides: 2, padding: 'same' });
    await checkParity(chain([null, null, 3], skip));
    const wide = tf.layers[kind]({ poolSize: 2, strides: 3, padding: 'same' });
    await expect(checkParity(chain([null, null, 3], wide))).rejects.toThrow(
      'its strides are larger than its pool, and its padding depends on a size that is not known',
    );
  },
);
