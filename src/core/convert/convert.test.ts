import { describe, expect, it } from 'vitest';
import { chain, checkParity, tf } from '../../../test/convert/parity.js';
import { convertLayersModel } from './index.js';

/** The network that `mnist-onnx train` makes. */
function mnistCnn(activation?: 'softmax'): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [28, 28, 1],
        filters: 8,
        kernelSize: 3,
        activation: 'relu',
        name: 'conv1',
      }),
      tf.layers.maxPooling2d({ poolSize: 2, name: 'pool1' }),
      tf.layers.conv2d({ filters: 12, kernelSize: 3, activation: 'relu', name: 'conv2' }),
      tf.layers.maxPooling2d({ poolSize: 2, name: 'pool2' }),
      tf.layers.dropout({ rate: 0.2, name: 'dropout' }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ units: 16, activation: 'relu', name: 'dense1' }),
      tf.layers.dense({ units: 10, name: 'dense2', ...(activation ? { activation } : {}) }),
    ],
  });
}

describe('the MNIST network', () => {
  it('becomes a chain of nodes without Transpose or Dropout', async () => {
    const { ops } = await checkParity(mnistCnn(), { isClassifier: true });
    expect(ops.join(' ')).toBe('Conv Relu MaxPool Conv Relu MaxPool Flatten Gemm Relu Gemm Softmax');
  });

  it('takes NCHW images and gives logits and probabilities', async () => {
    const { inputs, outputs } = await convertLayersModel(mnistCnn('softmax'));
    expect(inputs).toMatchObject([{ name: 'input', type: 'float32', shape: ['N', 1, 28, 28] }]);
    expect(outputs).toMatchObject([
      { name: 'logits', type: 'float32', shape: ['N', 10] },
      { name: 'probabilities', type: 'float32', shape: ['N', 10] },
    ]);
  });

  it('is the same with its softmax inside or outside', async () => {
    await checkParity(mnistCnn('softmax'));
    const inside = await checkParity(mnistCnn('softmax'));
    const outside = await checkParity(mnistCnn(), { isClassifier: true });
    expect(inside.ops).toEqual(outside.ops);
  });

  it('runs with several batch sizes', async () => {
    for (const batchSize of [1, 3, 17]) await checkParity(mnistCnn('softmax'), { batchSize });
  });
});

it('keeps tfjs own axis order of the dense kernel rows after flattening an image', async () => {
  await checkParity(
    chain(
      [5, 4, 3],
      tf.layers.conv2d({ filters: 3, kernelSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2 }),
    ),
  );
});
