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
    expect(ops.join(' ')).toBe('Slice Conv Relu MaxPool Conv Relu MaxPool Flatten Gemm Relu Gemm Softmax');
  });

  it('takes NCHW images and gives logits and probabilities', async () => {
    const { inputs, outputs } = await convertLayersModel(mnistCnn('softmax'));
    expect(inputs).toMatchObject([{ name: 'input', type: 'float32', shape: ['N', 1, 28, 28] }]);
    expect(outputs).toMatchObject([
      { name: 'logits', type: 'float32', shape: ['N', 10] },
      { name: 'probabilities', type: 'float32', shape: ['N', 10] },
    ]);
  });

  it('puts its softmax over the classes where the model has none', async () => {
    const { graph } = await convertLayersModel(mnistCnn(), { output: 'probabilities' });
    expect(graph.nodes.at(-1)).toMatchObject({ op: 'Softmax', attributes: { axis: { int: 1 } } });
    expect(graph.outputs).toEqual([{ name: 'probabilities', type: 'float32', shape: ['N', 10] }]);
  });

  it('gives the class alone, and refuses that of a model that does not classify', async () => {
    const { graph } = await convertLayersModel(mnistCnn(), { output: 'class' });
    expect(graph.outputs).toEqual([{ name: 'class', type: 'int64', shape: ['N'] }]);
    const image = chain([5, 4, 3], tf.layers.conv2d({ filters: 3, kernelSize: 2 }));
    await expect(convertLayersModel(image, { output: 'class' })).rejects.toThrow(
      '--output class is for classifiers',
    );
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

it('refuses inputs of the wrong rank, as tfjs does when it builds the model', async () => {
  const layers = [
    { class_name: 'Dense', config: { name: 'dense', units: 2, batch_input_shape: [null, 3] } },
    { class_name: 'MaxPooling2D', config: { name: 'pool' } },
  ];
  const weightSpecs = [
    { name: 'dense/kernel', shape: [3, 2], dtype: 'float32' },
    { name: 'dense/bias', shape: [2], dtype: 'float32' },
  ];
  const artifacts = {
    modelTopology: { class_name: 'Sequential', config: { layers } },
    weightSpecs,
    weightData: new ArrayBuffer(32),
  };
  await expect(convertLayersModel(artifacts)).rejects.toThrow(
    /pool \(MaxPooling2D\): its input has 2 dimensions, not 4/,
  );
});

it('finds weights under the names that Keras gives them', async () => {
  const layers = [
    {
      class_name: 'Dense',
      config: { name: 'dense', units: 1, use_bias: false, batch_input_shape: [null, 2] },
    },
  ];
  const modelTopology = { class_name: 'Sequential', config: { layers } };
  const weightSpecs = [{ name: 'dense/inner/kernel', shape: [2, 1], dtype: 'float32' }];
  const { graph } = await convertLayersModel({
    modelTopology,
    weightSpecs,
    weightData: Float32Array.of(3, 4).buffer,
  });
  expect([...graph.constants.get('dense/kernel')!.data]).toEqual([3, 4]);
  await expect(
    convertLayersModel({ modelTopology, weightSpecs: [], weightData: new ArrayBuffer(0) }),
  ).rejects.toThrow("the model's weights do not fit its topology: dense/kernel is missing");
});
