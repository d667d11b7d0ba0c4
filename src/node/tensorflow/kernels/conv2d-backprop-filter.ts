import { type ConvolutionAttributes, composedKernel, convolutionOf } from './kernel.js';
import { cutWindow } from './window.js';

/**
 * The gradient of a convolution for its kernel [P, Q, C, K], which the WASM backend lacks:
 * dW[p, q, c, k] sums x[n, i·s + p - pad, j·s + q - pad, c] · dy[n, i, j, k] over n, i and j. That is a
 * convolution of x, with channels and images changing places, by dy, dilated by the strides.
 */
export const conv2dBackpropFilter = composedKernel(
  'Conv2DBackpropFilter',
  (tf, { x, dy }, attrs: ConvolutionAttributes) => {
    const conv = convolutionOf(tf, x!.shape, attrs.filterShape!, attrs);
    const { strideHeight, strideWidth, padInfo, outHeight, outWidth } = conv;
    const window = cutWindow(tf, x!, {
      top: -padInfo.top,
      left: -padInfo.left,
      height: (outHeight - 1) * strideHeight + conv.filterHeight,
      width: (outWidth - 1) * strideWidth + conv.filterWidth,
    });
    const images = tf.transpose(window, [3, 1, 2, 0]);
    const kernel = tf.transpose(dy!, [1, 2, 0, 3]);
    const gradient = tf.conv2d(images, kernel, 1, 'valid', 'NHWC', [strideHeight, strideWidth]);
    return tf.transpose(gradient, [1, 2, 0, 3]);
  },
);
