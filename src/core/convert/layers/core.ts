import type { KerasLayer } from '../../keras/layer-schemas.js';
import { HWIO_TO_OIHW, permute, permutedIndices } from '../../onnx/permute.js';
import { int, ints, sizeOf } from '../../onnx/types.js';
import { knownSize, type LayerContext } from '../context.js';
import { graphAxis, kerasShape, type Value } from '../value.js';
import { applyActivation } from './activations.js';

/**
 * Dense: Gemm for [N, features], whose kernel takes up a permuted feature order; a 1×1 convolution for an
 * image with its channels second; MatMul for everything else.
 */
export function convertDense(
  layer: KerasLayer<'Dense'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const { units, activation, use_bias } = layer.config;
  const features = kerasShape(x!).at(-1);
  if (typeof features !== 'number') return context.refuse('it needs to know its number of input features');
  const kernel = context.weight('kernel', [features, units]);
  const bias = use_bias ? context.floats('bias', [units], context.weight('bias', [units]).data) : undefined;
  return applyActivation(context, multiply(), activation);

  function multiply(): Value {
    if (x!.layout === 'NCHW') return pointwise(context, x!, kernel.data, units, bias);
    if (x!.shape.length === 2) {
      const rows =
        typeof x!.layout === 'string' ? kernel.data : permuteRows(kernel.data, x!.layout.order, units);
      const inputs = [x, context.floats('kernel', [features as number, units], rows), bias];
      return context.op('Gemm', inputs, { shape: [x!.shape[0]!, units], layout: 'plain' });
    }
    const shape = [...x!.shape.slice(0, -1), units];
    const product = context.op('MatMul', [x, context.floats('kernel', kernel.shape, kernel.data)], { shape });
    return bias ? context.op('Add', [product, bias], { shape }) : product;
  }
}

function pointwise(
  context: LayerContext,
  x: Value,
  data: Float32Array,
  units: number,
  bias: Value | undefined,
): Value {
  const ones = x.shape.slice(2).map(() => 1);
  const channels = x.shape[1] as number;
  const kernel = permute({ shape: [1, 1, channels, units], data }, HWIO_TO_OIHW).data;
  return context.op(
    'Conv',
    [x, context.floats('kernel', [units, channels, ...ones], kernel), bias],
    { shape: [x.shape[0]!, units, ...x.shape.slice(2)] },
    { kernel_shape: ints(ones) },
  );
}

/** Row i of the result is row `order[i]` of the [features, units] matrix. */
function permuteRows(matrix: Float32Array, order: Uint32Array, units: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let i = 0; i < order.length; i++) {
    result.set(matrix.subarray(order[i]! * units, (order[i]! + 1) * units), i * units);
  }
  return result;
}

/**
 * Flatten. Of a value with its channels second no element moves: the features' order is remembered instead,
 * and the layer that takes them permutes its weights.
 */
export function convertFlatten(
  layer: KerasLayer<'Flatten'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  // With channels_first tfjs takes its second axis for the channels and flattens in channels-last order, so such a
  // value lies as an NCHW one does.
  const isFirst = layer.config.data_format === 'channels_first';
  const x = isFirst && input!.layout === 'NCHW' ? context.plain(input!) : input!;
  const isChannelsSecond = x.layout === 'NCHW' || (x.layout === 'plain' && isFirst);
  const size = knownSize(context, x.shape.slice(1));
  const shape = [x.shape[0]!, size];
  const dims = x.shape.slice(1) as number[];
  const isPermuted = isChannelsSecond && dims.length > 1 && dims[0] !== 1 && size !== dims[0];
  const order = isPermuted ? channelsLastOrder(dims) : undefined;
  const layout = typeof x.layout === 'object' ? x.layout : order ? { order } : 'plain';
  return context.op('Flatten', [x], { shape, layout }, { axis: int(1) });
}

/** For each place of a flattened [channels, ...spatial] tensor the one it has in [...spatial, channels]. */
function channelsLastOrder(dims: readonly number[]): Uint32Array {
  const [channels, ...spatial] = dims;
  return permutedIndices([...spatial, channels!], [spatial.length, ...spatial.map((_, i) => i)]);
}

export function convertReshape(
  layer: KerasLayer<'Reshape'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const x = context.plain(input!);
  const target = layer.config.target_shape;
  const unknown = target.filter((dim) => dim < 0).length;
  if (unknown > 1) context.refuse('its target shape has more than one unknown dimension');
  const known = sizeOf(target.filter((dim) => dim >= 0));
  const isInputKnown = x.shape.slice(1).every((dim) => typeof dim === 'number');
  const size = isInputKnown ? knownSize(context, x.shape.slice(1)) : undefined;
  if (size !== undefined && (unknown ? size % known !== 0 : size !== known)) {
    context.refuse(`its target shape [${target}] has another size than its input [${x.shape.slice(1)}]`);
  }
  const shape = target.map((dim, i) =>
    dim >= 0 ? dim : size === undefined ? context.unknownDim(i + 1) : size / known,
  );
  return context.reshape(x, [x.shape[0]!, ...shape], 'plain');
}

/** Works on whatever layout the input has: the axes are looked up in the graph. */
export function convertPermute(
  layer: KerasLayer<'Permute'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const x = typeof input!.layout === 'string' ? input! : context.plain(input!);
  const { dims } = layer.config;
  if (dims.length !== x.shape.length - 1 || [...dims].sort((a, b) => a - b).some((dim, i) => dim !== i + 1)) {
    context.refuse(`its dims [${dims}] are no permutation of its input's axes`);
  }
  return context.transpose(
    x,
    [0, ...dims].map((axis) => graphAxis(x, axis)),
    'plain',
  );
}

export function convertRepeatVector(
  layer: KerasLayer<'RepeatVector'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const x = context.plain(input!);
  const [batch, features] = x.shape;
  if (x.shape.length !== 2) context.refuse('its input is not [N, features]');
  const row = context.op('Unsqueeze', [x, context.int64s('axis', [1])], { shape: [batch!, 1, features!] });
  const shape = context.int64s('repeats', [1, layer.config.n, 1]);
  return context.op('Expand', [row, shape], { shape: [batch!, layer.config.n, features!] });
}

/** Layers that only do something in training. */
export function convertIdentity(_: unknown, [x]: readonly Value[]): Value {
  return x!;
}
