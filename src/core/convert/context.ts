import { UserError } from '../errors.js';
import type { Weight } from '../keras/weights.js';
import type { GraphBuilder } from '../onnx/builder.js';
import { channelsFirstAxes, channelsLastAxes } from '../onnx/permute.js';
import type { Attribute, Constant, Dim, ElementType, Shape } from '../onnx/types.js';
import { floatConstant, int64Constant, ints, sizeOf } from '../onnx/types.js';
import { Refusal } from './problems.js';
import { kerasShape, type Layout, type Value } from './value.js';

/** What an op makes; where left out, type and layout are those of its first input. */
export interface Result {
  readonly shape: Shape;
  readonly layout?: Layout;
  readonly type?: ElementType;
}

/** Finds a weight by its name within a layer (`kernel`); undefined where there is none. */
export type WeightLookup = (name: string) => Weight | undefined;

/** Converts a layer that another one holds, by the JSON of it; its weights are its owner's. */
export type InnerConverter = (
  json: { readonly class_name: string; readonly config: Record<string, unknown> },
  inputs: readonly Value[],
  context: LayerContext,
) => readonly Value[];

/** What the converter of one layer call works with: the graph, the layer's weights, and a scope for names. */
export class LayerContext {
  constructor(
    readonly graph: GraphBuilder,
    /** Unique to the layer; nodes and values are named `scope/op`. */
    readonly scope: string,
    readonly opset: number,
    readonly weights: WeightLookup,
    readonly convertInner: InnerConverter = () => this.refuse('it holds another layer'),
  ) {}

  /** A context for a layer inside this one. */
  inner(name: string, weights: WeightLookup): LayerContext {
    return new LayerContext(this.graph, `${this.scope}/${name}`, this.opset, weights, this.convertInner);
  }

  refuse(reason: string): never {
    throw new Refusal(reason);
  }

  /** Adds a node with one output. An undefined input is an optional one left out. */
  op(
    op: string,
    inputs: readonly (Value | undefined)[],
    result: Result,
    attributes?: Readonly<Record<string, Attribute>>,
  ): Value {
    return this.ops(op, inputs, [result], attributes)[0]!;
  }

