import { createRequire } from 'node:module';
import { registerTrainingKernels } from './kernels/index.js';
import type { LoadedTensorFlow, TensorFlow } from './native.js';

const require = createRequire(import.meta.url);

/**
 * Makes TensorFlow.js's WASM backend, completed for training, the backend.
 *
 * @throws Error if WebAssembly cannot be started.
 */
export async function loadWasm(): Promise<LoadedTensorFlow> {
  // `require`, as tfjs-node does: the modules that it loads and these must be the same.
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  registerTrainingKernels(tf);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WASM backend did not start');
  return { tf, backend: 'wasm', version: wasm.version_wasm };
}
