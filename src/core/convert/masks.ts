import type { KerasLayer, LayerClass } from '../keras/layer-schemas.js';
import type { LayerContext } from './context.js';
import type { Value } from './value.js';

export interface MaskState {
  /** The first layer of a model that made a mask. */
  maskSource: string | undefined;
  /** Whether the layers are those of a model within another. */
  readonly isNested: boolean;
}

/** Layers whose converters make a mask. */
const MASK_MAKERS = new Set<LayerClass>(['Masking', 'Embedding']);

/** Layers that compute something else where they get a mask. */
const MASK_READERS = new Set<LayerClass>([
  ...(['SimpleRNN', 'LSTM', 'GRU', 'RNN', 'ConvLSTM2D', 'Bidirectional', 'Softmax'] as const),
]);

/** Layers that hand the mask of their one input on, as tfjs marks them; recurrent ones with their sequences. */
const MASK_CARRIERS = new Set<LayerClass>([
  ...(['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'] as const),
  ...(['Dense', 'Activation', 'ReLU', 'PReLU', 'LayerNormalization', 'TimeDistributed'] as const),
]);

/**
 * Lets through masks that the layer's converter honours.
 *
 * @throws Refusal for those that none does.
 */
export function takeMask(
  layer: KerasLayer,
  inputs: readonly Value[],
  context: LayerContext,
  state: MaskState,
): readonly Value[] {
  const isMasked = inputs.some((input) => input.mask);
  if (!isMasked && !(state.maskSource && MASK_READERS.has(layer.class_name))) return inputs;
  // tfjs 4.22 keeps giving the last mask to every layer that it runs later.
  if (!isMasked) context.refuse(`tfjs hands it the mask of ${state.maskSource}, which its input has not`);
  if (state.isNested && MASK_READERS.has(layer.class_name))
    context.refuse('a mask inside a nested model is not supported');
  if (layer.class_name === 'Softmax') context.refuse('a softmax over a masked sequence is not supported');
  if (inputs.length > 1) context.refuse('a mask on one of several inputs is not supported');
  return inputs;
}

/** Adds the mask that tfjs gives the layer's outputs. */
export function giveMask(
  layer: KerasLayer,
  inputs: readonly Value[],
  values: readonly Value[],
  context: LayerContext,
  state: MaskState,
): readonly Value[] {
  const made = MASK_MAKERS.has(layer.class_name) ? values[0]!.mask : undefined;
  if (made) state.maskSource ??= context.scope;
  const isSequence = 'return_sequences' in layer.config && layer.config.return_sequences;
  const carried = MASK_CARRIERS.has(layer.class_name) || isSequence || innerReturnsSequences(layer);
  const mask = made ?? (carried ? inputs[0]!.mask : undefined);
  return mask ? values.map((value, i) => (i === 0 ? { ...value, mask } : value)) : stripped(values);
}

/** What a nested model gives: tfjs drops the masks that were made in it. */
export function dropInnerMasks(
  inputs: readonly (Value | undefined)[],
  values: readonly (Value | undefined)[],
): (Value | undefined)[] {
  const given = new Set(inputs.map((input) => input?.mask?.name));
  return values.map((value) =>
    value?.mask && !given.has(value.mask.name) ? { ...value, mask: undefined } : value,
  );
}

/** Layers that vanish return their input, whose mask is not theirs. */
function stripped(values: readonly Value[]): readonly Value[] {
  return values.map(({ mask: _, ...value }) => value);
}

function innerReturnsSequences(layer: KerasLayer): boolean {
  return layer.class_name === 'Bidirectional' && layer.config.layer.config.return_sequences === true;
}
