import { silentReporter } from '../src/node/reporter.js';
import { type BackendChoice, type LoadedTensorFlow, loadTensorFlow } from '../src/node/tensorflow/load.js';

/** The backend that `MNIST_ONNX_BACKEND` names, or the best that is there. */
export const testBackend = (process.env.MNIST_ONNX_BACKEND ?? 'auto') as BackendChoice;

export function loadTestTensorFlow(): Promise<LoadedTensorFlow> {
  return loadTensorFlow({ backend: testBackend, reporter: silentReporter });
}
