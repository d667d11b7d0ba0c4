import { GraphBuilder } from '../../../onnx/builder.js';
import { type Dim, int, type NamedTensorType } from '../../../onnx/types.js';
import { knownSize, LayerContext } from '../../context.js';
import type { Value } from '../../value.js';
import type { Cell } from './cells.js';

export interface ScanOptions {
  readonly cell: Cell;
  /** [N, T, ...features] */
  readonly sequence: Value;
  /** By default zeros. */
  readonly initialStates?: readonly Value[] | undefined;
  /** [N, T] bool: where false, the step gives the last output and the states stay. */
  readonly mask?: Value | undefined;
  readonly goBackwards: boolean;
}

export interface ScanResult {
  /** [N, T, ...output], in the order in which the steps were made. */
  readonly outputs: Value;
  /** After the last step. */
  readonly states: readonly Value[];
}

/** Runs a cell over the time axis of a sequence, as ONNX's Scan with the cell as its body. */
export function scan(
  context: LayerContext,
  { cell, sequence, mask, goBackwards, ...options }: ScanOptions,
): ScanResult {
  const [batch, time, ...features] = sequence.shape as [Dim, Dim, ...Dim[]];
  const initial =
    options.initialStates ?? cell.stateShapes.map((shape, i) => zeros(context, sequence, shape, i));

  const body = new GraphBuilder();
  const inner = new LayerContext(
    body,
    `${context.scope}/step`,
    context.opset,
    context.weights,
    context.convertInner,
  );
  const bodyInput = (name: string, shape: readonly Dim[], type: Value['type']): Value => {
    const unique = body.input(`${inner.scope}/${name}`, { type, shape });
    return { name: unique, type, shape, layout: 'plain' };
  };
  const before = cell.stateShapes.map((shape, i) => bodyInput(`state${i}`, [batch, ...shape], 'float32'));
  const x = bodyInput('x', [batch, ...features], sequence.type);
  const stepMask = mask && bodyInput('mask', [batch], 'bool');
  const after = cell.step(inner, x, before);
  const masked = stepMask ? keepWhereMasked(inner, stepMask, after, before) : after;
  // Body outputs are values of their own: the output is the first state too.
  const output = inner.op('Identity', [masked[0]], { shape: masked[0]!.shape });
  const states = masked.map((value) => inner.op('Identity', [value], { shape: value.shape }));
  const typed = ({ name, type, shape }: Value): NamedTensorType => ({ name, type, shape });
  const graph = body.build(`${context.scope}/step`, [...states, output].map(typed));

  const scanned = (mask ? [sequence, mask] : [sequence]).map((value) => {
    const forward = goBackwards ? reverseTime(context, value) : value;
    return context.transpose(forward, timeFirst(value.shape.length), 'plain');
  });
  const outputShape = [time, batch, ...output.shape.slice(1)];
  const results = context.ops(
    'Scan',
    [...initial, ...scanned],
    [...states.map(({ shape }) => shape), outputShape].map((shape) => ({
      shape,
      type: 'float32',
      layout: 'plain',
    })),
    { body: { graph }, num_scan_inputs: int(scanned.length) },
  );
  const steps = results.at(-1)!;
  return { outputs: context.transpose(steps, timeFirst(outputShape.length)), states: results.slice(0, -1) };
}

/** Swaps batch and time: Scan runs over the first axis. */
function timeFirst(rank: number): number[] {
  return [1, 0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2)];
}

/** A sequence [N, T, ...] from its end to its beginning. */
export function reverseTime(context: LayerContext, x: Value): Value {
  const settings = { starts: -1, ends: -(2 ** 31), axes: 1, steps: -1 };
  const parameters = Object.entries(settings).map(([name, value]) =>
    context.int64s(`reverse_${name}`, [value]),
  );
  return context.op('Slice', [x, ...parameters], { shape: x.shape });
}

/** Where the mask is false a step changes nothing, and its output is the first state. */
function keepWhereMasked(
  context: LayerContext,
  mask: Value,
  after: readonly Value[],
  before: readonly Value[],
): readonly Value[] {
  return after.map((value, i) => {
    const axes = context.int64s(
      `mask_axes${i}`,
      value.shape.slice(1).map((_, axis) => axis + 1),
    );
    const shape = value.shape.map((dim, axis) => (axis === 0 ? dim : 1));
    const condition = context.op('Unsqueeze', [mask, axes], { shape });
    return context.op('Where', [condition, value, before[i]!], { shape: value.shape, type: value.type });
  });
}

/** Larger states are made at run time, so that the file does not grow by them. */
const MAX_CONSTANT = 1 << 16;

/** Zeros [N, ...shape] for the batch that a run decides. */
export function zeros(context: LayerContext, like: Value, shape: readonly Dim[], index: number): Value {
  const [batch] = like.shape;
  const known = shape.filter((dim) => typeof dim === 'number');
  if (known.length !== shape.length) context.refuse('it needs to know the size of its states');
  const count = knownSize(context, known);
  if (typeof batch === 'number' && batch * count <= MAX_CONSTANT) {
    const size = batch * count;
    return context.floats(`zeros${index}`, [batch, ...known], new Float32Array(size));
  }
  const size = context.op('Shape', [like], { shape: [1], type: 'int64' }, { start: int(0), end: int(1) });
  const rest = context.int64s(`state_shape${index}`, known);
  const whole = context.op('Concat', [size, rest], { shape: [1 + known.length] }, { axis: int(0) });
  const result = { shape: [batch!, ...known], type: 'float32', layout: 'plain' } as const;
  return context.op('ConstantOfShape', [whole], result);
}
