import type { KerasLayer } from '../../../keras/layer-schemas.js';
import { type Dim, int } from '../../../onnx/types.js';
import type { LayerContext } from '../../context.js';
import type { Value } from '../../value.js';
import { isNative, nativeRecurrent } from './native.js';
import { type RecurrentLayer, readInner, runRecurrent, simpleCellOf } from './recurrent.js';
import { reverseTime } from './scan.js';

/** TimeDistributed: time becomes part of the batch, and is taken out of it again. */
export function convertTimeDistributed(
  layer: KerasLayer<'TimeDistributed'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const x = context.plain(input!);
  const [batch, time, ...features] = x.shape as [Dim, Dim, ...Dim[]];
  const isKnown = typeof batch === 'number' && typeof time === 'number';
  const steps = isKnown ? batch * time : context.graph.dimension(`${context.scope}_steps`);
  const folded = context.reshape(x, [steps, ...features]);
  const [result] = context.convertInner(layer.config.layer, [folded], context);
  const plain = context.plain(result!);
  const shape = [batch, time, ...plain.shape.slice(1)];
  if (typeof batch === 'number' || typeof time === 'number') return context.reshape(plain, shape);
  // Only a run knows both: they are those of the input.
  const ends = { start: int(0), end: int(2) };
  const first = context.op('Shape', [x], { shape: [2], type: 'int64', layout: 'plain' }, ends);
  const rest = context.int64s('features', knownDims(context, plain.shape.slice(1)));
  const target = context.op('Concat', [first, rest], { shape: [shape.length] }, { axis: int(0) });
  return context.op('Reshape', [plain, target], { shape });
}

function knownDims(context: LayerContext, dims: readonly Dim[]): number[] {
  const known = dims.filter((dim) => typeof dim === 'number');
  return known.length === dims.length ? known : context.refuse('it needs to know the sizes of what it makes');
}

/** Bidirectional: the layer run both ways, as one ONNX operator where it has one. */
export function convertBidirectional(
  layer: KerasLayer<'Bidirectional'>,
  inputs: readonly Value[],
  context: LayerContext,
): Value[] {
  const inner = readInner(layer.config.layer, context);
  if (!isRecurrent(inner))
    return context.refuse(`it holds a ${inner.class_name}, which does not run over time`);
  const { return_sequences, return_state, go_backwards } = inner.config;
  const contexts = ['forward', 'backward'].map((direction) => {
    const name = `${direction}_${inner.name}`;
    return context.inner(name, (weight) => context.weights(`${name}/${weight}`));
  }) as [LayerContext, LayerContext];
  const cell = simpleCellOf(inner, context);
  const isOne = cell && isNative(cell) && !go_backwards && !inputs[0]!.mask && inputs.length === 1;
  if (isOne && !inner.config.stateful && !('reset_after' in inner.config && inner.config.reset_after)) {
    return mergeNative(layer, cell, context.plain(inputs[0]!), context, contexts, inner.config);
  }
  const [x, ...initial] = inputs as [Value, ...Value[]];
  const half = initial.length / 2;
  const runs = [
    runRecurrent(inner, [x, ...initial.slice(0, half)], contexts[0], go_backwards),
    runRecurrent(inner, [x, ...initial.slice(half)], contexts[1], !go_backwards),
  ] as const;
  const [forward, backward] = runs.map((run) => (return_sequences ? run.outputs : run.states[0]!)) as [
    Value,
    Value,
  ];
  const aligned = return_sequences ? reverseTime(contexts[1], backward) : backward;
  const merged = merge(context, layer.config.merge_mode, forward, aligned);
  return return_state ? [...merged, ...runs[0].states, ...runs[1].states] : merged;
}

function isRecurrent(layer: KerasLayer): layer is RecurrentLayer {
  return ['SimpleRNN', 'LSTM', 'GRU', 'RNN', 'ConvLSTM2D'].includes(layer.class_name);
}

function mergeNative(
  { config: { merge_mode } }: KerasLayer<'Bidirectional'>,
  cell: NonNullable<ReturnType<typeof simpleCellOf>>,
  sequence: Value,
  context: LayerContext,
  contexts: readonly LayerContext[],
  { return_sequences, return_state }: RecurrentLayer['config'],
): Value[] {
  if (sequence.shape.length !== 3 || typeof sequence.shape[2] !== 'number') {
    context.refuse('it needs a sequence [N, T, features] with a known number of features');
  }
  const [batch, time] = sequence.shape as [Dim, Dim];
  const { units } = cell.config;
  const { outputs, states } = nativeRecurrent(context, cell, sequence, contexts, { isReverse: false });
  const halves = (value: Value, shape: Dim[]): Value[] => {
    const parts = context.ops('Split', [value], new Array(2).fill({ shape: [1, ...shape] }), {
      axis: int(0),
      num_outputs: int(2),
    });
    return parts.map((part) =>
      context.op('Squeeze', [part, context.int64s('direction_axis', [0])], { shape }),
    );
  };
  const [forward, backward] = return_sequences
    ? halves(context.transpose(outputs, [1, 2, 0, 3]), [batch, time, units])
    : halves(states[0]!, [batch, units]);
  const merged = merge(context, merge_mode, forward!, backward!);
  if (!return_state) return merged;
  const [forwardStates, backwardStates] = [0, 1].map((i) =>
    states.map((state) => halves(state, [batch, units])[i]!),
  );
  return [...merged, ...forwardStates!, ...backwardStates!];
}

/** Both directions, already in the order of time. */
function merge(
  context: LayerContext,
  mode: KerasLayer<'Bidirectional'>['config']['merge_mode'],
  forward: Value,
  backward: Value,
): Value[] {
  const same = { shape: forward.shape };
  switch (mode) {
    case null:
      return [forward, backward];
    case 'sum':
      return [context.op('Add', [forward, backward], same)];
    case 'mul':
      return [context.op('Mul', [forward, backward], same)];
    case 'ave': {
      // Not Mean, which WebGPU lacks.
      const sum = context.op('Add', [forward, backward], same);
      return [context.op('Mul', [sum, context.scalar('share', 0.5)], same)];
    }
    case 'concat': {
      const shape = [...forward.shape.slice(0, -1), 2 * (forward.shape.at(-1) as number)];
      return [context.op('Concat', [forward, backward], { shape }, { axis: int(-1) })];
    }
  }
}
