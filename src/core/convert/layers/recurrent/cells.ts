import type { Activation } from '../../../keras/activations.js';
import type { KerasLayer } from '../../../keras/layer-schemas.js';
import { HWIO_TO_OIHW, permute } from '../../../onnx/permute.js';
import { type Attribute, type Dim, int, ints } from '../../../onnx/types.js';
import type { LayerContext } from '../../context.js';
import type { Value } from '../../value.js';
import { applyActivation } from '../activations.js';
import { planWindow } from '../window.js';

/** One step of a recurrent layer, as nodes. */
export interface Cell {
  /** Shapes of the states, without the batch. */
  readonly stateShapes: readonly (readonly Dim[])[];
  /** @returns the step's output, which is always the first of the states that follow. */
  step(context: LayerContext, x: Value, states: readonly Value[]): readonly Value[];
}

export type SimpleCellLayer = KerasLayer<'SimpleRNNCell' | 'LSTMCell' | 'GRUCell'>;

const add = (context: LayerContext, a: Value, b: Value) => context.op('Add', [a, b], { shape: a.shape });
const multiply = (context: LayerContext, a: Value, b: Value) => context.op('Mul', [a, b], { shape: a.shape });

/** x · W for [N, in] and [in, out]. */
function dot(
  context: LayerContext,
  x: Value,
  name: string,
  shape: readonly [number, number],
  data: Float32Array,
) {
  const kernel = context.floats(name, shape, data);
  return context.op('MatMul', [x, kernel], { shape: [x.shape[0]!, shape[1]] });
}

/** Equal parts along axis 1. */
function split(context: LayerContext, x: Value, count: number): Value[] {
  const size = (x.shape[1] as number) / count;
  const result = { shape: x.shape.map((dim, axis) => (axis === 1 ? size : dim)) };
  const attributes = { axis: int(1), num_outputs: int(count) };
  return context.ops('Split', [x], new Array(count).fill(result), attributes);
}

/** The columns from `start` on of a [rows, columns] matrix. */
function columns(data: Float32Array, width: number, start: number, count: number): Float32Array {
  const rows = data.length / width;
  const result = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    result.set(data.subarray(row * width + start, row * width + start + count), row * count);
  }
  return result;
}

/** The cells of SimpleRNN, LSTM and GRU, as tfjs computes them. */
export function simpleCell(cell: SimpleCellLayer, features: number): Cell {
  const { units, use_bias, activation } = cell.config;
  const withBias = (context: LayerContext, x: Value, width: number): Value =>
    use_bias ? add(context, x, context.floats('bias', [width], context.weight('bias', [width]).data)) : x;
  const input = (context: LayerContext, x: Value, width: number) => {
    const { data } = context.weight('kernel', [features, width]);
    return withBias(context, dot(context, x, 'kernel', [features, width], data), width);
  };
  switch (cell.class_name) {
    case 'SimpleRNNCell':
      return {
        stateShapes: [[units]],
        step(context, x, [h]) {
          const { data } = context.weight('recurrent_kernel', [units, units]);
          const recurrent = dot(context, h!, 'recurrent_kernel', [units, units], data);
          return [applyActivation(context, add(context, input(context, x, units), recurrent), activation)];
        },
      };
    case 'LSTMCell':
      return {
        stateShapes: [[units], [units]],
        step(context, x, [h, c]) {
          const { data } = context.weight('recurrent_kernel', [units, 4 * units]);
          const recurrent = dot(context, h!, 'recurrent_kernel', [units, 4 * units], data);
          const gates = split(context, add(context, input(context, x, 4 * units), recurrent), 4);
          return lstmUpdate(context, gates, c!, activation, cell.config.recurrent_activation);
        },
      };
    case 'GRUCell': {
      const { recurrent_activation } = cell.config;
      return {
        stateShapes: [[units]],
        step(context, x, [h]) {
          const { data } = context.weight('recurrent_kernel', [units, 3 * units]);
          const part = (name: string, start: number, count: number, state: Value) =>
            dot(context, state, name, [units, count], columns(data, 3 * units, start, count));
          const [xz, xr, xh] = split(context, input(context, x, 3 * units), 3);
          const [hz, hr] = split(context, part('recurrent_kernel_gates', 0, 2 * units, h!), 2);
          const z = applyActivation(context, add(context, xz!, hz!), recurrent_activation);
          const r = applyActivation(context, add(context, xr!, hr!), recurrent_activation);
          const hh = part('recurrent_kernel_hidden', 2 * units, units, multiply(context, r, h!));
          const candidate = applyActivation(context, add(context, xh!, hh), activation);
          const rest = context.op('Sub', [context.scalar('one', 1), z], { shape: z.shape, layout: 'plain' });
          return [add(context, multiply(context, z, h!), multiply(context, rest, candidate))];
        },
      };
    }
  }
}

