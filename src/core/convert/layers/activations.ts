import type { Activation } from '../../keras/activations.js';
import type { KerasLayer } from '../../keras/layer-schemas.js';
import { channelsFirstAxes, channelsLastAxes, permute } from '../../onnx/permute.js';
import { type Attribute, float, int, text } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import { graphAxis, type Value } from '../value.js';

/** Activations that are one ONNX operator with these attributes. */
const SINGLE: Partial<Record<Activation, { op: string; attributes?: Record<string, Attribute> }>> = {
  elu: { op: 'Elu' },
  // ONNX's defaults for Selu and HardSigmoid are tfjs's constants.
  selu: { op: 'Selu' },
  relu: { op: 'Relu' },
  sigmoid: { op: 'Sigmoid' },
  hard_sigmoid: { op: 'HardSigmoid' },
  softplus: { op: 'Softplus' },
  softsign: { op: 'Softsign' },
  tanh: { op: 'Tanh' },
  mish: { op: 'Mish' },
};

/** Applies an activation; the value keeps its layout. */
export function applyActivation(context: LayerContext, value: Value, activation: Activation): Value {
  const single = SINGLE[activation];
  if (single) return same(context, single.op, [value], single.attributes);
  switch (activation) {
    case 'linear':
      return value;
    case 'relu6':
      return clip(context, value, 6);
    case 'softmax':
      return softmax(context, 'Softmax', value, -1);
    case 'log_softmax':
      return softmax(context, 'LogSoftmax', value, -1);
    case 'swish':
      return same(context, 'Mul', [value, same(context, 'Sigmoid', [value])]);
    case 'gelu':
      return context.opset >= 20 ? same(context, 'Gelu', [value]) : geluErf(context, value);
    case 'gelu_new':
      return context.opset >= 20
        ? same(context, 'Gelu', [value], { approximate: text('tanh') })
        : geluTanh(context, value);
    default:
      return context.refuse(`its activation ${activation} is not supported`);
  }
}

/** An elementwise op, broadcasting its other inputs to the first. */
function same(
  context: LayerContext,
  op: string,
  inputs: readonly Value[],
  attributes?: Record<string, Attribute>,
): Value {
  return context.op(op, inputs, { shape: inputs[0]!.shape }, attributes);
}

/** min(max(x, 0), max) */
function clip(context: LayerContext, value: Value, max: number): Value {
  return same(context, 'Clip', [value, context.scalar('min', 0), context.scalar('max', max)]);
}

function softmax(
  context: LayerContext,
  op: 'Softmax' | 'LogSoftmax',
  value: Value,
  kerasAxis: number,
): Value {
  return same(context, op, [value], { axis: int(graphAxis(value, kerasAxis)) });
}

/** x · (1 + erf(x / √2)) / 2, for opsets without Gelu. */
function geluErf(context: LayerContext, x: Value): Value {
  const erf = same(context, 'Erf', [same(context, 'Mul', [x, context.scalar('sqrt_half', Math.SQRT1_2)])]);
  return half(context, x, erf);
}

/** x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, for opsets without Gelu. */
function geluTanh(context: LayerContext, x: Value): Value {
  const cube = same(context, 'Mul', [same(context, 'Mul', [x, x]), x]);
  const sum = same(context, 'Add', [x, same(context, 'Mul', [cube, context.scalar('cubic', 0.044715)])]);
  const tanh = same(context, 'Tanh', [
    same(context, 'Mul', [sum, context.scalar('root', Math.sqrt(2 / Math.PI))]),
  ]);
  return half(context, x, tanh);
}

function half(context: LayerContext, x: Value, y: Value): Value {
  const sum = same(context, 'Add', [y, context.scalar('one', 1)]);
  return same(context, 'Mul', [same(context, 'Mul', [x, sum]), context.scalar('half', 0.5)]);
}

export function convertActivation(
  layer: KerasLayer<'Activation'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  return applyActivation(context, x!, layer.config.activation);
}

export function convertReLU(layer: KerasLayer<'ReLU'>, [x]: readonly Value[], context: LayerContext): Value {
  const max = layer.config.max_value;
  return max === undefined ? same(context, 'Relu', [x!]) : clip(context, x!, max);
}

export function convertLeakyReLU(
  layer: KerasLayer<'LeakyReLU'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  return same(context, 'LeakyRelu', [x!], { alpha: float(layer.config.alpha) });
}

export function convertELU(layer: KerasLayer<'ELU'>, [x]: readonly Value[], context: LayerContext): Value {
  if (layer.config.alpha !== 1) context.refuse('tfjs itself has no ELU with an alpha other than 1');
  return same(context, 'Elu', [x!]);
}

export function convertThresholdedReLU(
  layer: KerasLayer<'ThresholdedReLU'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  return same(context, 'ThresholdedRelu', [x!], { alpha: float(layer.config.theta) });
}

/** PReLU's alpha has the input's shape without the batch, 1 on shared axes, so it moves with the layout. */
export function convertPReLU(
  _: KerasLayer<'PReLU'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const x = typeof input!.layout === 'string' ? input! : context.plain(input!);
  const rank = x.shape.length;
  const axes = x.layout === 'NCHW' ? channelsLastAxes(rank) : x.shape.map((_, axis) => axis);
  const sizes = axes.slice(1).map((axis) => x.shape[axis]!);
  const stored = context.weights('alpha')?.shape;
  // tfjs shares what a run decides.
  const shape = sizes.map((size, i) => (stored?.[i] === 1 || typeof size === 'string' ? 1 : size));
  const weight = context.weight('alpha', shape);
  const channelsFirst = channelsFirstAxes(rank).slice(1);
  const alpha =
    x.layout === 'NCHW'
      ? permute(
          weight,
          channelsFirst.map((axis) => axis - 1),
        )
      : weight;
  return same(context, 'PRelu', [x, context.floats('alpha', alpha.shape, alpha.data)]);
}

export function convertSoftmax(
  layer: KerasLayer<'Softmax'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const { axis } = layer.config;
  if (axis.length === 1) {
    const isLast = axis[0] === -1 || axis[0] === x!.shape.length - 1;
    if (!isLast) context.refuse('tfjs itself has a softmax over the last axis only');
    return softmax(context, 'Softmax', x!, axis[0]!);
  }
  // Over several axes: exp(x - max) / sum(exp(x - max)).
  const axes = context.int64s(
    'axes',
    axis.map((a) => graphAxis(x!, a)).sort((a, b) => a - b),
  );
  const reduced = x!.shape.map((dim, i) => (axis.some((a) => graphAxis(x!, a) === i) ? 1 : dim));
  const reduce = (op: string, value: Value) =>
    context.op(op, [value, axes], { shape: reduced }, { keepdims: int(1) });
  const exp = same(context, 'Exp', [same(context, 'Sub', [x!, reduce('ReduceMax', x!)])]);
  return same(context, 'Div', [exp, reduce('ReduceSum', exp)]);
}
