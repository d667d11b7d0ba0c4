import type { Dim } from './types.js';

export type Shape = readonly Dim[] | undefined;

/** What a rule may ask about the node at hand. */
export interface Known {
  readonly op: string;
  readonly inputCount: number;
  shape(input: number): Shape;
  isGiven(input: number): boolean;
  /** The values of a small constant input. */
  values(input: number): readonly number[] | undefined;
  int(name: string, otherwise: number): number;
  ints(name: string): readonly number[] | undefined;
  word(name: string): string;
  tensorShape(attribute: string): readonly number[] | undefined;
}

/** The shape of a node's first output; an unknown dimension is `?`. */
type Rule = (known: Known) => Shape;

const same: Rule = ({ shape }) => shape(0);

const inputShapes = ({ inputCount, shape }: Known): Shape[] =>
  Array.from({ length: Math.min(inputCount, 1000) }, (_, i) => shape(i));

const broadcast: Rule = (known) => {
  const shapes = inputShapes(known);
  if (shapes.some((s) => !s)) return undefined;
  const rank = Math.max(...shapes.map((s) => s!.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dims = shapes.map((s) => s![axis - rank + s!.length] ?? 1).filter((dim) => dim !== 1);
    return dims.find((dim) => typeof dim === 'number') ?? dims[0] ?? 1;
  });
};

const gemm: Rule = ({ shape, int }) => {
  const [a, b] = [shape(0), shape(1)];
  if (a?.length !== 2 || b?.length !== 2) return undefined;
  return [a[int('transA', 0) ? 1 : 0]!, b[int('transB', 0) ? 0 : 1]!];
};

const matMul: Rule = ({ shape }) => {
  const [a, b] = [shape(0), shape(1)];
  if (!a || !b || a.length < 2 || b.length < 2 || (a.length > 2 && b.length > 2)) return undefined;
  return [...(a.length > 2 ? a : b).slice(0, -2), a.at(-2)!, b.at(-1)!];
};

const conv: Rule = (known) => {
  const kernel = known.shape(1);
  const batch = known.shape(0)?.[0];
  const sizes = windowSizes(known, kernel?.slice(2));
  return sizes && batch !== undefined ? [batch, kernel![0]!, ...sizes] : undefined;
};

const pool: Rule = (known) => {
  const sizes = windowSizes(known, known.ints('kernel_shape'));
  return sizes && [...known.shape(0)!.slice(0, 2), ...sizes];
};

/** The spatial sizes after a convolution or pooling with this kernel. */
function windowSizes(known: Known, kernel: Shape): Dim[] | undefined {
  const input = known.shape(0)?.slice(2);
  if (!input || !kernel || input.length !== kernel.length) return undefined;
  const [strides, dilations, pads] = ['strides', 'dilations', 'pads'].map(known.ints);
  const autoPad = known.word('auto_pad');
  const round = known.int('ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  return input.map((size, axis) => {
    const window = kernel[axis]!;
    const stride = strides?.[axis] ?? 1;
    if (typeof size !== 'number' || typeof window !== 'number' || stride < 1) return '?';
    if (autoPad.startsWith('SAME')) return Math.ceil(size / stride);
    const before = pads?.[axis] ?? 0;
    const padding = autoPad === 'VALID' ? 0 : before + (pads?.[axis + input.length] ?? 0);
    const extent = (window - 1) * (dilations?.[axis] ?? 1) + 1;
    const steps = round((size + padding - extent) / stride);
    // A last window that would begin in the padding behind is none.
    return steps * stride >= size + before ? steps : steps + 1;
  });
}

const globalPool: Rule = ({ shape }) => shape(0)?.map((dim, axis) => (axis < 2 ? dim : 1));

const flatten: Rule = ({ shape, int }) => {
  const input = shape(0);
  const given = int('axis', 1);
  const axis = given < 0 ? given + (input?.length ?? 0) : given;
  return input && [product(input.slice(0, axis)), product(input.slice(axis))];
};

function product(dims: readonly Dim[]): Dim {
  const open = dims.filter((dim) => typeof dim === 'string');
  const size = sizeOf(dims);
  if (open.length === 0) return size;
  return open.length === 1 && size === 1 ? open[0]! : '?';
}

function sizeOf(dims: readonly Dim[]): number {
  return dims.reduce<number>((total, dim) => (typeof dim === 'number' ? total * dim : total), 1);
}

const reshape: Rule = ({ shape, values, int }) => {
  const wanted = values(1);
  const input = shape(0);
  const keepsZero = int('allowzero', 0) === 1;
  const dims = wanted?.map((dim, i): Dim => (dim === 0 && !keepsZero ? (input?.[i] ?? '?') : dim));
  if (!dims?.includes(-1)) return dims;
  const rest = restOf(
    input,
    dims.filter((dim) => dim !== -1),
  );
  return dims.map((dim) => (dim === -1 ? rest : dim));
};

