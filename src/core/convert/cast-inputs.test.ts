import { expect, it } from 'vitest';
import { checkParity, tf } from '../../../test/convert/parity.js';

const { layers } = tf;
type Tensor = tf.SymbolicTensor;
const whole = (random: () => number) => Math.floor(random() * 4);
const ints = (...shape: number[]) => tf.input({ shape, dtype: 'int32' });

it.each<[string, number[], () => tf.layers.Layer]>([
  ['Dense', [4], () => layers.dense({ units: 2, activation: 'relu' })],
  ['LSTM', [5, 3], () => layers.lstm({ units: 2 })],
  ['GlobalAveragePooling1D', [5, 3], () => layers.globalAveragePooling1d({})],
  ['GlobalAveragePooling2D', [4, 4, 3], () => layers.globalAveragePooling2d({})],
  ['MaxPooling2D', [4, 4, 3], () => layers.maxPooling2d({ poolSize: 2 })],
  ['UpSampling2D', [3, 3, 2], () => layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })],
  ['ZeroPadding2D', [3, 3, 2], () => layers.zeroPadding2d({})],
  ['PReLU', [4], () => layers.prelu({})],
])('%s computes floats of whole numbers', async (_, shape, make) => {
  const input = ints(...shape);
  await checkParity(tf.model({ inputs: input, outputs: make().apply(input) as Tensor }), { input: whole });
});

it.each([
  ['Add', () => layers.add()],
  ['Multiply', () => layers.multiply()],
  ['Average', () => layers.average()],
  ['Maximum', () => layers.maximum()],
  ['Concatenate', () => layers.concatenate()],
] as const)('%s takes whole numbers beside floats, and alone', async (_, make) => {
  for (const first of [tf.input({ shape: [4] }), ints(4)]) {
    if (first.dtype === 'int32' && make() instanceof layers.concatenate({}).constructor) continue;
    const inputs = [first, ints(4)];
    await checkParity(tf.model({ inputs, outputs: make().apply(inputs) as Tensor }), { input: whole });
  }
});

it.each<[string, tf.SymbolicTensor[], () => tf.layers.Layer, string]>([
  [
    'floats after whole numbers',
    [ints(4), tf.input({ shape: [4] })],
    () => layers.concatenate(),
    'tfjs makes all of its inputs what the first one is',
  ],
  [
    'normalization of whole numbers',
    [ints(4)],
    () => layers.layerNormalization(),
    'tfjs computes it in int32, not in float32',
  ],
])('%s are refused: tfjs rounds them', async (_, inputs, make, reason) => {
  const outputs = make().apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor;
  await expect(checkParity(tf.model({ inputs, outputs }))).rejects.toThrow(reason);
});
