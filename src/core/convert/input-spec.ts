import type { KerasLayer, LayerClass } from '../keras/layer-schemas.js';
import type { LayerContext } from './context.js';
import type { Value } from './value.js';

/** The rank that a layer's input must have, the batch included, or the lowest that it may have. */
const RANKS: Partial<Record<LayerClass, number | { readonly min: number }>> = {
  Conv1D: 3,
  Conv2D: 4,
  Conv3D: 5,
  Conv2DTranspose: 4,
  Conv3DTranspose: 5,
  SeparableConv2D: 4,
  DepthwiseConv2D: 4,
  Cropping2D: 4,
  ZeroPadding2D: 4,
  UpSampling2D: 4,
  Dense: { min: 2 },
  Flatten: { min: 2 },
  RepeatVector: 2,
  SpatialDropout1D: 3,
  BatchNormalization: { min: 2 },
  LayerNormalization: { min: 2 },
  MaxPooling1D: 3,
  MaxPooling2D: 4,
  MaxPooling3D: 5,
  AveragePooling1D: 3,
  AveragePooling2D: 4,
  AveragePooling3D: 5,
  GlobalMaxPooling1D: 3,
  GlobalAveragePooling1D: 3,
  GlobalMaxPooling2D: 4,
  GlobalAveragePooling2D: 4,
  Softmax: { min: 2 },
  Masking: { min: 2 },
  PReLU: { min: 2 },
  Activation: { min: 1 },
  Permute: { min: 2 },
  TimeDistributed: { min: 3 },
  SimpleRNN: 3,
  LSTM: 3,
  GRU: 3,
  RNN: { min: 3 },
  ConvLSTM2D: 5,
  Bidirectional: { min: 3 },
};

/** Layers that take several inputs: those that merge, and those that take initial states. */
const SEVERAL_INPUTS = new Set<LayerClass>([
  ...(['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Dot'] as const),
  ...(['SimpleRNN', 'LSTM', 'GRU', 'RNN', 'ConvLSTM2D', 'Bidirectional'] as const),
]);

/**
 * Checks the number of a layer's inputs, and the rank of the first, as tfjs does when it builds the model.
 *
 * @throws Refusal if they do not fit.
 */
export function checkInputs(
  { class_name }: Pick<KerasLayer, 'class_name'>,
  inputs: readonly Value[],
  context: LayerContext,
): void {
  if (inputs.length !== 1 && !SEVERAL_INPUTS.has(class_name)) {
    context.refuse(`it takes one input, not ${inputs.length}`);
  }
  const expected = RANKS[class_name];
  const rank = inputs[0]!.shape.length;
  if (typeof expected === 'number' ? rank !== expected : rank < (expected?.min ?? 0)) {
    const wanted = typeof expected === 'number' ? expected : `at least ${expected!.min}`;
    context.refuse(`its input has ${rank} dimensions, not ${wanted}`);
  }
}