/** What is left for a reshape's -1; open dimensions that stand on both sides cancel out. */
function restOf(input: Shape, others: readonly Dim[]): Dim {
  const open = (shape: readonly Dim[]) => shape.filter((dim) => typeof dim === 'string');
  if (!input || [...open(input), ...open(others)].includes('?')) return '?';
  const [size, other] = [sizeOf(input), sizeOf(others)];
  if (open(input).join() === open(others).join()) return other > 0 ? Math.floor(size / other) : '?';
  return open(others).length === 0 && size === other ? product(open(input)) : '?';
}

const transpose: Rule = ({ shape, ints }) => {
  const input = shape(0);
  return input && (ints('perm')?.map((axis) => input[axis] ?? '?') ?? [...input].reverse());
};

const concat: Rule = (known) => {
  const shapes = inputShapes(known);
  const rank = shapes[0]?.length;
  if (!rank || shapes.some((s) => s?.length !== rank)) return undefined;
  const axis = (known.int('axis', 0) + rank) % rank;
  const dims = shapes.map((s) => s![axis]!);
  const total = dims.every((dim) => typeof dim === 'number')
    ? (dims as number[]).reduce((a, b) => a + b, 0)
    : '?';
  return shapes[0]!.map((dim, i) => (i === axis ? total : dim));
};

const squeeze: Rule = ({ shape, values, ints, isGiven }) => {
  const input = shape(0);
  const given = values(1) ?? ints('axes');
  if (!input || (!given && isGiven(1))) return undefined;
  const axes = given?.map((axis) => (axis < 0 ? axis + input.length : axis));
  return input.filter((dim, i) => (axes ? !axes.includes(i) : dim !== 1));
};

const unsqueeze: Rule = ({ shape, values, ints }) => {
  const input = shape(0);
  const axes = values(1) ?? ints('axes');
  if (!input || !axes) return undefined;
  const rank = input.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  let next = 0;
  return Array.from({ length: rank }, (_, i) => (added.has(i) ? 1 : (input[next++] ?? '?')));
};

const reduce: Rule = ({ op, shape, values, ints, int, isGiven }) => {
  const input = shape(0);
  // ArgMax and ArgMin reduce along one axis.
  const given = op.startsWith('Arg') ? [int('axis', 0)] : (values(1) ?? ints('axes'));
  if (!input || (!given && (isGiven(1) || int('noop_with_empty_axes', 0)))) return undefined;
  const axes = given?.map((axis) => (axis < 0 ? axis + input.length : axis)) ?? input.map((_, i) => i);
  if (int('keepdims', 1) !== 1) return input.filter((_, i) => !axes.includes(i));
  return input.map((dim, i) => (axes.includes(i) ? 1 : dim));
};

const gather: Rule = ({ shape, int }) => {
  const [data, indices] = [shape(0), shape(1)];
  if (!data?.length || !indices) return undefined;
  const axis = (int('axis', 0) + data.length) % data.length;
  return [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)];
};

const constant: Rule = ({ tensorShape }) => tensorShape('value');

const rules = (names: string, rule: Rule) => names.split(' ').map((name) => [name, rule] as const);

/** How the common operators' output shapes follow from their inputs (onnx.ai/onnx/operators). */
export const SHAPE_RULES: ReadonlyMap<string, Rule> = new Map([
  ...rules('Abs BatchNormalization Cast Celu Ceil Clip CumSum DequantizeLinear Dropout Elu Erf Exp', same),
  ...rules(
    'Floor Gelu GroupNormalization HardSigmoid HardSwish Hardmax Identity InstanceNormalization',
    same,
  ),
  ...rules('LRN LayerNormalization LeakyRelu Log LogSoftmax Mish Neg Not PRelu QuantizeLinear', same),
  ...rules('RMSNormalization Reciprocal Relu Round Selu Shrink Sigmoid Sign Softmax Softplus Softsign', same),
  ...rules('Sqrt Swish Tanh ThresholdedRelu', same),
  ...rules(
    'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or Pow',
    broadcast,
  ),
  ...rules('Sub Sum Where Xor', broadcast),
  ...rules(
    'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd',
    reduce,
  ),
  ...rules('ReduceSum ReduceSumSquare ArgMax ArgMin', reduce),
  ...rules('MaxPool AveragePool LpPool', pool),
  ...rules('GlobalAveragePool GlobalMaxPool GlobalLpPool', globalPool),
  ['Concat', concat],
  ['Constant', constant],
  ['ConstantOfShape', ({ values }) => values(0)],
  ['Conv', conv],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['Reshape', reshape],
  ['Squeeze', squeeze],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
]);
