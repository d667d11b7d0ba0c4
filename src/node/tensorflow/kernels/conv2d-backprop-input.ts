import { type ConvolutionAttributes, composedKernel, convolutionOf } from './kernel.js';
import { cutWindow, spreadByStrides } from './window.js';

/**
 * The gradient of a convolution for its input: a convolution of dy, spread by the strides and padded, by the
 * kernel flipped and with its channels exchanged. The WASM backend's own kernel is a naive loop, ten times
 * slower.
 */
export const conv2dBackpropInput = composedKernel(
  'Conv2DBackpropInput',
  (tf, { dy, filter }, attrs: ConvolutionAttributes) => {
    const conv = convolutionOf(tf, attrs.inputShape!, filter!.shape, attrs);
    const spread = spreadByStrides(tf, dy!, conv.strideHeight, conv.strideWidth);
    const window = cutWindow(tf, spread, {
      top: conv.padInfo.top - (conv.filterHeight - 1),
      left: conv.padInfo.left - (conv.filterWidth - 1),
      height: conv.inHeight + conv.filterHeight - 1,
      width: conv.inWidth + conv.filterWidth - 1,
    });
    const flipped = tf.transpose(tf.reverse(filter!, [0, 1]), [0, 1, 3, 2]);
    return tf.conv2d(window, flipped, 1, 'valid');
  },
);
