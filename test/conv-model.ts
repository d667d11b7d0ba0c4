import { MNIST_PREPROCESSING, toMetadata } from '../src/core/model-info.js';
import { writeOnnx } from '../src/core/onnx/index.js';
import { floatConstant, ints, type TensorType } from '../src/core/onnx/types.js';

/**
 * An ONNX model with a convolution of two 3x3 kernels (the middle pixel, and its negative), a ReLU, and the
 * ink in three bands of columns of the first map as logits: left, middle, right.
 */
export function convModel(): Uint8Array {
  const kernel = new Float32Array(18);
  kernel[4] = 1;
  kernel[13] = -1;
  const weights = new Float32Array(2 * 784 * 3);
  for (let p = 0; p < 784; p++)
    weights[p * 3 + Math.min(2, Math.max(0, Math.floor(((p % 28) - 2) / 8)))] = 0.2;
  const type = (...shape: (number | string)[]): TensorType => ({ type: 'float32', shape });
  const node = (op: string, inputs: string[], name: string, attributes = {}) => ({
    op,
    name,
    inputs,
    outputs: [name],
    attributes,
  });
  return writeOnnx(
    {
      name: 'conv',
      inputs: [{ name: 'input', ...type('N', 1, 28, 28) }],
      outputs: [{ name: 'logits', ...type('N', 3) }],
      nodes: [
        node('Conv', ['input', 'kernel'], 'first/Conv', { pads: ints([1, 1, 1, 1]) }),
        node('Relu', ['first/Conv'], 'relu'),
        node('Flatten', ['relu'], 'flat'),
        node('MatMul', ['flat', 'weights'], 'logits'),
      ],
      constants: new Map([
        ['kernel', floatConstant([2, 1, 3, 3], kernel)],
        ['weights', floatConstant([2 * 784, 3], weights)],
      ]),
      types: new Map([
        ['first/Conv', type('N', 2, 28, 28)],
        ['relu', type('N', 2, 28, 28)],
        ['flat', type('N', 2 * 784)],
        ['logits', type('N', 3)],
      ]),
    },
    {
      opset: 21,
      producerVersion: '0',
      metadata: toMetadata({ classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING }),
    },
  );
}
