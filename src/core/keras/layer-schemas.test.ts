import { expect, it } from 'vitest';
import { tf } from '../../../test/convert/parity.js';
import { LAYER_SCHEMAS, type LayerClass, readLayer } from './layer-schemas.js';
import { snakeCase } from './schema.js';

/** What tfjs insists on. */
const REQUIRED: Partial<Record<LayerClass, Record<string, unknown>>> = {
  ...Object.fromEntries(
    [
      'Conv1D',
      'Conv2D',
      'Conv3D',
      'Conv2DTranspose',
      'Conv3DTranspose',
      'SeparableConv2D',
      'ConvLSTM2D',
      'ConvLSTM2DCell',
    ].map((name) => [name, { filters: 2, kernelSize: 3 }]),
  ),
  DepthwiseConv2D: { kernelSize: 3 },
  Cropping2D: { cropping: 1 },
  Dense: { units: 2 },
  Reshape: { targetShape: [2, 3] },
  Permute: { dims: [2, 1] },
  RepeatVector: { n: 2 },
  Activation: { activation: 'relu' },
  Embedding: { inputDim: 3, outputDim: 2 },
  Dot: { axes: 1 },
  Rescaling: { scale: 2 },
  ...Object.fromEntries(
    ['SimpleRNN', 'LSTM', 'GRU', 'SimpleRNNCell', 'LSTMCell', 'GRUCell'].map((name) => [name, { units: 2 }]),
  ),
};

/** Layers that hold others, and those that are refused whatever their settings are. */
const APART = [
  'RNN',
  'StackedRNNCells',
  'TimeDistributed',
  'Bidirectional',
  'Resizing',
  'CenterCrop',
  'CategoryEncoding',
  'RandomWidth',
];

it.each(Object.keys(LAYER_SCHEMAS).filter((name) => !APART.includes(name)) as LayerClass[])(
  '%s: what a file leaves out has the default of tfjs',
  (className) => {
    const given = REQUIRED[className] ?? {};
    const [Layer] = tf.serialization.SerializationMap.getMap().classNameMap[className]!;
    const saved = pythonic(
      new (Layer as unknown as new (config: object) => tf.layers.Layer)({ ...given }).getConfig(),
    );
    const { strides, ...own } = settings(className, pythonic(given));
    const { strides: savedStrides, ...expected } = settings(className, saved);
    expect(own).toEqual(expected);
    // Pools save the strides that they take from their size.
    expect(strides ?? ('pool_size' in own ? own.pool_size : undefined)).toEqual(savedStrides);
  },
);

function settings(className: LayerClass, config: Record<string, unknown>): Record<string, unknown> {
  return readLayer('l', className, config).config;
}

/** A configuration as model.json spells it. */
function pythonic(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      snakeCase(key),
      typeof value === 'string' ? snakeCase(value) : value,
    ]),
  );
}

it("takes an axis in a list, as Python's Keras writes BatchNormalization's", () => {
  const axisOf = (axis: unknown) => readLayer('bn', 'BatchNormalization', { name: 'bn', axis }).config;
  expect(axisOf([3])).toMatchObject({ axis: 3 });
  expect(axisOf(1)).toMatchObject({ axis: 1 });
  expect(() => axisOf([1, 2])).toThrow('axis must be a whole number');
});
