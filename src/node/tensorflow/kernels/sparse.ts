import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../native.js';
import type { WasmBackend } from './kernel.js';
import { runSimd } from './simd.js';

/** Passing over zeros takes time too: it pays where no more than this share of the numbers is left... */
const SPARSE = 0.6;
/** ...and for lines (of what a row of the kernel meets) of so many numbers. */
const LINE = 32;

/** Whether so much of a gradient is 0, as behind max-pooling, that it pays to pass over it. */
export function isSparse(
  tf: TensorFlow,
  backend: WasmBackend,
  dy: Tensor,
  { filterWidth, inChannels }: { filterWidth: number; inChannels: number },
): boolean {
  if (filterWidth * inChannels < LINE) return false;
  const size = tf.util.sizeFromShape(dy.shape);
  return runSimd(backend, 'countNonZero', [dy], [size])! <= SPARSE * size;
}

/** Memory for a tensor, which ends with the tidy scope. */
export function makeTensor(tf: TensorFlow, backend: WasmBackend, shape: readonly number[]): Tensor {
  return tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32'));
}