/** The new output and carry from the gates i, f, c, o. */
function lstmUpdate(
  context: LayerContext,
  [i, f, g, o]: readonly Value[],
  carry: Value,
  activation: Activation,
  recurrentActivation: Activation,
): Value[] {
  const gate = (x: Value) => applyActivation(context, x, recurrentActivation);
  const kept = multiply(context, gate(f!), carry);
  const fresh = multiply(context, gate(i!), applyActivation(context, g!, activation));
  const c = add(context, kept, fresh);
  return [multiply(context, gate(o!), applyActivation(context, c, activation)), c];
}

/** Cells on top of each other; tfjs keeps the states of the last cell first. */
export function stackedCell(cells: readonly { readonly cell: Cell; readonly name: string }[]): Cell {
  const reversed = cells.toReversed();
  return {
    stateShapes: reversed.flatMap(({ cell }) => cell.stateShapes),
    step(context, x, states) {
      const own = new Map<Cell, readonly Value[]>();
      let used = 0;
      for (const { cell } of reversed) {
        own.set(cell, states.slice(used, used + cell.stateShapes.length));
        used += cell.stateShapes.length;
      }
      let input = x;
      const next = cells.map(({ cell, name }) => {
        const inner = context.inner(name, (weight) => context.weights(`${name}/${weight}`));
        const result = cell.step(inner, input, own.get(cell)!);
        input = result[0]!;
        return result;
      });
      return next.toReversed().flat();
    },
  };
}

/** ConvLSTM2D's cell on images with their channels second: the four gates are one convolution each way. */
export function convLstmCell(
  cell: KerasLayer<'ConvLSTM2DCell' | 'ConvLSTM2D'>,
  image: Value,
  context: LayerContext,
): Cell {
  const { config } = cell;
  const { filters, kernel_size, strides, padding, dilation_rate: dilations } = config;
  const channels = image.shape[1] as number;
  const window = { kernel: kernel_size, strides, dilations, padding };
  const { sizes, attributes } = planWindow(context, image, window);
  const state = [filters, ...sizes];
  const convolve = (
    inner: LayerContext,
    x: Value,
    name: string,
    from: number,
    settings: Record<string, Attribute>,
  ) => {
    const weight = inner.weight(name, [...kernel_size, from, 4 * filters]);
    const kernel = permute(weight, HWIO_TO_OIHW);
    const bias = name === 'kernel' && config.use_bias ? inner.weight('bias', [4 * filters]).data : undefined;
    const inputs = [
      x,
      inner.floats(name, kernel.shape, kernel.data),
      bias && inner.floats('bias', [4 * filters], bias),
    ];
    const shape = [x.shape[0]!, 4 * filters, ...sizes];
    return inner.op('Conv', inputs, { shape }, { kernel_shape: ints(kernel_size), ...settings });
  };
  return {
    stateShapes: [state, state],
    step(inner, x, [h, c]) {
      const around = { kernel: kernel_size, strides: [1, 1], dilations: [1, 1], padding: 'same' } as const;
      const recurrent = planWindow(inner, h!, around).attributes;
      const sum = add(
        inner,
        convolve(inner, x, 'kernel', channels, attributes),
        convolve(inner, h!, 'recurrent_kernel', filters, recurrent),
      );
      return lstmUpdate(inner, split(inner, sum, 4), c!, config.activation, config.recurrent_activation);
    },
  };
}
