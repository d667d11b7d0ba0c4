import type { layers, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';
import { BACKEND, floatType, registerNativeKernel } from './native-kernels.js';

/**
 * A dense layer of x [N, inputs] in training. tfjs multiplies matrices as batches of one, which takes three
 * reshapes for each product; the library's op for two matrices gives the same values without them.
 */
export function multiplyDense(tf: TensorFlow, layer: layers.Layer, x: Tensor): Tensor {
  const { activation, useBias } = layer.getConfig();
  if (tf.getBackend() !== BACKEND || activation !== 'linear' || !useBias || x.rank !== 2)
    return layer.apply(x, { training: true }) as Tensor;
  registerMatMul(tf);
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  const multiply = (a: Tensor, b: Tensor, transposed: { a?: true; b?: true } = {}) =>
    tf.engine().runKernel('MatMulOfTwo', { a, b }, transposed) as Tensor;
  const product = tf.customGrad((...inputs) => {
    const [x, kernel, save] = inputs as unknown as [Tensor, Tensor, (tensors: Tensor[]) => void];
    save([x, kernel]);
    return {
      value: multiply(x, kernel),
      gradFunc: (dy, saved) => {
        const [x, kernel] = saved as [Tensor, Tensor];
        return [multiply(dy as Tensor, kernel, { b: true }), multiply(x, dy as Tensor, { a: true })];
      },
    };
  });
  return tf.add(product(x, kernel!), bias!);
}

function registerMatMul(tf: TensorFlow): void {
  if (tf.getKernel('MatMulOfTwo', BACKEND)) return;
  registerNativeKernel(tf, 'MatMulOfTwo', ({ a, b }, backend, attrs) => {
    const transpose = (name: 'a' | 'b') => ({
      name: `transpose_${name}`,
      type: backend.binding.TF_ATTR_BOOL,
      value: attrs[name] === true,
    });
    return backend.executeSingleOutput(
      'MatMul',
      [floatType(backend), transpose('a'), transpose('b')],
      [a!, b!],
    );
  });
}
