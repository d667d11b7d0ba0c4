import type { TensorInfo } from '@tensorflow/tfjs';
import type { TrainingKernel, WasmBackend } from './kernel.js';
import { runSimd } from './simd.js';

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * The gradient of max-pooling: each output's gradient goes to the first maximum of its window. The backend's own
 * kernel is a naive loop that takes more than ten times as long.
 */
export const maxPoolGrad: TrainingKernel = {
  kernelName: 'MaxPoolGrad',
  make:
    (tf) =>
    ({ inputs, attrs, backend }) => {
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
      const { input, output, dy } = inputs as { input: TensorInfo; output: TensorInfo; dy: TensorInfo };
      const shape = input.shape as [number, number, number, number];
      const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
      const wasm = backend as WasmBackend;
      const gradient = wasm.makeOutput(shape, 'float32');
      runSimd(
        wasm,
        'maxPoolGradient',
        [input, output, dy, gradient],
        [
          ...[...shape, pool.outHeight, pool.outWidth],
          ...[pool.filterHeight, pool.filterWidth, pool.strideHeight, pool.strideWidth],
          ...[pool.padInfo.top, pool.padInfo.left],
        ],
      );
      return gradient;
    },
};
