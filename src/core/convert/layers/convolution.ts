import type { Activation } from '../../keras/activations.js';
import type { KerasLayer } from '../../keras/layer-schemas.js';
import { DHWIO_TO_OIDHW, HWIO_TO_OIHW, permute, WIO_TO_OIW } from '../../onnx/permute.js';
import { type Attribute, int, ints } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import type { Value } from '../value.js';
import { applyActivation } from './activations.js';
import {
  channelsOf,
  type DataFormat,
  planWindow,
  spatialInput,
  spatialLayout,
  type Window,
} from './window.js';

interface ConvConfig {
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation_rate: readonly number[];
  readonly padding: Window['padding'];
  readonly data_format: DataFormat;
  readonly use_bias: boolean;
  readonly activation: Activation;
}

/** Kernel axes by rank: [...spatial, in, out] to [out, in, ...spatial]. */
const KERNEL_AXES: Readonly<Record<number, readonly number[]>> = {
  1: WIO_TO_OIW,
  2: HWIO_TO_OIHW,
  3: DHWIO_TO_OIDHW,
};

function windowOf(config: ConvConfig): Window {
  const { kernel_size: kernel, strides, dilation_rate: dilations, padding } = config;
  return { kernel, strides, dilations, padding };
}

function biasOf(context: LayerContext, config: ConvConfig, filters: number): Value | undefined {
  return config.use_bias
    ? context.floats('bias', [filters], context.weight('bias', [filters]).data)
    : undefined;
}

export function convertConv(
  layer: KerasLayer<'Conv1D' | 'Conv2D' | 'Conv3D'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { config } = layer;
  if (layer.class_name === 'Conv1D' && config.data_format === 'channels_first') {
    context.refuse('tfjs mixes up the axes of a Conv1D with channels_first');
  }
  const x = spatialInput(context, input!, config.data_format);
  const kernelShape = [...config.kernel_size, channelsOf(context, x), config.filters];
  const kernel = permute(context.weight('kernel', kernelShape), KERNEL_AXES[config.kernel_size.length]!);
  const { attributes, sizes } = planWindow(context, x, windowOf(config));
  const y = context.op(
    'Conv',
    [x, context.floats('kernel', kernel.shape, kernel.data), biasOf(context, config, config.filters)],
    { shape: [x.shape[0]!, config.filters, ...sizes], layout: spatialLayout(config.data_format) },
    { kernel_shape: ints(config.kernel_size), ...attributes },
  );
  return applyActivation(context, y, config.activation);
}

/** The kernel [h, w, in, multiplier] becomes [in · multiplier, 1, h, w], one group a channel. */
function depthwise(
  context: LayerContext,
  x: Value,
  window: Window,
  multiplier: number,
  bias?: (filters: number) => Value | undefined,
): Value {
  const channels = channelsOf(context, x);
  const weight = context.weight('depthwise_kernel', [...window.kernel, channels, multiplier]);
  const filters = channels * multiplier;
  const kernel = permute(weight, [2, 3, 0, 1]);
  const { attributes, sizes } = planWindow(context, x, window);
  return context.op(
    'Conv',
    [x, context.floats('depthwise_kernel', [filters, 1, ...window.kernel], kernel.data), bias?.(filters)],
    { shape: [x.shape[0]!, filters, ...sizes] },
    { group: int(channels), kernel_shape: ints(window.kernel), ...attributes },
  );
}

export function convertDepthwiseConv2D(
  layer: KerasLayer<'DepthwiseConv2D'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { config } = layer;
  const x = spatialInput(context, input!, config.data_format);
  // tfjs 4.22 does not pass this layer's dilation rate on; we do what it does.
  const window = { ...windowOf(config), dilations: [1, 1] };
  const y = depthwise(context, x, window, config.depth_multiplier, (filters) =>
    biasOf(context, config, filters),
  );
  return applyActivation(context, { ...y, layout: spatialLayout(config.data_format) }, config.activation);
}

export function convertSeparableConv2D(
  layer: KerasLayer<'SeparableConv2D'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { config } = layer;
  if (config.data_format === 'channels_first' && config.use_bias) {
    context.refuse('tfjs adds the bias of a SeparableConv2D with channels_first along the wrong axis');
  }
  const x = spatialInput(context, input!, config.data_format);
  // tfjs 4.22 does not save this layer's depth multiplier; the kernel has it.
  const multiplier = context.weights('depthwise_kernel')?.shape[3] ?? 1;
  const deep = depthwise(context, x, windowOf(config), multiplier);
  const channels = channelsOf(context, deep);
  const kernel = permute(context.weight('pointwise_kernel', [1, 1, channels, config.filters]), HWIO_TO_OIHW);
  const y = context.op(
    'Conv',
    [
      deep,
      context.floats('pointwise_kernel', kernel.shape, kernel.data),
      biasOf(context, config, config.filters),
    ],
    // tfjs applies the activation while the channels are last.
    { shape: [deep.shape[0]!, config.filters, ...deep.shape.slice(2)], layout: 'NCHW' },
    { kernel_shape: ints([1, 1]) },
  );
  return { ...applyActivation(context, y, config.activation), layout: spatialLayout(config.data_format) };
}

/**
 * The kernel [...spatial, out, in] becomes [in, out, ...spatial]. `same` gives size · stride places: what
 * the kernel has beyond the stride is cut off, the smaller half at the beginning; what it lacks is added.
 */
export function convertConvTranspose(
  layer: KerasLayer<'Conv2DTranspose' | 'Conv3DTranspose'>,
  [input]: readonly Value[],
  context: LayerContext,
): Value {
  const { config } = layer;
  const { kernel_size, strides, filters } = config;
  if (config.padding === 'causal') context.refuse('tfjs itself does not implement causal padding');
  const x = spatialInput(context, input!, config.data_format);
  const kernelShape = [...kernel_size, filters, channelsOf(context, x)];
  const kernel = permute(context.weight('kernel', kernelShape), KERNEL_AXES[kernel_size.length]!);
  const beyond = kernel_size.map((size, i) => Math.max(size - strides[i]!, 0));
  const cut = config.padding === 'same' ? beyond : beyond.map(() => 0);
  const begins = cut.map((total) => Math.floor(total / 2));
  const missing = kernel_size.map((size, i) => Math.max(strides[i]! - size, 0));
  const sizes = x.shape.slice(2).map((size, i) => {
    if (typeof size === 'string') return context.unknownDim(i + 2);
    return size * strides[i]! + beyond[i]! - cut[i]!;
  });
  const attributes: Record<string, Attribute> = {
    kernel_shape: ints(kernel_size),
    strides: ints(strides),
    pads: ints([...begins, ...cut.map((total, i) => total - begins[i]!)]),
    ...(missing.some((count) => count > 0) ? { output_padding: ints(missing) } : {}),
  };
  const y = context.op(
    'ConvTranspose',
    [x, context.floats('kernel', kernel.shape, kernel.data), biasOf(context, config, filters)],
    { shape: [x.shape[0]!, filters, ...sizes], layout: spatialLayout(config.data_format) },
    attributes,
  );
  return applyActivation(context, y, config.activation);
}
