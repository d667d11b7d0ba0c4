import { isLayerClass, type KerasLayer, readLayer } from '../../../keras/layer-schemas.js';
import { SchemaError } from '../../../keras/schema.js';
import { channelsFirstAxes, channelsLastAxes } from '../../../onnx/permute.js';
import type { LayerContext } from '../../context.js';
import type { Value } from '../../value.js';
import { type Cell, convLstmCell, type SimpleCellLayer, simpleCell, stackedCell } from './cells.js';
import { isNative, nativeRecurrent } from './native.js';
import { reverseTime, scan } from './scan.js';

export type RecurrentLayer = KerasLayer<'SimpleRNN' | 'LSTM' | 'GRU' | 'RNN' | 'ConvLSTM2D'>;

/** The layer's result before anything is left out: [N, T, ...] in the order of the steps, and the last states. */
export interface Run {
  readonly outputs: Value;
  readonly states: readonly Value[];
}

export function convertRecurrent(
  layer: RecurrentLayer,
  inputs: readonly Value[],
  context: LayerContext,
): Value[] {
  const { return_sequences, return_state, go_backwards } = layer.config;
  const { outputs, states } = runRecurrent(layer, inputs, context, go_backwards);
  return [return_sequences ? outputs : states[0]!, ...(return_state ? states : [])];
}

/** Runs a recurrent layer over its sequence, as one ONNX operator where there is one for it. */
export function runRecurrent(
  layer: RecurrentLayer,
  inputs: readonly Value[],
  context: LayerContext,
  goBackwards: boolean,
): Run {
  checkSupported(layer, context);
  const [sequence, ...initial] = inputs.map((value) => context.plain(value)) as [Value, ...Value[]];
  const mask = inputs[0]!.mask;
  const initialStates = initial.length > 0 ? initial : undefined;
  if (layer.class_name === 'ConvLSTM2D')
    return runConvLstm(layer, sequence, initialStates, context, { mask, goBackwards });
  const features = sequence.shape[2];
  if (sequence.shape.length !== 3 || typeof features !== 'number') {
    return context.refuse('it needs a sequence [N, T, features] with a known number of features');
  }
  const simple = simpleCellOf(layer, context);
  if (simple && isNative(simple) && !mask) {
    return runNative(simple, sequence, initialStates, context, goBackwards);
  }
  const cell = simple
    ? simpleCell(simple, features)
    : cellOf((layer as KerasLayer<'RNN'>).config.cell, features, context);
  checkStates(context, cell, initialStates);
  return scan(context, { cell, sequence, initialStates, mask, goBackwards });
}

function checkSupported({ config }: RecurrentLayer, context: LayerContext): void {
  if (config.stateful) context.refuse('it is stateful: what it gives depends on the calls before');
  if ('reset_after' in config && config.reset_after)
    context.refuse('tfjs itself has no GRU with reset_after');
}

function checkStates(context: LayerContext, cell: Cell, initial: readonly Value[] | undefined): void {
  if (initial && initial.length !== cell.stateShapes.length) {
    context.refuse(`it gets ${initial.length} initial states where it has ${cell.stateShapes.length}`);
  }
}

/** The cell of SimpleRNN, LSTM and GRU; also of an RNN around one. */
export function simpleCellOf(layer: KerasLayer, context: LayerContext): SimpleCellLayer | undefined {
  switch (layer.class_name) {
    case 'SimpleRNN':
      return { ...layer, class_name: 'SimpleRNNCell' };
    case 'LSTM':
      return { ...layer, class_name: 'LSTMCell' };
    case 'GRU':
      return { ...layer, class_name: 'GRUCell' };
    case 'SimpleRNNCell':
    case 'LSTMCell':
    case 'GRUCell':
      return layer;
    case 'RNN': {
      const { class_name } = layer.config.cell;
      const isSimple =
        class_name === 'SimpleRNNCell' || class_name === 'LSTMCell' || class_name === 'GRUCell';
      if (!isSimple) return undefined;
      return { ...(readInner(layer.config.cell, context) as SimpleCellLayer), name: layer.name };
    }
    default:
      return undefined;
  }
}

