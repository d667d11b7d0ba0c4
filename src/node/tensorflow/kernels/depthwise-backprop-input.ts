import type { Tensor4D } from '@tensorflow/tfjs';
import { type ConvolutionAttributes, composedKernel, convolutionOf } from './kernel.js';
import { cutWindow, spreadByStrides } from './window.js';

/**
 * The gradient of a depthwise convolution for its input: for each of the kernel's M multiples, a depthwise
 * convolution of its part of dy, spread by the strides and padded, by the flipped kernel.
 */
export const depthwiseBackpropInput = composedKernel(
  'DepthwiseConv2dNativeBackpropInput',
  (tf, { dy, filter }, attrs: ConvolutionAttributes) => {
    const conv = convolutionOf(tf, attrs.inputShape!, filter!.shape, attrs);
    const [filterHeight, filterWidth, channels, multiplier] = filter!.shape;
    const [n, h, w] = dy!.shape;
    const flipped = tf.reverse(filter!, [0, 1]);
    const byMultiple = dy!.reshape([n * h * w, channels, multiplier]);
    const parts = Array.from({ length: multiplier }, (_, m) => {
      const part = byMultiple.slice([0, 0, m], [-1, -1, 1]).reshape([n, h, w, channels]) as Tensor4D;
      const window = cutWindow(tf, spreadByStrides(tf, part, conv.strideHeight, conv.strideWidth), {
        top: conv.padInfo.top - (filterHeight - 1),
        left: conv.padInfo.left - (filterWidth - 1),
        height: conv.inHeight + filterHeight - 1,
        width: conv.inWidth + filterWidth - 1,
      });
      const kernel = flipped.slice([0, 0, 0, m], [-1, -1, -1, 1]);
      return tf.depthwiseConv2d(window, kernel, 1, 'valid');
    });
    return parts.reduce((sum, part) => sum.add(part));
  },
);
