import type { Tensor4D } from '@tensorflow/tfjs';
import { type ConvolutionAttributes, composedKernel, convolutionOf } from './kernel.js';
import { cutWindow } from './window.js';

/**
 * The gradient of a depthwise convolution for its kernel [P, Q, C, M]: for each place of the kernel, the
 * input that it met times the output gradient, summed over images and positions.
 */
export const depthwiseBackpropFilter = composedKernel(
  'DepthwiseConv2dNativeBackpropFilter',
  (tf, { x, dy }, attrs: ConvolutionAttributes) => {
    const conv = convolutionOf(tf, x!.shape, attrs.filterShape!, attrs);
    const [filterHeight, filterWidth, channels, multiplier] = attrs.filterShape!;
    const { batchSize, outHeight, outWidth, strideHeight, strideWidth } = conv;
    const positions = batchSize * outHeight * outWidth;
    const gradient = dy!.reshape([positions, channels, multiplier]);
    const places = [];
    for (let p = 0; p < filterHeight; p++) {
      for (let q = 0; q < filterWidth; q++) {
        const window = cutWindow(tf, x!, {
          top: p - conv.padInfo.top,
          left: q - conv.padInfo.left,
          height: (outHeight - 1) * strideHeight + 1,
          width: (outWidth - 1) * strideWidth + 1,
        });
        const met = tf.stridedSlice(
          window,
          [0, 0, 0, 0],
          [...window.shape],
          [1, strideHeight, strideWidth, 1],
        );
        places.push(met.reshape([positions, channels, 1]).mul(gradient).sum(0));
      }
    }
    return tf.stack(places).reshape(attrs.filterShape!) as Tensor4D;
  },
);
