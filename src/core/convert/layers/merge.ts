import type { KerasLayer } from '../../keras/layer-schemas.js';
import { type Dim, int, type Shape } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import { graphAxis, isSameLayout, kerasShape, type Layout, type Value } from '../value.js';

type MergeLayer = KerasLayer<'Add' | 'Multiply' | 'Average' | 'Maximum' | 'Minimum'>;

/** ONNX's operators that take any number of inputs. */
const VARIADIC = { Maximum: 'Max', Minimum: 'Min' } as const;
/** Those that take two. Not Mean for Average, which WebGPU lacks; sum, then scale is how tfjs does it too. */
const OF_TWO = { Add: 'Add', Average: 'Add', Multiply: 'Mul' } as const;

export function convertMerge(layer: MergeLayer, inputs: readonly Value[], context: LayerContext): Value {
  if (inputs.length < 2) context.refuse('it merges fewer than two inputs');
  const values = alignLayouts(context, alignRanks(context, inputs));
  if (layer.class_name === 'Maximum' || layer.class_name === 'Minimum')
    return context.op(VARIADIC[layer.class_name], values, { shape: broadcast(context, values) });
  const op = OF_TWO[layer.class_name];
  const merged = values.reduce((all, value) =>
    context.op(op, [all, value], { shape: broadcast(context, [all, value]) }),
  );
  if (layer.class_name !== 'Average') return merged;
  return context.op('Mul', [merged, context.scalar('share', 1 / values.length)], { shape: merged.shape });
}

/** tfjs gives inputs of lower rank more axes of size 1, right after the batch. */
function alignRanks(context: LayerContext, inputs: readonly Value[]): readonly Value[] {
  const rank = Math.max(...inputs.map((value) => value.shape.length));
  return inputs.map((value) => {
    if (value.shape.length === rank) return value;
    const plain = context.plain(value);
    const ones = new Array<Dim>(rank - value.shape.length).fill(1);
    return context.reshape(plain, [plain.shape[0]!, ...ones, ...plain.shape.slice(1)]);
  });
}

/** Brings the inputs into one layout: the one that all have, else channels second if any has that. */
function alignLayouts(context: LayerContext, inputs: readonly Value[]): readonly Value[] {
  if (inputs.every((value) => isSameLayout(value.layout, inputs[0]!.layout))) return inputs;
  const isAnyNchw = inputs.some((value) => value.layout === 'NCHW');
  return inputs.map((value) => (isAnyNchw ? context.channelsFirst(value) : context.plain(value)));
}

function broadcast(context: LayerContext, values: readonly Value[]): Dim[] {
  return values[0]!.shape.map((_, axis) => {
    const dims = values.map((value) => value.shape[axis]!).filter((dim) => dim !== 1);
    const sizes = new Set(dims.filter((dim) => typeof dim === 'number'));
    if (sizes.size > 1) context.refuse(`its inputs do not fit each other: ${showShapes(values)}`);
    // A known size decides over an unknown one, which must turn out to be the same.
    return [...sizes][0] ?? dims[0] ?? 1;
  });
}

function showShapes(values: readonly Value[]): string {
  return values.map((value) => `[${kerasShape(value)}]`).join(', ');
}

export function convertConcatenate(
  layer: KerasLayer<'Concatenate'>,
  inputs: readonly Value[],
  context: LayerContext,
): Value {
  if (inputs.length < 2) context.refuse('it joins fewer than two inputs');
  if (layer.config.axis < -1)
    context.refuse('tfjs takes every negative axis for the last one; write it positive');
  if (layer.config.axis >= Math.max(...inputs.map(({ shape }) => shape.length)))
    context.refuse(`its inputs have no axis ${layer.config.axis}`);
  const isOfFeatures =
    inputs.every((value) => value.shape.length === 2) && [1, -1].includes(layer.config.axis);
  const orders = isOfFeatures && inputs.some((value) => typeof value.layout === 'object');
  const values = orders ? inputs : alignLayouts(context, inputs);
  const axis = graphAxis(values[0]!, layer.config.axis);
  const shape = values[0]!.shape.map((dim, i) =>
    i === axis ? sum(values.map((value) => value.shape[i]!)) : dim,
  );
  const layout: Layout = orders ? { order: joinOrders(values) } : values[0]!.layout;
  return context.op('Concat', values, { shape, layout }, { axis: int(axis) });

  function sum(dims: readonly Dim[]): Dim {
    return dims.reduce((total, dim) =>
      typeof total === 'number' && typeof dim === 'number' ? total + dim : context.unknownDim(axis),
    );
  }
}

