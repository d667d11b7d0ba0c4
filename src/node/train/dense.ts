import type { layers, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';
import { BACKEND, floatType, registerNativeKernel } from './native-kernels.js';

/**
 * A dense layer of x [N, inputs] in training. tfjs multiplies matrices as batches of one, which takes three
 * reshapes for each product; the library's op does without them.
 */
export function multiplyDense(tf: TensorFlow, layer: layers.Layer, x: Tensor): Tensor {
  const { activation, useBias } = layer.getConfig();
  if (tf.getBackend() !== BACKEND || activation !== 'linear' || !useBias || x.rank !== 2)
    return layer.apply(x, { training: true }) as Tensor;
  registerMatMul(tf);
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  const multiply = (a: Tensor, b: Tensor, transposed: { a?: true; b?: true } = {}) =>
    tf.engine().runKernel('MatrixProduct', { a, b }, transposed) as Tensor;
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

/**
 * Not the op MatMul: a signal that comes while oneDNN's code for it runs (Ctrl-C, a terminal that changes its size)
 * overwrites the heap, and the process crashes.
 */
function registerMatMul(tf: TensorFlow): void {
  if (tf.getKernel('MatrixProduct', BACKEND)) return;
  registerNativeKernel(tf, 'MatrixProduct', ({ a, b }, backend, attrs) => {
    const transpose = (name: 'a' | 'b', option: string) => ({
      name: option,
      type: backend.binding.TF_ATTR_BOOL,
      value: attrs[name] === true,
    });
    return backend.executeSingleOutput(
      'BatchMatMulV2',
      [floatType(backend), transpose('a', 'adj_x'), transpose('b', 'adj_y')],
      [a!, b!],
    );
  });
}
