import type { TensorFlow } from '../native.js';
import { batchMatMul } from './batch-mat-mul.js';
import { conv2d, fusedConv2d } from './conv2d.js';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './conv2d-backprop-input.js';
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.js';
import { depthwiseBackpropInput } from './depthwise-backprop-input.js';
import { identity } from './identity.js';
import type { TrainingKernel } from './kernel.js';
import { maxPoolGrad } from './max-pool-grad.js';
import { compileSimd } from './simd.js';
import { sum } from './sum.js';

/** The one list of kernels that the WASM backend lacks, or has too slow, for training. */
const KERNELS: readonly TrainingKernel[] = [
  batchMatMul,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  fusedConv2d,
  identity,
  maxPoolGrad,
  sum,
];

/**
 * Registers them; to be called before the backend starts, which binds the compiled functions then.
 *
 * @throws WebAssembly.CompileError where there is no SIMD.
 */
export function registerTrainingKernels(tf: TensorFlow): void {
  compileSimd();
  for (const { kernelName, make } of KERNELS) {
    const replaced = tf.getKernel(kernelName, 'wasm');
    if (replaced) tf.unregisterKernel(kernelName, 'wasm');
    // The replaced kernel's setup stays: ours may call it.
    const kernelFunc = make(tf, replaced?.kernelFunc);
    tf.registerKernel({ ...replaced, kernelName, backendName: 'wasm', kernelFunc });
  }
}
