import { activation } from './activations.js';
import * as s from './schema.js';

const dataFormat = s.oneOf(['channels_last', 'channels_first'], 'channels_last');
const padding = s.oneOf(['valid', 'same', 'causal'], 'valid');

const conv = (rank: number) => ({
  kernel_size: s.sizes(rank),
  strides: s.sizes(rank, 1),
  padding,
  data_format: dataFormat,
  dilation_rate: s.sizes(rank, 1),
  activation: activation(),
  use_bias: s.flag(true),
});
const filtersConv = (rank: number) => ({ ...conv(rank), filters: s.size });
const pool = (rank: number) => ({
  pool_size: s.sizes(rank, 2),
  // Absent strides are the pool's size.
  strides: s.orElse(s.sizes(rank), undefined),
  padding,
  data_format: dataFormat,
});
const noSettings = {};

const rnnCell = { units: s.size, activation: activation('tanh'), use_bias: s.flag(true) };
const gatedCell = { ...rnnCell, recurrent_activation: activation('hard_sigmoid') };
const rnn = {
  return_sequences: s.flag(false),
  return_state: s.flag(false),
  go_backwards: s.flag(false),
  stateful: s.flag(false),
};
const convLstmCell = {
  ...filtersConv(2),
  activation: activation('tanh'),
  recurrent_activation: activation('hard_sigmoid'),
};

/** A layer inside another one's configuration; it is parsed where its owner is. */
const innerLayer: s.Reader<{ class_name: string; config: Record<string, unknown> }> = (value) => {
  const inner = value as { class_name?: unknown; config?: unknown } | null;
  if (typeof inner?.class_name !== 'string' || typeof inner.config !== 'object' || inner.config === null) {
    throw new s.SchemaError('must be a layer with class_name and config');
  }
  return { class_name: inner.class_name, config: inner.config as Record<string, unknown> };
};

/**
 * The settings that matter for inference of every layer of tfjs-layers 4.22, with tfjs's defaults. A layer's
 * TypeScript type follows from its line here.
 */
export const LAYER_SCHEMAS = {
  Conv1D: filtersConv(1),
  Conv2D: filtersConv(2),
  Conv3D: filtersConv(3),
  Conv2DTranspose: filtersConv(2),
  Conv3DTranspose: filtersConv(3),
  SeparableConv2D: filtersConv(2),
  DepthwiseConv2D: { ...conv(2), depth_multiplier: s.orElse(s.size, 1) },
  Cropping2D: { cropping: s.margins(), data_format: dataFormat },
  ZeroPadding2D: { padding: s.margins(1), data_format: dataFormat },
  UpSampling2D: {
    size: s.sizes(2, 2),
    data_format: dataFormat,
    interpolation: s.oneOf(['nearest', 'bilinear'], 'nearest'),
  },

  Dense: { units: s.size, activation: activation(), use_bias: s.flag(true) },
  Flatten: { data_format: dataFormat },
  Reshape: { target_shape: s.list(s.orElse(s.whole(), -1)) },
  Permute: { dims: s.list(s.size) },
  RepeatVector: { n: s.size },
  Activation: { activation: activation() },
  Dropout: noSettings,
  SpatialDropout1D: noSettings,
  GaussianNoise: noSettings,
  GaussianDropout: noSettings,
  AlphaDropout: noSettings,
  Masking: { mask_value: s.number(0) },
  Embedding: { input_dim: s.size, output_dim: s.size, mask_zero: s.flag(false) },

  BatchNormalization: {
    // Python's Keras writes a list of one.
    axis: (value: unknown): number =>
      s.orElse(s.whole(), -1)(Array.isArray(value) && value.length === 1 ? value[0] : value),
    epsilon: s.number(1e-3),
    center: s.flag(true),
    scale: s.flag(true),
  },
  LayerNormalization: {
    axis: (value: unknown): number[] =>
      Array.isArray(value) ? s.list(s.whole())(value) : [s.orElse(s.whole(), -1)(value)],
    epsilon: s.number(1e-3),
    center: s.flag(true),
    scale: s.flag(true),
  },

  ReLU: { max_value: s.orElse(s.number(), undefined) },
  LeakyReLU: { alpha: s.number(0.3) },
  PReLU: noSettings,
  ELU: { alpha: s.number(1) },
  ThresholdedReLU: { theta: s.number(1) },
  Softmax: {
    axis: (value: unknown): number[] =>
      Array.isArray(value) ? s.list(s.whole())(value) : [s.orElse(s.whole(), 1)(value)],
  },

  MaxPooling1D: pool(1),
  MaxPooling2D: pool(2),
  MaxPooling3D: pool(3),
  AveragePooling1D: pool(1),
  AveragePooling2D: pool(2),
  AveragePooling3D: pool(3),
  GlobalMaxPooling1D: noSettings,
  GlobalAveragePooling1D: noSettings,
  GlobalMaxPooling2D: { data_format: dataFormat },
  GlobalAveragePooling2D: { data_format: dataFormat },

  Add: noSettings,
  Multiply: noSettings,
  Average: noSettings,
  Maximum: noSettings,
  Minimum: noSettings,
  Concatenate: { axis: s.orElse(s.whole(), -1) },
  Dot: {
    axes: (value: unknown): [number, number] => {
      if (!Array.isArray(value)) return [s.whole()(value), s.whole()(value)];
      const [a, b] = s.list(s.whole(), 2)(value);
      return [a!, b!];
    },
    normalize: s.flag(false),
  },

  SimpleRNNCell: rnnCell,
  LSTMCell: gatedCell,
  GRUCell: { ...gatedCell, reset_after: s.flag(false) },
  SimpleRNN: { ...rnnCell, ...rnn },
  LSTM: { ...gatedCell, ...rnn },
  GRU: { ...gatedCell, ...rnn, reset_after: s.flag(false) },
  RNN: { ...rnn, cell: innerLayer },
  StackedRNNCells: { cells: s.list(innerLayer) },
  ConvLSTM2DCell: convLstmCell,
  ConvLSTM2D: { ...convLstmCell, ...rnn },
  TimeDistributed: { layer: innerLayer },
  Bidirectional: {
    layer: innerLayer,
    // null is a mode of its own: both outputs, unmerged.
    merge_mode: (value: unknown): 'concat' | 'sum' | 'ave' | 'mul' | null =>
      value === null ? null : s.oneOf(['concat', 'sum', 'ave', 'mul'], 'concat')(value),
  },

  Rescaling: { scale: s.number(), offset: s.number(0) },
  Resizing: noSettings,
  CenterCrop: noSettings,
  CategoryEncoding: noSettings,
  RandomWidth: noSettings,
} as const;

export type LayerClass = keyof typeof LAYER_SCHEMAS;
export type LayerConfigs = { [K in LayerClass]: s.Config<(typeof LAYER_SCHEMAS)[K]> };

/** A layer and its settings: a union on `class_name`. */
export type KerasLayer<K extends LayerClass = LayerClass> = {
  [C in K]: { readonly name: string; readonly class_name: C; readonly config: LayerConfigs[C] };
}[K];

export function isLayerClass(className: string): className is LayerClass {
  return Object.hasOwn(LAYER_SCHEMAS, className);
}

/**
 * Reads a layer's settings.
 *
 * @throws SchemaError if one is missing or of the wrong kind.
 */
export function readLayer(
  name: string,
  className: LayerClass,
  config: Readonly<Record<string, unknown>>,
): KerasLayer {
  return {
    name,
    class_name: className,
    config: s.readConfig(LAYER_SCHEMAS[className], config),
  } as KerasLayer;
}
