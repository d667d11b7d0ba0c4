import type { KerasLayer } from '../../keras/layer-schemas.js';
import { type Dim, text } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import { graphAxis, type Value } from '../value.js';
import { spatialInput, spatialLayout } from './window.js';

/** The graph's axes of height and width. */
function imageAxes(value: Value, dataFormat: 'channels_last' | 'channels_first'): [number, number] {
  const [height, width] = dataFormat === 'channels_first' ? [2, 3] : [1, 2];
  return [graphAxis(value, height), graphAxis(value, width)];
}

function resized(
  context: LayerContext,
  x: Value,
  axes: readonly number[],
  change: (dim: number, i: number) => number,
) {
  return x.shape.map((dim, axis): Dim => {
    const i = axes.indexOf(axis);
    if (i < 0) return dim;
    return typeof dim === 'number' ? change(dim, i) : context.unknownDim(axis);
  });
}

export function convertZeroPadding2D(
  layer: KerasLayer<'ZeroPadding2D'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const { padding, data_format } = layer.config;
  const axes = imageAxes(x!, data_format);
  const shape = resized(context, x!, axes, (dim, i) => dim + padding[i]![0] + padding[i]![1]);
  // Of all axes: where only some are named, onnxruntime fails to move a Transpose past it.
  const of = (side: 0 | 1) => x!.shape.map((_, axis) => padding[axes.indexOf(axis)]?.[side] ?? 0);
  // -0 is 0 to all, but onnxruntime makes a Pad of 0 the padding of a pool behind it, which is minus infinity there, and
  // refuses the model where the pool is no larger.
  const inputs = [x, context.int64s('pads', [...of(0), ...of(1)]), context.scalar('zero', -0)];
  return context.op('Pad', inputs, { shape });
}

export function convertCropping2D(
  layer: KerasLayer<'Cropping2D'>,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const { cropping, data_format } = layer.config;
  const axes = imageAxes(x!, data_format);
  const shape = resized(context, x!, axes, (dim, i) => dim - cropping[i]![0] - cropping[i]![1]);
  if (axes.some((axis) => typeof shape[axis] === 'number' && (shape[axis] as number) <= 0)) {
    context.refuse('it cuts away the whole image');
  }
  // An end of 0 would mean the beginning; beyond the end means the end.
  const ends = cropping.map(([, end]) => (end === 0 ? 2 ** 31 - 1 : -end));
  const begins = cropping.map(([begin]) => begin);
  const inputs = [
    x,
    context.int64s('starts', begins),
    context.int64s('ends', ends),
    context.int64s('axes', axes),
  ];
  return context.op('Slice', inputs, { shape });
}

/** tfjs takes the source place as place / scale, for both interpolations: `asymmetric`. */
export function convertUpSampling2D(
  layer: KerasLayer<'UpSampling2D'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { size, data_format, interpolation } = layer.config;
  // onnxruntime resizes bilinearly over the last two axes only.
  const x = spatialInput(context, input!, data_format);
  const shape = resized(context, x, [2, 3], (dim, i) => dim * size[i]!);
  return context.op(
    'Resize',
    [x, undefined, context.floats('scales', [4], [1, 1, size[0]!, size[1]!])],
    { shape, layout: spatialLayout(data_format) },
    {
      mode: text(interpolation === 'nearest' ? 'nearest' : 'linear'),
      coordinate_transformation_mode: text('asymmetric'),
      ...(interpolation === 'nearest' ? { nearest_mode: text('floor') } : {}),
    },
  );
}
