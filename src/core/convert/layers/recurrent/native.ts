import type { Activation } from '../../../keras/activations.js';
import { permute } from '../../../onnx/permute.js';
import { type Attribute, floats, int, text, texts } from '../../../onnx/types.js';
import type { LayerContext } from '../../context.js';
import type { Value } from '../../value.js';
import type { SimpleCellLayer } from './cells.js';

/** The activations that ONNX's recurrent operators know, with their parameters. */
const ONNX_ACTIVATIONS: Partial<Record<Activation, { name: string; alpha?: number; beta?: number }>> = {
  relu: { name: 'Relu' },
  tanh: { name: 'Tanh' },
  sigmoid: { name: 'Sigmoid' },
  hard_sigmoid: { name: 'HardSigmoid', alpha: 0.2, beta: 0.5 },
  linear: { name: 'Affine', alpha: 1, beta: 0 },
  elu: { name: 'Elu', alpha: 1 },
  softsign: { name: 'Softsign' },
  softplus: { name: 'Softplus' },
};

/** Operator, and tfjs's gates in ONNX's order. */
const OPERATORS = {
  SimpleRNNCell: { op: 'RNN', gates: [0] },
  // i f c o become i o f c.
  LSTMCell: { op: 'LSTM', gates: [0, 3, 1, 2] },
  // Both z r h.
  GRUCell: { op: 'GRU', gates: [0, 1, 2] },
} as const;

/** Whether ONNX has the layer's activations inside its recurrent operators. */
export function isNative(cell: SimpleCellLayer): boolean {
  return activationsOf(cell).every((activation) => activation in ONNX_ACTIVATIONS);
}

function activationsOf({ class_name, config }: SimpleCellLayer): Activation[] {
  if (class_name === 'SimpleRNNCell') return [config.activation];
  const gates = config.recurrent_activation;
  return class_name === 'LSTMCell'
    ? [gates, config.activation, config.activation]
    : [gates, config.activation];
}

export interface NativeResult {
  /** [T, directions, N, units], in the order of time for each direction. */
  readonly outputs: Value;
  /** Each [directions, N, units]. */
  readonly states: readonly Value[];
}

/**
 * ONNX's RNN, LSTM or GRU.
 *
 * @param sequence [N, T, features]
 * @param directions one context with the weights of each direction, forward first.
 * @param initialStates each [directions, N, units]
 */
export function nativeRecurrent(
  context: LayerContext,
  cell: SimpleCellLayer,
  sequence: Value,
  directions: readonly LayerContext[],
  options: { isReverse: boolean; initialStates?: readonly Value[] | undefined },
): NativeResult {
  const { op, gates } = OPERATORS[cell.class_name];
  const { units, use_bias } = cell.config;
  const width = gates.length * units;
  const [batch, time, features] = sequence.shape as [Value['shape'][0], Value['shape'][0], number];
  const stack = (name: string, shape: readonly number[], read: (direction: LayerContext) => Float32Array) => {
    const parts = directions.map(read);
    const data = new Float32Array(parts.length * parts[0]!.length);
    for (const [i, part] of parts.entries()) data.set(part, i * part.length);
    return context.floats(name, [parts.length, ...shape], data);
  };
  const matrix = (rows: number, name: string) => (direction: LayerContext) =>
    reorder(permute(direction.weight(name, [rows, width]), [1, 0]).data, units * rows, gates);
  const bias = (direction: LayerContext) => {
    const both = new Float32Array(2 * width);
    both.set(reorder(direction.weight('bias', [width]).data, units, gates));
    return both;
  };
  const inputs = [
    context.transpose(sequence, [1, 0, 2]),
    stack('W', [width, features], matrix(features, 'kernel')),
    stack('R', [width, units], matrix(units, 'recurrent_kernel')),
    use_bias ? stack('B', [2 * width], bias) : undefined,
    undefined,
    ...(options.initialStates ?? []),
  ];
  const state = { shape: [directions.length, batch, units] };
  const [outputs, ...states] = context.ops(
    op,
    inputs,
    [{ shape: [time, directions.length, batch, units] }, state, ...(op === 'LSTM' ? [state] : [])],
    {
      hidden_size: int(units),
      direction: text(directions.length === 2 ? 'bidirectional' : options.isReverse ? 'reverse' : 'forward'),
      ...activationAttributes(cell, directions.length),
    },
  );
  return { outputs: outputs!, states };
}

/** Blocks of `size` numbers in another order. */
function reorder(data: Float32Array, size: number, order: readonly number[]): Float32Array {
  const result = new Float32Array(data.length);
  for (const [to, from] of order.entries())
    result.set(data.subarray(from * size, (from + 1) * size), to * size);
  return result;
}

function activationAttributes(cell: SimpleCellLayer, directions: number): Record<string, Attribute> {
  const once = activationsOf(cell).map((activation) => ONNX_ACTIVATIONS[activation]!);
  const all = Array.from({ length: directions }, () => once).flat();
  const numbers = (key: 'alpha' | 'beta') => all.flatMap((activation) => activation[key] ?? []);
  const [alphas, betas] = [numbers('alpha'), numbers('beta')];
  return {
    activations: texts(all.map(({ name }) => name)),
    ...(alphas.length > 0 ? { activation_alpha: floats(alphas) } : {}),
    ...(betas.length > 0 ? { activation_beta: floats(betas) } : {}),
  };
}
