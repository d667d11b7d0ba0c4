import { type Attribute, type Dim, ints, text } from '../../onnx/types.js';
import type { LayerContext } from '../context.js';
import type { Layout, Value } from '../value.js';

/** What a convolution or pooling slides over its input; one entry a spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: 'valid' | 'same' | 'causal';
}

export interface WindowPlan {
  /** `pads`, `strides`, `dilations` as ONNX wants them. */
  readonly attributes: Record<string, Attribute>;
  /** The sizes of the output's spatial axes. */
  readonly sizes: Dim[];
}

/**
 * Plans a window over the spatial axes of a channels-first input [N, C, ...spatial].
 *
 * `same` follows TensorFlow: the output has ceil(size / stride) places, and of an odd total the larger half
 * of the padding comes at the end.
 */
export function planWindow(context: LayerContext, input: Value, window: Window): WindowPlan {
  if (window.padding === 'causal') context.refuse('tfjs itself does not implement causal padding');
  const { strides, dilations } = window;
  const extents = window.kernel.map((size, i) => (size - 1) * dilations[i]! + 1);
  const spatial = input.shape.slice(2);
  const sizes = spatial.map((size, i) => {
    if (typeof size === 'string') return context.unknownDim(i + 2);
    const places = window.padding === 'same' ? size : size - extents[i]! + 1;
    const count = Math.ceil(places / strides[i]!);
    return count > 0
      ? count
      : context.refuse(`its window does not fit into its input of ${spatial.join('×')}`);
  });
  return { sizes, attributes: { strides: ints(strides), ...optional(dilations), ...padAttributes() } };

  function optional(rates: readonly number[]): Record<string, Attribute> {
    return rates.every((rate) => rate === 1) ? {} : { dilations: ints(rates) };
  }

  function padAttributes(): Record<string, Attribute> {
    if (window.padding === 'valid') return {};
    const totals = spatial.map((size, i) => {
      if (typeof size === 'number') {
        return Math.max(0, (Math.ceil(size / strides[i]!) - 1) * strides[i]! + extents[i]! - size);
      }
      if (extents[i] === 1) return 0;
      return strides[i] === 1 ? extents[i]! - 1 : undefined;
    });
    // Only the runtime knows the sizes, and has the same rule.
    if (totals.includes(undefined)) return { auto_pad: text('SAME_UPPER') };
    const begins = totals.map((total) => Math.floor(total! / 2));
    const ends = totals.map((total, i) => total! - begins[i]!);
    return [...begins, ...ends].every((pad) => pad === 0) ? {} : { pads: ints([...begins, ...ends]) };
  }
}

export type DataFormat = 'channels_last' | 'channels_first';

/** The input with its channels second in the graph, whatever the layer's data format is in tfjs. */
export function spatialInput(context: LayerContext, input: Value, dataFormat: DataFormat): Value {
  return dataFormat === 'channels_first' ? context.plain(input) : context.channelsFirst(input);
}

/** The layout of what a layer of that data format makes of such an input. */
export function spatialLayout(dataFormat: DataFormat): Layout {
  return dataFormat === 'channels_first' ? 'plain' : 'NCHW';
}

/** The number of channels of a channels-first value. */
export function channelsOf(context: LayerContext, value: Value): number {
  const channels = value.shape[1];
  return typeof channels === 'number' ? channels : context.refuse('it needs to know its input channels');
}