  /** Adds a node with several outputs. */
  ops(
    op: string,
    inputs: readonly (Value | undefined)[],
    results: readonly Result[],
    attributes?: Readonly<Record<string, Attribute>>,
  ): Value[] {
    const first = inputs[0]!;
    const values = results.map(({ shape, type = first.type, layout = first.layout }) => {
      if (!shape.every(isDim)) this.refuse('its output would have a size that no tensor can have');
      return { shape, type, layout };
    });
    const given = inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1);
    const names = this.graph.node({
      op,
      name: `${this.scope}/${op}`,
      inputs: given.map((input) => input?.name ?? ''),
      outputs: values.map(({ type, shape }) => ({ type, shape })),
      attributes,
    });
    return values.map((value, i) => ({ name: names[i]!, ...value }));
  }

  constant(name: string, constant: Constant): Value {
    const unique = this.graph.constant(`${this.scope}/${name}`, constant);
    return { name: unique, type: constant.type, shape: constant.shape, layout: 'plain' };
  }

  /** A float32 constant. */
  floats(name: string, shape: readonly number[], data: ArrayLike<number>): Value {
    return this.constant(name, floatConstant(shape, data));
  }

  scalar(name: string, value: number): Value {
    return this.floats(name, [], [value]);
  }

  int64s(name: string, values: readonly number[] | number): Value {
    return this.constant(name, int64Constant(values));
  }

  /**
   * A weight of the layer, checked against the shape that its settings ask for.
   *
   * @throws UserError if it is missing or has another shape.
   */
  weight(name: string, shape: readonly number[]): Weight {
    const weight = this.weights(name);
    if (!weight) throw brokenWeight(`${this.scope}/${name} is missing`);
    if (weight.shape.length !== shape.length || weight.shape.some((dim, i) => dim !== shape[i])) {
      throw brokenWeight(`${this.scope}/${name} has the shape [${weight.shape}], not [${shape}]`);
    }
    return weight;
  }

  /** The value with its channels second. Without layout to change, it is the value itself. */
  channelsFirst(value: Value): Value {
    if (value.layout === 'NCHW') return value;
    const plain = this.plain(value);
    return this.#transposed(plain, channelsFirstAxes(plain.shape.length), 'NCHW');
  }

  /** The value with tfjs's own axis order. */
  plain(value: Value): Value {
    if (value.layout === 'plain') return value;
    if (value.layout === 'NCHW')
      return this.#transposed(value, channelsLastAxes(value.shape.length), 'plain');
    const places = new Array<number>(value.layout.order.length);
    for (const [place, feature] of value.layout.order.entries()) places[feature] = place;
    const indices = this.int64s('feature_order', places);
    return this.op('Gather', [value, indices], { shape: value.shape, layout: 'plain' }, { axis: { int: 1 } });
  }

  /** The same elements in the same order under another shape. */
  reshape(value: Value, shape: Shape, layout: Layout = value.layout): Value {
    if (
      value.layout === layout &&
      shape.length === value.shape.length &&
      shape.every((d, i) => d === value.shape[i])
    ) {
      return value;
    }
    return this.op('Reshape', [value, this.int64s('shape', this.#reshapeTarget(value, shape))], {
      shape,
      layout,
    });
  }

  transpose(value: Value, axes: readonly number[], layout: Layout = value.layout): Value {
    const shape = axes.map((axis) => value.shape[axis]!);
    if (axes.every((axis, i) => axis === i)) return { ...value, layout };
    return this.op('Transpose', [value], { shape, layout }, { perm: ints(axes) });
  }

  /** A name of its own for a dimension of a value that only a run decides. */
  unknownDim(axis: number): string {
    return this.graph.dimension(`${this.scope}_dim${axis}`);
  }

  #transposed(value: Value, axes: readonly number[], layout: Layout): Value {
    // Axes of size 1 can stand anywhere: where only such move, no element does.
    const moving = (order: readonly number[]) => order.filter((axis) => value.shape[axis] !== 1);
    const isFree = moving(axes).every((axis, i, kept) => i === 0 || axis > kept[i - 1]!);
    const shape = axes.map((axis) => value.shape[axis]!);
    // Beside the batch, a Reshape finds out one unknown dimension.
    const unknown = shape.slice(1).filter((dim) => typeof dim === 'string').length;
    return isFree && unknown <= 1 ? this.reshape(value, shape, layout) : this.transpose(value, axes, layout);
  }

  #reshapeTarget(value: Value, shape: Shape): number[] {
    const unknown = shape.filter((dim) => typeof dim === 'string').length;
    if (unknown <= 1) return shape.map((dim) => (typeof dim === 'string' ? -1 : dim));
    // 0 copies the input's dimension of the same place; one more may follow from the rest.
    const target = shape.map((dim, i) => (typeof dim !== 'string' ? dim : dim === value.shape[i] ? 0 : -1));
    if (target.filter((dim) => dim === -1).length > 1) {
      this.refuse(`it reshapes [${kerasShape(value)}], where more than one dimension is not known`);
    }
    return target;
  }
}

/** False for the products of a damaged model's sizes, which ONNX's integers do not hold. */
function isDim(dim: Dim): boolean {
  return typeof dim === 'string' || (Number.isSafeInteger(dim) && dim >= 0);
}

/** More elements than any layer of a model in use has; a damaged model must not take all memory. */
const MAX_SIZE = 2 ** 26;

/**
 * The number of elements of a shape without its batch.
 *
 * @throws Refusal if a dimension is not known, or if they are too many to be handled one by one.
 */
export function knownSize(context: LayerContext, shape: readonly Dim[]): number {
  const known = shape.filter((dim) => typeof dim === 'number');
  if (known.length !== shape.length) context.refuse(`it needs to know all of its input's shape [${shape}]`);
  const size = sizeOf(known);
  return size <= MAX_SIZE ? size : context.refuse(`its input [${shape}] has more than ${MAX_SIZE} elements`);
}

function brokenWeight(detail: string): UserError {
  return new UserError(`the model's weights do not fit its topology: ${detail}`, {
    hint: 'Check that model.json and its .bin files belong together.',
  });
}
