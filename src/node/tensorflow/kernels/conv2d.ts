import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs';
import {
  type ConvolutionAttributes,
  convolutionOf,
  metPart,
  type TrainingKernel,
  type WasmBackend,
} from './kernel.js';
import { runSimd } from './simd.js';
import { cutWindow } from './window.js';

/** Of a convolution with its bias and activation. */
interface FusedAttributes extends ConvolutionAttributes {
  readonly activation?: string | null;
}

/** Convolutions. */
export const conv2d: TrainingKernel = convolutionKernel('Conv2D');

/** Convolutions with a bias, an activation or both. */
export const fusedConv2d: TrainingKernel = convolutionKernel('FusedConv2D');

/** Filters are computed so many at a time; the rest would be, one by one, slower than in the backend's kernel. */
const LANES = 8;

/**
 * The backend's own kernel takes almost twice the time. It does what ours does not, but for `same` padding, which it
 * has wrong where a stride is longer than the kernel.
 */
function convolutionKernel(kernelName: string): TrainingKernel {
  return {
    kernelName,
    make: (tf, replaced) => (params) => {
      const { x, filter, bias } = params.inputs as { x: Tensor4D; filter: Tensor4D; bias?: TensorInfo };
      const attrs = params.attrs as unknown as FusedAttributes;
      const isDilated = [attrs.dilations ?? 1].flat().some((dilation) => dilation !== 1);
      if (isDilated || attrs.dataFormat === 'NCHW') return replaced!(params);
      return tf.tidy(() => {
        const conv = convolutionOf(tf, x.shape, filter.shape, attrs);
        const filters = conv.outChannels;
        const { window, sizes } = metPart(conv);
        const met = cutWindow(tf, x, window);
        const isPlain =
          (attrs.activation ?? 'linear') === 'linear' && (bias?.shape ?? [filters]).join() === `${filters}`;
        if (!isPlain || filters % LANES !== 0) {
          const rest = { inputs: { ...params.inputs, x: met }, attrs: { ...params.attrs, pad: 'valid' } };
          return replaced!({ ...params, ...rest }) as Tensor;
        }
        const backend = params.backend as WasmBackend;
        const result = backend.makeOutput(conv.outShape, 'float32');
        runSimd(backend, 'convolution', [met, filter, bias, result], sizes);
        return result as Tensor;
      });
    },
  };
}
