import type { KerasLayer, LayerClass } from '../keras/layer-schemas.js';
import { DATA_TYPE, int } from '../onnx/types.js';
import type { LayerContext } from './context.js';
import type { Value } from './value.js';

/** Layers that move numbers of any type, look them up, or hand them to a layer inside. */
const KEEPS_TYPE = new Set<LayerClass>([
  ...([
    'Embedding',
    'Flatten',
    'Reshape',
    'Permute',
    'RepeatVector',
    'Cropping2D',
    'TimeDistributed',
  ] as const),
  ...(['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'] as const),
]);
/** Layers that compute in the one type of all their inputs. */
const MERGES = new Set<LayerClass>(['Add', 'Multiply', 'Maximum', 'Minimum', 'Concatenate']);

/** Layers that tfjs computes in the type that comes, to whole numbers. */
const ROUNDS = new Set<LayerClass>(['BatchNormalization', 'LayerNormalization']);

/**
 * Whole numbers and truth values as the floats that tfjs makes of them where a layer computes with weights or floats.
 *
 * @throws Refusal where tfjs computes something else.
 */
export function castInputs(
  layer: KerasLayer,
  inputs: readonly Value[],
  context: LayerContext,
): readonly Value[] {
  if (KEEPS_TYPE.has(layer.class_name)) return inputs;
  const [{ type }] = inputs as [Value];
  const isOneType = inputs.every((input) => input.type === type);
  if (isOneType && (type === 'float32' || (MERGES.has(layer.class_name) && type !== 'bool'))) return inputs;
  if (layer.class_name === 'Concatenate' && !isOneType && type !== 'float32')
    context.refuse('tfjs makes all of its inputs what the first one is');
  if (ROUNDS.has(layer.class_name)) context.refuse(`tfjs computes it in ${type}, not in float32`);
  if (layer.class_name === 'Activation' && type === 'bool')
    context.refuse('tfjs computes it in bool, not in float32');
  return inputs.map((input) => {
    if (input.type === 'float32') return input;
    const result = { shape: input.shape, type: 'float32' } as const;
    const cast = context.op('Cast', [input], result, { to: int(DATA_TYPE.float32) });
    return { ...cast, mask: input.mask };
  });
}
