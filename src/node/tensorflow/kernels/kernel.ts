import type { Tensor4D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../native.js';

/** A kernel made of other ops; `compute` runs inside `tf.tidy`. */
export interface TrainingKernel {
  readonly kernelName: string;
  compute(tf: TensorFlow, inputs: Record<string, Tensor4D>, attrs: ConvolutionAttributes): Tensor4D;
}

/** What tfjs passes to the gradients of a convolution. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | ExplicitPads;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  /** Of the gradient for the input. */
  readonly inputShape?: Shape4D;
  /** Of the gradient for the kernel. */
  readonly filterShape?: Shape4D;
}

type ExplicitPads = [[number, number], [number, number], [number, number], [number, number]];
export type Shape4D = [number, number, number, number];

/** The sizes, strides and pads of a convolution, as tfjs's forward pass sees them. */
export function convolutionOf(
  tf: TensorFlow,
  inputShape: Shape4D,
  filterShape: Shape4D,
  attrs: ConvolutionAttributes,
  depthwise = false,
) {
  const { strides, pad, dataFormat = 'NHWC', dimRoundingMode } = attrs;
  if (dataFormat !== 'NHWC') throw new Error(`the WASM backend has no convolution in ${dataFormat} order`);
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}
