import type { KerasLayer } from '../../keras/layer-schemas.js';
import { float, int } from '../../onnx/types.js';
import { knownSize, type LayerContext } from '../context.js';
import { graphAxis, type Value } from '../value.js';

/**
 * BatchNormalization with the moving statistics. Where the normalized axis is the graph's second one it is
 * ONNX's operator; elsewhere a multiplication and an addition with the constants worked out.
 */
export function convertBatchNormalization(
  layer: KerasLayer<'BatchNormalization'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const axis = graphAxis(x!, layer.config.axis);
  const size = x!.shape[axis];
  if (typeof size !== 'number') return context.refuse('it needs to know the size of its axis');
  knownSize(context, [size]);
  const order = typeof x!.layout === 'object' ? x!.layout.order : undefined;
  const read = (name: string, fallback?: number): Float32Array => {
    if (fallback !== undefined) return new Float32Array(size).fill(fallback);
    const { data } = context.weight(name, [size]);
    return order ? data.map((_, i) => data[order[i]!]!) : data;
  };
  const gamma = read('gamma', layer.config.scale ? undefined : 1);
  const beta = read('beta', layer.config.center ? undefined : 0);
  const mean = read('moving_mean');
  const variance = read('moving_variance');
  const { epsilon } = layer.config;

  if (axis === 1) {
    const parameters = Object.entries({ gamma, beta, moving_mean: mean, moving_variance: variance });
    const constants = parameters.map(([name, data]) => context.floats(name, [size], data));
    return context.op(
      'BatchNormalization',
      [x, ...constants],
      { shape: x!.shape },
      { epsilon: float(epsilon) },
    );
  }
  const shape = x!.shape.slice(axis).map((_, i) => (i === 0 ? size : 1));
  const factor = gamma.map((g, i) => g / Math.sqrt(variance[i]! + epsilon));
  const offset = beta.map((b, i) => b - (mean[i]! * gamma[i]!) / Math.sqrt(variance[i]! + epsilon));
  const scaled = context.op('Mul', [x, context.floats('factor', shape, factor)], { shape: x!.shape });
  return context.op('Add', [scaled, context.floats('offset', shape, offset)], { shape: x!.shape });
}

/** LayerNormalization: ONNX's operator where the axes are the graph's last ones, else its definition. */
export function convertLayerNormalization(
  layer: KerasLayer<'LayerNormalization'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { epsilon, center, scale } = layer.config;
  const x = typeof input!.layout === 'string' ? input! : context.plain(input!);
  const rank = x.shape.length;
  const kerasAxes = layer.config.axis.map((axis) => (axis < 0 ? axis + rank : axis));
  const axes = kerasAxes.map((axis) => graphAxis(x, axis));
  // The parameters' axes are in the order of the setting; they are stored for the graph's order.
  if (axes.some((axis, i) => i > 0 && axis < axes[i - 1]!)) {
    context.refuse('the order of its axes changes with the layout of the graph');
  }
  const sizes = axes.map((axis) => {
    const size = x.shape[axis];
    return typeof size === 'number' ? size : context.refuse('it needs to know the sizes of its axes');
  });
  const isTrailing = axes.every((axis, i) => axis === rank - axes.length + i);
  const shape = isTrailing ? sizes : x.shape.map((_, axis) => sizes[axes.indexOf(axis)] ?? 1);
  const count = knownSize(context, sizes);
  const gamma = scale ? context.weight('gamma', sizes).data : new Float32Array(count).fill(1);
  const beta = center ? context.weight('beta', sizes).data : undefined;
  const scaleValue = context.floats('gamma', shape, gamma);
  const betaValue = beta && context.floats('beta', shape, beta);

  if (isTrailing) {
    const attributes = { axis: int(axes[0]! - rank), epsilon: float(epsilon) };
    return context.op('LayerNormalization', [x, scaleValue, betaValue], { shape: x.shape }, attributes);
  }
  const reduced = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const axesValue = context.int64s('axes', axes);
  const meanOf = (value: Value) =>
    context.op('ReduceMean', [value, axesValue], { shape: reduced }, { keepdims: int(1) });
  const full = (op: string, a: Value, b: Value) => context.op(op, [a, b], { shape: x.shape });
  const centred = full('Sub', x, meanOf(x));
  const variance = meanOf(full('Mul', centred, centred));
  const raised = context.op('Add', [variance, context.scalar('epsilon', epsilon)], { shape: reduced });
  const normalized = full('Div', centred, context.op('Sqrt', [raised], { shape: reduced }));
  const scaled = full('Mul', normalized, scaleValue);
  return betaValue ? full('Add', scaled, betaValue) : scaled;
}
