import type { TensorFlow } from '../native.js';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './conv2d-backprop-input.js';
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.js';
import { depthwiseBackpropInput } from './depthwise-backprop-input.js';
import type { TrainingKernel } from './kernel.js';

/** The one list of kernels that the WASM backend lacks, or has too slow, for training. */
const KERNELS: readonly TrainingKernel[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
];

/** Registers them; doing so again changes nothing. */
export function registerTrainingKernels(tf: TensorFlow): void {
  for (const { kernelName, compute } of KERNELS) {
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      // tfjs hands over tensors, though its type promises less.
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(tf, inputs as never, attrs as never)),
    });
  }
}
