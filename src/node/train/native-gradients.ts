import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';
import { BACKEND, floatType, registerNativeKernel } from './native-kernels.js';
import { stepOverUnmetPixels } from './one-pixel-convolutions.js';

/**
 * Lets training on native TensorFlow use the library's own kernels for ReLU's gradient and for bias
 * gradients; tfjs composes the one of three ops, and its sum over a layout's leading axes is slower. And keeps
 * it from a kernel that crashes.
 * Does nothing on other backends, or the second time.
 */
export function useNativeGradients(tf: TensorFlow): void {
  if (tf.getBackend() !== BACKEND || tf.getKernel('ReluGrad', BACKEND)) return;
  registerNativeKernel(tf, 'ReluGrad', ({ y, dy }, backend) =>
    backend.executeSingleOutput('ReluGrad', [floatType(backend)], [dy!, y!]),
  );
  registerNativeKernel(tf, 'BiasAddGrad', ({ dy }, backend) =>
    backend.executeSingleOutput(
      'BiasAddGrad',
      [floatType(backend), { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' }],
      [dy!],
    ),
  );
  tf.unregisterGradient('Relu');
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => tf.engine().runKernel('ReluGrad', { y: y!, dy: dy as Tensor }) as Tensor,
    }),
  });
  sumWithBiasAddGrad(tf);
  stepOverUnmetPixels(tf);
}

/** A sum over all axes but the last is what BiasAddGrad computes. */
function sumWithBiasAddGrad(tf: TensorFlow): void {
  const sum = tf.getKernel('Sum', BACKEND) as KernelConfig;
  tf.unregisterKernel('Sum', BACKEND);
  tf.registerKernel({
    ...sum,
    kernelFunc: (call) => {
      const x = call.inputs.x as TensorInfo;
      const axes = tf.util.parseAxisParam((call.attrs?.axis ?? []) as number[], x.shape);
      const lastAxis = x.shape.length - 1;
      const isBiasGradient =
        x.dtype === 'float32' &&
        !call.attrs?.keepDims &&
        lastAxis > 0 &&
        axes.length === lastAxis &&
        !axes.includes(lastAxis);
      if (!isBiasGradient) return sum.kernelFunc(call);
      return tf.engine().runKernel('BiasAddGrad', { dy: x as Tensor }) as Tensor;
    },
  });
}