/** Each input's feature order, moved by the number of features before it. */
function joinOrders(values: readonly Value[]): Uint32Array {
  let before = 0;
  const parts = values.map(({ shape, layout }) => {
    const size = shape[1] as number;
    const order = Array.from(
      { length: size },
      (_, i) => before + (typeof layout === 'object' ? layout.order[i]! : i),
    );
    before += size;
    return order;
  });
  return Uint32Array.from(parts.flat());
}

/** tfjs's batchDot: a sum of products over one axis of each input, the batch apart. */
export function convertDot(layer: KerasLayer<'Dot'>, inputs: readonly Value[], context: LayerContext): Value {
  if (inputs.length !== 2) context.refuse('it takes two inputs');
  const plain = inputs.map((value) => context.plain(value));
  const ranks = plain.map((value) => value.shape.length);
  if (ranks.some((rank) => rank < 2 || rank > 3))
    context.refuse('tfjs itself has Dot for 2D and 3D inputs only');
  const axes = layer.config.axes.map((axis, i) => (axis < 0 ? axis + ranks[i]! : axis));
  if (axes.some((axis, i) => axis < 1 || axis >= ranks[i]!))
    context.refuse("its axes are not among its inputs'");
  const [x, y] = plain.map((value, i) =>
    layer.config.normalize ? normalize(context, value, axes[i]!) : value,
  );

  if (ranks[0] === 2 && ranks[1] === 2) {
    const product = context.op('Mul', [x, y], { shape: x!.shape });
    const shape = [x!.shape[0]!, 1];
    return context.op('ReduceSum', [product, context.int64s('axes', [1])], { shape }, { keepdims: int(1) });
  }
  // [N, kept, summed] times [N, summed, kept]; a 2D input has one kept place, dropped again after it.
  const left = matrix(context, x!, axes[0]!, 2);
  const right = matrix(context, y!, axes[1]!, 1);
  const product = context.op('MatMul', [left, right], {
    shape: [left.shape[0]!, left.shape[1]!, right.shape[2]!],
  });
  if (ranks[0] === ranks[1]) return product;
  const kept = ranks[0] === 3 ? product.shape[1]! : product.shape[2]!;
  return context.reshape(product, [product.shape[0]!, kept]);
}

/** A 2D or 3D value as a stack of matrices with `axis` at `place` (1 or 2). */
function matrix(context: LayerContext, value: Value, axis: number, place: 1 | 2): Value {
  if (value.shape.length === 2) {
    const [batch, size] = value.shape as [Dim, Dim];
    return context.reshape(value, place === 1 ? [batch, size, 1] : [batch, 1, size]);
  }
  return axis === place ? value : context.transpose(value, [0, 2, 1]);
}

/** x / √max(Σ x², 1e-7) along an axis: tfjs's l2Normalize. */
function normalize(context: LayerContext, x: Value, axis: number): Value {
  const shape: Shape = x.shape.map((dim, i) => (i === axis ? 1 : dim));
  const square = context.op('Mul', [x, x], { shape: x.shape });
  const axes = context.int64s('norm_axis', [axis]);
  const sum = context.op('ReduceSum', [square, axes], { shape }, { keepdims: int(1) });
  const floor = context.op('Max', [sum, context.scalar('epsilon', 1e-7)], { shape });
  return context.op('Div', [x, context.op('Sqrt', [floor], { shape })], { shape: x.shape });
}
