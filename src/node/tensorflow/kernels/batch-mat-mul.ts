import type { NamedTensorInfoMap, Tensor } from '@tensorflow/tfjs';
import type { TrainingKernel } from './kernel.js';

/**
 * Matrix products with a transposed factor, as the gradients of dense layers are: the backend computes those
 * with a naive loop, so that transposing first and multiplying then is several times faster.
 */
export const batchMatMul: TrainingKernel = {
  kernelName: 'BatchMatMul',
  make: (tf, replaced) => (params) => {
    const { transposeA, transposeB } = (params.attrs ?? {}) as { transposeA?: boolean; transposeB?: boolean };
    if (!transposeA && !transposeB) return replaced!(params);
    return tf.tidy(() => {
      const { a, b } = params.inputs as NamedTensorInfoMap & { a: Tensor; b: Tensor };
      // The backend packs the second factor for each product: that should be the smaller one.
      if (!transposeA && b.size > a.size) return exchangeLastAxes(tf.matMul(b, exchangeLastAxes(a)));
      return tf.matMul(transposeA ? exchangeLastAxes(a) : a, transposeB ? exchangeLastAxes(b) : b);
    });
  },
};

function exchangeLastAxes(tensor: Tensor): Tensor {
  const axes = tensor.shape.map((_, axis) => axis);
  axes.push(axes.pop()!, axes.pop()!);
  return tensor.transpose(axes);
}
