import type { KernelConfig, NamedTensorInfoMap, Tensor4D, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../native.js';
import type { Window } from './window.js';

type KernelFunc = KernelConfig['kernelFunc'];

/** A kernel of the WASM backend that we add or replace. */
export interface TrainingKernel {
  readonly kernelName: string;
  /** Makes the kernel; `replaced` is the backend's own, where it has one. */
  make(tf: TensorFlow, replaced: KernelFunc | undefined): KernelFunc;
}

/** What we use of the WASM backend beyond its public type. */
export interface WasmBackend {
  /** Memory for a tensor, not cleared. */
  makeOutput(shape: readonly number[], dtype: 'float32'): TensorInfo;
  /** A view of a tensor in the heap; valid until the next allocation, which may move the heap. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  /** One tensor more has this data. */
  incRef(dataId: object): void;
  /** Emscripten's module, with what the compiled library exports. */
  readonly wasm: { readonly asm: { readonly memory: object } };
}

/** A kernel made of other ops. tfjs hands over tensors, though its types promise less. */
export function composedKernel<Attributes>(
  kernelName: string,
  compute: (tf: TensorFlow, inputs: Record<string, Tensor4D>, attrs: Attributes) => TensorInfo,
): TrainingKernel {
  return {
    kernelName,
    make:
      (tf) =>
      ({ inputs, attrs }: { inputs: NamedTensorInfoMap; attrs?: object }) =>
        tf.tidy(() => compute(tf, inputs as Record<string, Tensor4D>, attrs as Attributes) as Tensor4D),
  };
}

/** What tfjs passes to the gradients of a convolution. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | ExplicitPads;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  /** Of the gradient for the input. */
  readonly inputShape?: Shape4D;
  /** Of the gradient for the kernel. */
  readonly filterShape?: Shape4D;
}

type ExplicitPads = [[number, number], [number, number], [number, number], [number, number]];
export type Shape4D = [number, number, number, number];

/** The sizes, strides and pads of a convolution, as tfjs's forward pass sees them; not a depthwise one's output channels. */
export function convolutionOf(
  tf: TensorFlow,
  inputShape: Shape4D,
  filterShape: Shape4D,
  attrs: ConvolutionAttributes,
): ReturnType<TensorFlow['backend_util']['computeConv2DInfo']> {
  const { strides, pad, dataFormat = 'NHWC', dimRoundingMode } = attrs;
  if (dataFormat !== 'NHWC') throw new Error(`the WASM backend has no convolution in ${dataFormat} order`);
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
}

/** A convolution as the compiled kernels are told of it: on the part of the input that the kernel meets. */
export function metPart(conv: ReturnType<typeof convolutionOf>): {
  readonly shape: Shape4D;
  /** Where it lies in the input; it may reach over the edges. */
  readonly window: Window;
  /** In the kernels' order. */
  readonly sizes: readonly number[];
} {
  const { batchSize, inChannels, outHeight, outWidth, outChannels, padInfo } = conv;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = conv;
  const height = (outHeight - 1) * strideHeight + filterHeight;
  const width = (outWidth - 1) * strideWidth + filterWidth;
  const shape: Shape4D = [batchSize, height, width, inChannels];
  return {
    shape,
    window: { top: -padInfo.top, left: -padInfo.left, height, width },
    sizes: [...shape, outHeight, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth],
  };
}
