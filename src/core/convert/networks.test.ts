import { describe, expect, it } from 'vitest';
import { chain, checkParity, maxDifference, tf } from '../../../test/convert/parity.js';
import { createNodeSession } from '../../node/runtime/index.js';
import { type ConvertOptions, convertLayersModel } from './index.js';

const { layers } = tf;
type Tensor = tf.SymbolicTensor;
const apply = (layer: { apply(x: Tensor | Tensor[]): unknown }, x: Tensor | Tensor[]) =>
  layer.apply(x) as Tensor;

function lenet(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.conv2d({
        inputShape: [20, 20, 1],
        filters: 6,
        kernelSize: 5,
        padding: 'same',
        activation: 'tanh',
      }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 8, kernelSize: 5, activation: 'tanh' }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 12, activation: 'tanh' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

function vggLike(): tf.LayersModel {
  const block = (filters: number) => [
    layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }),
    layers.batchNormalization(),
    layers.reLU({}),
    layers.conv2d({ filters, kernelSize: 3, padding: 'same' }),
    layers.batchNormalization({ scale: false }),
    layers.reLU({}),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.dropout({ rate: 0.3 }),
  ];
  const input = tf.input({ shape: [16, 16, 3] });
  const all = [
    ...block(6),
    ...block(8),
    layers.flatten(),
    layers.dense({ units: 16 }),
    layers.batchNormalization(),
    layers.activation({ activation: 'relu' }),
    layers.dense({ units: 5, activation: 'softmax' }),
  ];
  return tf.model({ inputs: input, outputs: all.reduce((x, layer) => apply(layer, x), input) });
}

