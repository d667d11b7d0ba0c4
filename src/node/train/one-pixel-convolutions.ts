import type { KernelConfig, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { type ConvolutionAttributes, convolutionOf, type Shape4D } from '../tensorflow/kernels/kernel.js';
import { cutWindow, spreadByStrides } from '../tensorflow/kernels/window.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { BACKEND } from './native-kernels.js';

type KernelParams = Parameters<KernelConfig['kernelFunc']>[0];

/**
 * Gives native TensorFlow another way to the gradients of convolutions whose kernel is one pixel and whose stride is
 * longer: as without a stride, on the pixels that they meet. TensorFlow's own way (2.21, with oneDNN) writes beyond
 * its memory, and the process crashes a few steps later.
 */
export function stepOverUnmetPixels(tf: TensorFlow): void {
  for (const kernels of ['Conv2DBackprop', 'DepthwiseConv2dNativeBackprop']) {
    replace(tf, `${kernels}Filter`, (original, params, { strideHeight, strideWidth }) => {
      const { x, dy } = params.inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const met = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, strideHeight, strideWidth, 1]);
      return original({
        ...params,
        inputs: { x: met, dy },
        attrs: { ...params.attrs, strides: 1 },
      }) as Tensor;
    });
    replace(tf, `${kernels}Input`, (original, params, { strideHeight, strideWidth }) => {
      const { dy } = params.inputs as unknown as { dy: Tensor4D };
      const [n, height, width, channels] = params.attrs!.inputShape as Shape4D;
      const inputShape = [n, dy.shape[1], dy.shape[2], channels];
      const met = original({ ...params, attrs: { ...params.attrs, strides: 1, inputShape } }) as Tensor4D;
      const spread = spreadByStrides(tf, met, strideHeight, strideWidth);
      return cutWindow(tf, spread, { top: 0, left: 0, height, width });
    });
  }
}

function replace(
  tf: TensorFlow,
  kernelName: string,
  compute: (
    original: KernelConfig['kernelFunc'],
    params: KernelParams,
    convolution: ReturnType<typeof convolutionOf>,
  ) => Tensor,
): void {
  const kernel = tf.getKernel(kernelName, BACKEND) as KernelConfig;
  tf.unregisterKernel(kernelName, BACKEND);
  tf.registerKernel({
    ...kernel,
    kernelFunc: (params) => {
      const attrs = params.attrs as unknown as ConvolutionAttributes;
      const { x, filter } = params.inputs;
      const inputShape = attrs.inputShape ?? (x!.shape as Shape4D);
      const filterShape = attrs.filterShape ?? (filter!.shape as Shape4D);
      // Pads that are given by number would be stepped over as well.
      if (filterShape[0] !== 1 || filterShape[1] !== 1 || typeof attrs.pad !== 'string')
        return kernel.kernelFunc(params);
      const convolution = convolutionOf(tf, inputShape, filterShape, attrs);
      if (convolution.strideHeight === 1 && convolution.strideWidth === 1) return kernel.kernelFunc(params);
      return tf.tidy(() => compute(kernel.kernelFunc, params, convolution));
    },
  });
}
