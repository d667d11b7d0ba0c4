import type { TrainingKernel, WasmBackend } from './kernel.js';
import { runSimd } from './simd.js';

/**
 * Sums of all numbers of a channel, as the gradient of a bias is; the backend's own kernel transposes for them. Other
 * sums stay with it.
 */
export const sum: TrainingKernel = {
  kernelName: 'Sum',
  make: (tf, replaced) => (params) => {
    const x = params.inputs.x!;
    const { axis, keepDims } = params.attrs as { axis?: number | number[]; keepDims?: boolean };
    const channels = x.shape.at(-1) ?? 1;
    const axes = tf.util.parseAxisParam(axis as number[], x.shape).sort((a, b) => a - b);
    const allButLast = axes.length === x.shape.length - 1 && axes.every((axis, i) => axis === i);
    const rows = tf.util.sizeFromShape(x.shape) / channels;
    if (x.dtype !== 'float32' || !allButLast) return replaced!(params);
    const backend = params.backend as WasmBackend;
    const shape = keepDims ? [...axes.map(() => 1), channels] : [channels];
    const sums = backend.makeOutput(shape, 'float32');
    runSimd(backend, 'columnSums', [x, sums], [rows, channels]);
    return sums;
  },
};