function residual(): tf.LayersModel {
  const input = tf.input({ shape: [12, 12, 3] });
  const unit = (x: Tensor, filters: number, strides: number) => {
    const conv = (kernelSize: number, step: number) =>
      layers.conv2d({ filters, kernelSize, strides: step, padding: 'same' });
    const long = [
      conv(3, strides),
      layers.batchNormalization(),
      layers.reLU({}),
      conv(3, 1),
      layers.batchNormalization(),
    ];
    const short = strides === 1 ? x : apply(layers.batchNormalization(), apply(conv(1, strides), x));
    return apply(
      layers.reLU({}),
      apply(layers.add(), [long.reduce((y, layer) => apply(layer, y), x), short]),
    );
  };
  let x = apply(layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same' }), input);
  for (const [filters, strides] of [
    [6, 1],
    [8, 2],
    [8, 1],
  ] as const)
    x = unit(x, filters, strides);
  const outputs = apply(layers.dense({ units: 4 }), apply(layers.globalAveragePooling2d({}), x));
  return tf.model({ inputs: input, outputs });
}

/** Inverted residuals; the first part is a model of its own, used as a layer, with another one inside. */
function mobilenetLike(): tf.LayersModel {
  const relu6 = () => layers.reLU({ maxValue: 6 });
  const stem = tf.sequential({
    name: 'stem',
    layers: [
      layers.conv2d({ inputShape: [17, 17, 3], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.batchNormalization(),
      relu6(),
    ],
  });
  const body = tf.input({ shape: [17, 17, 3] });
  const invert = (x: Tensor, filters: number, strides: 1 | 2) => {
    const channels = x.shape[3]!;
    const chain = [
      layers.conv2d({ filters: 3 * channels, kernelSize: 1, useBias: false }),
      layers.batchNormalization(),
      relu6(),
      ...(strides === 2
        ? [
            layers.zeroPadding2d({
              padding: [
                [0, 1],
                [0, 1],
              ],
            }),
          ]
        : []),
      layers.depthwiseConv2d({
        kernelSize: 3,
        strides,
        padding: strides === 2 ? 'valid' : 'same',
        useBias: false,
      }),
      layers.batchNormalization(),
      relu6(),
      layers.conv2d({ filters, kernelSize: 1, useBias: false }),
      layers.batchNormalization(),
    ];
    const y = chain.reduce((value, layer) => apply(layer, value), x);
    return strides === 1 && channels === filters ? apply(layers.add(), [x, y]) : y;
  };
  const features = invert(invert(apply(stem, body), 8, 1), 10, 2);
  const backbone = tf.model({ inputs: body, outputs: features, name: 'backbone' });
  const input = tf.input({ shape: [17, 17, 3] });
  const pooled = apply(layers.globalAveragePooling2d({}), apply(backbone, input));
  const shaped = apply(
    layers.dropout({ rate: 0.2 }),
    apply(layers.reshape({ targetShape: [1, 1, 10] }), pooled),
  );
  const logits = apply(layers.conv2d({ filters: 6, kernelSize: 1 }), shaped);
  const outputs = apply(
    layers.activation({ activation: 'softmax' }),
    apply(layers.reshape({ targetShape: [6] }), logits),
  );
  return tf.model({ inputs: input, outputs });
}

function lstmClassifier(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.embedding({ inputDim: 20, outputDim: 6, inputLength: 9 }),
      layers.bidirectional({
        layer: layers.lstm({ units: 5, returnSequences: true, recurrentActivation: 'sigmoid' }),
        mergeMode: 'concat',
      }),
      layers.lstm({ units: 4, recurrentActivation: 'sigmoid' }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
}

function twoInputsTwoOutputs(): tf.LayersModel {
  const image = tf.input({ shape: [8, 8, 2], name: 'image' });
  const vector = tf.input({ shape: [5], name: 'vector' });
  const shared = layers.dense({ units: 4, activation: 'relu', name: 'shared' });
  const flat = apply(
    layers.flatten(),
    apply(layers.conv2d({ filters: 3, kernelSize: 3, name: 'conv' }), image),
  );
  const joined = apply(layers.concatenate({ name: 'joined' }), [
    apply(shared, flat.shape ? apply(layers.dense({ units: 5 }), flat) : flat),
    apply(shared, vector),
  ]);
  const a = apply(layers.dense({ units: 2, activation: 'softmax', name: 'kind' }), joined);
  const b = apply(layers.dense({ units: 1, name: 'amount' }), joined);
  return tf.model({ inputs: [image, vector], outputs: [a, b] });
}

const ids = (random: () => number) => Math.floor(random() * 20);

describe.each([
  ['LeNet', lenet, undefined],
  ['a VGG-like network with BatchNormalization', vggLike, undefined],
  ['a residual network', residual, undefined],
  ['a MobileNetV2-like network of nested models', mobilenetLike, undefined],
  ['an LSTM classifier', lstmClassifier, ids],
  ['a network with two inputs, two outputs and a shared layer', twoInputsTwoOutputs, undefined],
] as const)('%s', (_, make, input) => {
  const draw = input ? { input } : {};

  it('agrees for several batch sizes, native and web', async () => {
    for (const batchSize of [1, 4, 9]) await checkParity(make(), { batchSize, web: true, ...draw });
  });

  it.each<ConvertOptions>([
    { optimize: false },
    { layout: 'nhwc' },
    { opset: 18 },
    { opset: 26 },
    { batch: 3 },
  ])('agrees with %o', async ({ input: _input, ...options }) => {
    await checkParity(make(), { batchSize: 3, ...draw, ...options });
  });

  it('gives the same bytes each time', async () => {
    const model = make();
    const [a, b] = [await convertLayersModel(model), await convertLayersModel(model)];
    expect(a.bytes).toEqual(b.bytes);
  });

  it('names each node after its layer, once, and types every value', async () => {
    const { graph } = await convertLayersModel(make());
    const names = graph.nodes.map((node) => node.name);
    expect(new Set(names).size).toBe(names.length);
    for (const node of graph.nodes) {
      expect(node.name).toMatch(/\//);
      for (const output of node.outputs) expect(graph.types.has(output)).toBe(true);
    }
  });
});

it.each([
  ['LeNet', lenet],
  ['VGG-like', vggLike],
  ['residual', residual],
  ['MobileNetV2-like', mobilenetLike],
])(
  '%s has no Transpose, no Dropout and no BatchNormalization; one Transpose at most with NHWC',
  async (_, make) => {
    const ops = (await convertLayersModel(make())).graph.nodes.map((node) => node.op);
    expect(
      ops.filter((op) => ['Transpose', 'Dropout', 'BatchNormalization', 'Identity'].includes(op)),
    ).toEqual([]);
    const nhwc = (await convertLayersModel(make(), { layout: 'nhwc' })).graph.nodes.map((node) => node.op);
    expect(nhwc.filter((op) => op === 'Transpose').length).toBeLessThanOrEqual(1);
  },
);

it('an autoencoder gives its images as it takes them, without a Transpose', async () => {
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 4,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
      }),
      layers.flatten(),
      layers.dense({ units: 6 }),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.reshape({ targetShape: [4, 4, 4] }),
      layers.conv2dTranspose({
        filters: 1,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'sigmoid',
      }),
    ],
  });
  const { converted, ops } = await checkParity(model);
  expect(ops).not.toContain('Transpose');
  expect(converted.outputs).toMatchObject([{ name: 'output', shape: ['N', 1, 8, 8], layout: 'NCHW' }]);
});

