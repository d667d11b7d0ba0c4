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
 * The gradient of a convolution for its kernel [P, Q, C, K], which the WASM backend lacks. Made of the backend's
 * own ops, as a convolution of transposes, it takes twice the time, or four times for images of one channel.
 */
export const conv2dBackpropFilter: TrainingKernel = {
  kernelName: 'Conv2DBackpropFilter',
  make: (tf) => (params) =>
    tf.tidy(() => {
      const { x, dy } = params.inputs as { x: Tensor4D; dy: Tensor4D };
      const attrs = params.attrs as unknown as ConvolutionAttributes;
      const conv = convolutionOf(tf, x.shape, attrs.filterShape!, attrs);
      const { window, sizes } = metPart(conv);
      const met = cutWindow(tf, x, window);
      const backend = params.backend as WasmBackend;
      if (isSparse(tf, backend, dy, conv)) {
        const shape = [conv.outChannels, conv.filterHeight, conv.filterWidth, conv.inChannels];
        const gradient = makeTensor(tf, backend, shape);
        const list = makeTensor(tf, backend, [conv.outHeight * conv.outWidth + 1, 2]);
        runSimd(backend, 'sparseFilterGradient', [met, dy, gradient, list], sizes);
        return tf.transpose(gradient, [1, 2, 3, 0]) as Tensor4D;
      }
      const gradient = backend.makeOutput(attrs.filterShape!, 'float32');
      runSimd(backend, 'convolutionFilterGradient', [met, dy, gradient], sizes);
      return gradient as Tensor4D;
    }),
};
