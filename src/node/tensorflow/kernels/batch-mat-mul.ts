import type { NamedTensorInfoMap, Tensor } from '@tensorflow/tfjs';
import type { TrainingKernel, WasmBackend } from './kernel.js';
import { runSimd } from './simd.js';

/**
 * Matrix products with a transposed factor, as the gradients of dense layers are: the backend computes those
 * with a naive loop. Batches of matrices are transposed first, which is several times faster than that.
 */
export const batchMatMul: TrainingKernel = {
  kernelName: 'BatchMatMul',
  make: (tf, replaced) => (params) => {
    const { transposeA, transposeB } = (params.attrs ?? {}) as { transposeA?: boolean; transposeB?: boolean };
    if (!transposeA && !transposeB) return replaced!(params);
    return tf.tidy(() => {
      const { a, b } = params.inputs as NamedTensorInfoMap & { a: Tensor; b: Tensor };
      const right = transposeB ? exchangeLastAxes(b) : b;
      if (isOneMatrix(a) && isOneMatrix(b))
        return multiply(params.backend as WasmBackend, { a, isTransposed: transposeA === true, b: right });
      return tf.matMul(transposeA ? exchangeLastAxes(a) : a, right);
    });
  },
};

function isOneMatrix({ shape }: Tensor): boolean {
  return shape.slice(0, -2).every((length) => length === 1);
}

/** The product of `a`, or of what it is when transposed, and `b`. */
function multiply(
  backend: WasmBackend,
  { a, isTransposed, b }: { a: Tensor; isTransposed: boolean; b: Tensor },
): Tensor {
  const [height, width] = a.shape.slice(-2) as [number, number];
  const [rows, inner] = isTransposed ? [width, height] : [height, width];
  const columns = b.shape.at(-1)!;
  const outer = a.rank > b.rank ? a : b;
  const result = backend.makeOutput([...outer.shape.slice(0, -2), rows, columns], 'float32');
  const bytes = Float32Array.BYTES_PER_ELEMENT;
  const steps = isTransposed ? [bytes, bytes * width] : [bytes * width, bytes];
  runSimd(backend, 'matrixProduct', [a, b, result], [rows, inner, columns, ...steps]);
  return result as Tensor;
}

function exchangeLastAxes(tensor: Tensor): Tensor {
  const axes = tensor.shape.map((_, axis) => axis);
  axes.push(axes.pop()!, axes.pop()!);
  return tensor.transpose(axes);
}