it('all unsupported layers are named in one error', async () => {
  const artifacts = {
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 's',
        layers: [
          { class_name: 'Lambda', config: { name: 'mine', batch_input_shape: [null, 4, 4, 1] } },
          { class_name: 'Resizing', config: { name: 'resize', height: 2, width: 2 } },
          { class_name: 'Dense', config: { name: 'dense', units: 0 } },
        ],
      },
    },
  };
  const converting = convertLayersModel(artifacts);
  await expect(converting).rejects.toMatchObject({
    name: 'UnsupportedLayersError',
    problems: [
      { layer: 'mine', className: 'Lambda', reason: 'tfjs-layers 4.22 has no such layer' },
      { layer: 'resize', className: 'Resizing', reason: expect.stringContaining('tfjs itself') },
      { layer: 'dense', className: 'Dense', reason: 'units must be a positive whole number, but is 0' },
    ],
  });
  await expect(converting).rejects.toThrow(
    /3 layers that cannot be converted:\n {2}mine \(Lambda\): .*\n {2}resize/,
  );
});

it('a model may be of any depth', async () => {
  const layers = Array.from({ length: 12_000 }, (_, i) => ({
    class_name: 'ReLU',
    config: { name: `l${i}`, batch_input_shape: [null, 3] },
  }));
  const { graph } = await convertLayersModel({
    modelTopology: { class_name: 'Sequential', config: { layers } },
  });
  expect(graph.nodes).toHaveLength(12_000);
});

it('images of one channel and of any size enter and leave channels-last', async () => {
  const conv = (filters: number) => layers.conv2d({ filters, kernelSize: 3, padding: 'same' });
  await checkParity(chain([null, null, 1], conv(2), conv(1)), { layout: 'nhwc' });
});

it('sequences of different lengths go through one shared encoder', async () => {
  const sequence = tf.input({ shape: [null, 3] });
  const conv = () => layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same' });
  const encoded = [conv(), conv(), conv()].reduce((x, layer) => apply(layer, x), sequence);
  const encoder = tf.model({ inputs: sequence, outputs: encoded });
  const inputs = [tf.input({ shape: [null, 3] }), tf.input({ shape: [null, 3] })];
  const pool = layers.globalMaxPooling1d({});
  const towers = inputs.map((input) => apply(pool, encoder.apply(input) as Tensor));
  const model = tf.model({ inputs, outputs: apply(layers.concatenate(), towers) });
  const { bytes } = await convertLayersModel(model);
  const session = await createNodeSession(bytes, { device: 'cpu' });
  // Buffers are used again for values of the same shape, by the names of their dimensions.
  for (const lengths of [
    [64, 12],
    [12, 64],
  ]) {
    const data = lengths.map((length) => Float32Array.from({ length: 3 * length }, (_, i) => Math.sin(i)));
    const feeds = Object.fromEntries(
      session.inputs.map(({ name }, i) => [
        name,
        { type: 'float32' as const, shape: [1, lengths[i]!, 3], data: data[i]! },
      ]),
    );
    const result = Object.values(await session.run(feeds))[0]!.data as Float32Array;
    const truth = model.predict(data.map((part, i) => tf.tensor3d(part, [1, lengths[i]!, 3]))) as tf.Tensor;
    expect(maxDifference(result, truth.dataSync())).toBeLessThan(1e-5);
  }
  await session.release();
});