type InnerJson = { readonly class_name: string; readonly config: Record<string, unknown> };

function cellOf(json: InnerJson, features: number, context: LayerContext): Cell {
  const layer = readInner(json, context);
  const simple = simpleCellOf(layer, context);
  if (simple) return simpleCell(simple, features);
  if (layer.class_name !== 'StackedRNNCells')
    return context.refuse(`it runs the cell ${layer.class_name}, which has no converter`);
  if (layer.config.cells.length === 0) return context.refuse('it has no cells');
  let width = features;
  const cells = layer.config.cells.map((inner, i) => {
    const cell = cellOf(inner, width, context);
    width = cell.stateShapes[0]![0] as number;
    return { cell, name: `RNNCell_${i}` };
  });
  return stackedCell(cells);
}

/** The layer inside another one. */
export function readInner({ class_name, config }: InnerJson, context: LayerContext): KerasLayer {
  if (!isLayerClass(class_name))
    return context.refuse(`it holds a ${class_name}, which tfjs-layers 4.22 does not have`);
  try {
    return readLayer(String(config.name ?? class_name), class_name, config);
  } catch (error) {
    if (error instanceof SchemaError) context.refuse(`of its ${class_name}, ${error.message}`);
    throw error;
  }
}

function runNative(
  cell: SimpleCellLayer,
  sequence: Value,
  initial: readonly Value[] | undefined,
  context: LayerContext,
  isReverse: boolean,
): Run {
  const [batch] = sequence.shape;
  const { units } = cell.config;
  if (initial && initial.length !== (cell.class_name === 'LSTMCell' ? 2 : 1)) {
    context.refuse(`it gets ${initial.length} initial states`);
  }
  const axis = context.int64s('direction_axis', [0]);
  const initialStates = initial?.map((state) =>
    context.op('Unsqueeze', [state, axis], { shape: [1, batch!, units] }),
  );
  const { outputs, states } = nativeRecurrent(context, cell, sequence, [context], {
    isReverse,
    initialStates,
  });
  const timeFirst = context.op('Squeeze', [outputs, context.int64s('directions_axis', [1])], {
    shape: [outputs.shape[0]!, batch!, units],
  });
  const inTime = context.transpose(timeFirst, [1, 0, 2]);
  return {
    // ONNX gives the steps in the order of time, tfjs in the order in which they were made.
    outputs: isReverse ? reverseTime(context, inTime) : inTime,
    states: states.map((state) => context.op('Squeeze', [state, axis], { shape: [batch!, units] })),
  };
}

/** Images with their channels last are turned once before the steps, and once after them. */
function runConvLstm(
  layer: KerasLayer<'ConvLSTM2D'>,
  sequence: Value,
  initial: readonly Value[] | undefined,
  context: LayerContext,
  options: { mask: Value | undefined; goBackwards: boolean },
): Run {
  if (sequence.shape.length !== 5) context.refuse('it needs a sequence of images [N, T, ...]');
  const isLast = layer.config.data_format === 'channels_last';
  // Time counts as part of the batch when axes are turned.
  const turned = (value: Value, axes: readonly number[]) =>
    isLast ? context.transpose(value, [0, ...axes.map((axis) => axis + 1)]) : value;
  const images = turned(sequence, channelsFirstAxes(4));
  const image = { ...images, shape: [images.shape[0]!, ...images.shape.slice(2)] };
  const cell = convLstmCell(layer, image, context);
  checkStates(context, cell, initial);
  const turnedState = (value: Value, axes: readonly number[]) =>
    isLast ? context.transpose(value, axes) : value;
  const initialStates = initial?.map((state) => turnedState(state, channelsFirstAxes(4)));
  const { outputs, states } = scan(context, { cell, sequence: images, initialStates, ...options });
  return {
    outputs: turned(outputs, channelsLastAxes(4)),
    states: states.map((state) => turnedState(state, channelsLastAxes(4))),
  };
}
