import type { Tensor4D } from '@tensorflow/tfjs';
import {
  type ConvolutionAttributes,
  convolutionOf,
  metPart,
  type TrainingKernel,
  type WasmBackend,
} from './kernel.js';
import { runSimd } from './simd.js';
import { isSparse, makeTensor } from './sparse.js';
import { cutWindow } from './window.js';

/**
 * The gradient of a convolution for its input. The WASM backend's own kernel is a naive loop, ten times slower; a
 * convolution of the padded output gradient would multiply its zeros too.
 */
export const conv2dBackpropInput: TrainingKernel = {
  kernelName: 'Conv2DBackpropInput',
  make: (tf) => (params) =>
    tf.tidy(() => {
      const { dy, filter } = params.inputs as { dy: Tensor4D; filter: Tensor4D };
      const attrs = params.attrs as unknown as ConvolutionAttributes;
      const conv = convolutionOf(tf, attrs.inputShape!, filter.shape, attrs);
      const { shape, sizes } = metPart(conv);
      const backend = params.backend as WasmBackend;
      const met = makeTensor(tf, backend, shape) as Tensor4D;
      if (isSparse(tf, backend, dy, conv)) {
        const list = makeTensor(tf, backend, [conv.outChannels + 1, 2]);
        const weights = tf.transpose(filter, [3, 0, 1, 2]);
        runSimd(backend, 'sparseInputGradient', [dy, weights, met, list], sizes);
      } else {
        const weights = tf.transpose(filter, [0, 1, 3, 2]);
        runSimd(backend, 'convolutionInputGradient', [dy, weights, met], sizes);
      }
      // What the kernel met without the pads, and zeros where it met nothing.
      return cutWindow(tf, met, {
        top: conv.padInfo.top,
        left: conv.padInfo.left,
        height: conv.inHeight,
        width: conv.inWidth,
      });
    }),
};
