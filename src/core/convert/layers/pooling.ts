import type { KerasLayer } from '../../keras/layer-schemas.js';
import { int, ints } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import { graphAxis, type Value } from '../value.js';
import { planWindow, spatialInput, spatialLayout } from './window.js';

type PoolLayer = KerasLayer<
  | 'MaxPooling1D'
  | 'MaxPooling2D'
  | 'MaxPooling3D'
  | 'AveragePooling1D'
  | 'AveragePooling2D'
  | 'AveragePooling3D'
>;

export function convertPool(layer: PoolLayer, [input]: readonly Value[], context: LayerContext): Value {
  const { pool_size: kernel, strides, padding } = layer.config;
  // 1D pooling has no data format in tfjs.
  const dataFormat = layer.class_name.endsWith('1D') ? 'channels_last' : layer.config.data_format;
  const x = spatialInput(context, input!, dataFormat);
  const window = { kernel, strides: strides ?? kernel, dilations: kernel.map(() => 1), padding };
  const { attributes, sizes } = planWindow(context, x, window);
  // ONNX Runtime's own rule then pads by less than nothing.
  if ('auto_pad' in attributes && window.strides.some((stride, i) => stride > kernel[i]!))
    context.refuse(
      'its strides are larger than its pool, and its padding depends on a size that is not known',
    );
  const isMax = layer.class_name.startsWith('Max');
  return context.op(
    isMax ? 'MaxPool' : 'AveragePool',
    [x],
    { shape: [...x.shape.slice(0, 2), ...sizes], layout: spatialLayout(dataFormat) },
    // Averages leave the padding out.
    { kernel_shape: ints(kernel), ...attributes, ...(isMax ? {} : { count_include_pad: int(0) }) },
  );
}

type GlobalPoolLayer = KerasLayer<
  'GlobalMaxPooling1D' | 'GlobalAveragePooling1D' | 'GlobalMaxPooling2D' | 'GlobalAveragePooling2D'
>;

/** A reduction over the spatial axes needs no layout change, and drops the axes as tfjs does. */
export function convertGlobalPool(
  layer: GlobalPoolLayer,
  [x]: readonly Value[],
  context: LayerContext,
): Value {
  const isChannelsFirst = 'data_format' in layer.config && layer.config.data_format === 'channels_first';
  const kerasAxes = layer.class_name.endsWith('1D') ? [1] : isChannelsFirst ? [2, 3] : [1, 2];
  const axes = kerasAxes.map((axis) => graphAxis(x!, axis)).sort((a, b) => a - b);
  return context.op(
    layer.class_name.startsWith('GlobalMax') ? 'ReduceMax' : 'ReduceMean',
    [x, context.int64s('axes', axes)],
    { shape: x!.shape.filter((_, axis) => !axes.includes(axis)), layout: 'plain' },
    { keepdims: int(0) },
  );
}
