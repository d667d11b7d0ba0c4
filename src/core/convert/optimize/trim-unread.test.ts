import { describe, expect, it } from 'vitest';
import { chain, checkParity, type ParityOptions, tf } from '../../../../test/convert/parity.js';
import { createNodeSession } from '../../../node/runtime/index.js';
import { floatConstant, type Graph, ints, type Shape } from '../../onnx/types.js';
import { convertLayersModel } from '../index.js';
import { trimUnread } from './trim-unread.js';

const { layers } = tf;
type Layer = Parameters<typeof chain>[1];

const conv = (filters: number, options: object = {}): Layer =>
  layers.conv2d({ filters, kernelSize: 3, ...options });
const pool = (): Layer => layers.maxPooling2d({ poolSize: 2 });

/** What each node gives, as far as it is an image, written `op height x width`; computed as tfjs does. */
async function sizesOf(model: tf.LayersModel, options?: ParityOptions): Promise<string[]> {
  const { converted } = await checkParity(model, options);
  return sizesIn(converted.graph);
}

function sizesIn({ nodes, types }: Graph): string[] {
  return nodes.flatMap(({ op, outputs }) => {
    const { shape } = types.get(outputs[0]!)!;
    return shape.length > 2 ? [`${op} ${shape.slice(2).join('x')}`] : [];
  });
}

describe('what a pool leaves unread', () => {
  it('is not computed by the convolutions before it, down to the input', async () => {
    const model = chain([28, 28, 1], conv(8), pool(), conv(16), pool(), layers.flatten());
    expect(await sizesOf(model)).toEqual([
      'Slice 26x26',
      'Conv 24x24',
      'MaxPool 12x12',
      'Conv 10x10',
      'MaxPool 5x5',
    ]);
  });

  it('costs a padded convolution its last row and column of padding', async () => {
    const model = chain([9, 7, 2], conv(4, { padding: 'same' }), pool(), layers.flatten());
    const { converted } = await checkParity(model);
    expect(sizesIn(converted.graph)).toEqual(['Conv 8x6', 'MaxPool 4x3']);
    expect(converted.graph.nodes[0]!.attributes.pads).toEqual(ints([1, 1, 0, 0]));
  });

  it('is left away along one axis alone', async () => {
    const model = chain([28, 27, 1], conv(99), layers.averagePooling2d({ poolSize: 2 }), conv(2));
    expect(await sizesOf(model)).toEqual(['Slice 28x26', 'Conv 26x24', 'AveragePool 13x12', 'Conv 11x10']);
  });

  it('is left away through activations and normalization, strides and dilation', async () => {
    const model = chain(
      [40, 40, 1],
      conv(16, { strides: 2 }),
      layers.leakyReLU({ alpha: 0.1 }),
      conv(16, { dilationRate: 2 }),
      layers.prelu({ sharedAxes: [1, 2] }),
      layers.batchNormalization(),
      layers.separableConv2d({ filters: 16, kernelSize: 3, activation: 'tanh' }),
      layers.maxPooling2d({ poolSize: 4 }),
      layers.flatten(),
    );
    // 3 windows of 4 read 12 of 13.
    expect((await sizesOf(model)).filter((node) => /Slice|Conv|Pool/.test(node))).toEqual([
      'Slice 37x37',
      'Conv 18x18',
      'Conv 14x14',
      'Conv 12x12',
      'Conv 12x12',
      'MaxPool 3x3',
    ]);
  });

  it('is left away in images that come as pixels, or with their channels last', async () => {
    const model = () => chain([28, 28, 2], conv(16), pool(), conv(16), pool(), layers.flatten());
    expect((await sizesOf(model(), { layout: 'nhwc' }))[0]).toBe('Slice 26x2');
    const { graph } = await convertLayersModel(model(), { input: 'uint8' });
    expect(sizesIn(graph)).toContain('Conv 10x10');
    expect(graph.types.get(graph.nodes[0]!.outputs[0]!)).toEqual({ type: 'uint8', shape: ['N', 2, 26, 26] });
  });

  it('is left away along one axis and along three', async () => {
    const along = chain(
      [30, 2],
      layers.conv1d({ filters: 8, kernelSize: 3 }),
      layers.conv1d({ filters: 8, kernelSize: 2 }),
      layers.maxPooling1d({ poolSize: 2 }),
      layers.conv1d({ filters: 8, kernelSize: 4 }),
      layers.maxPooling1d({ poolSize: 4 }),
    );
    expect((await sizesOf(along)).slice(0, -1)).toEqual([
      'Slice 2',
      'Transpose 25',
      'Conv 23',
      'Conv 22',
      'MaxPool 11',
      'Conv 8',
      'MaxPool 2',
    ]);
    const volume = chain(
      [10, 11, 10, 1],
      layers.conv3d({ filters: 4, kernelSize: 3, padding: 'same' }),
      layers.maxPooling3d({ poolSize: [2, 2, 3] }),
    );
    expect(await sizesOf(volume)).toContain('Conv 10x10x9');
  });
});

describe('what is read stays', () => {
  it('of an even size', async () => {
    const model = chain([28, 28, 1], conv(4, { padding: 'same' }), pool(), layers.flatten());
    expect(await sizesOf(model)).toEqual(['Conv 28x28', 'MaxPool 14x14']);
  });

  it('where something else reads it too', async () => {
    const input = tf.input({ shape: [9, 9, 2] });
    const image = conv(4, { padding: 'same' }).apply(input) as tf.SymbolicTensor;
    const small = layers.flatten().apply(pool().apply(image)) as tf.SymbolicTensor;
    const mean = layers.globalAveragePooling2d({}).apply(image) as tf.SymbolicTensor;
    expect(await sizesOf(tf.model({ inputs: input, outputs: [small, mean] }))).toContain('Conv 9x9');
    expect(await sizesOf(tf.model({ inputs: input, outputs: [image, small] }))).toContain('Conv 9x9');
    const sum = layers.add().apply([conv(4, { padding: 'same' }).apply(input) as tf.SymbolicTensor, image]);
    const all = layers.flatten().apply(sum as tf.SymbolicTensor) as tf.SymbolicTensor;
    expect(await sizesOf(tf.model({ inputs: input, outputs: [all, small] }))).not.toContain('Conv 8x8');
  });

  it('where a further pool reads on', async () => {
    const input = tf.input({ shape: [9, 9, 2] });
    const image = conv(4, { padding: 'same' }).apply(input) as tf.SymbolicTensor;
    const by = (poolSize: number) =>
      layers.flatten().apply(layers.maxPooling2d({ poolSize }).apply(image)) as tf.SymbolicTensor;
    expect(await sizesOf(tf.model({ inputs: input, outputs: [by(2), by(5)] }))).toContain('Conv 8x8');
  });

  it('before an operator that takes the whole image, and in a sum of two', async () => {
    const upsampled = chain([9, 9, 2], conv(4, { padding: 'same' }), layers.upSampling2d({}), pool());
    expect((await sizesOf(upsampled))[0]).toBe('Conv 9x9');
    const input = tf.input({ shape: [9, 9, 2] });
    const branch = () => conv(4, { padding: 'same' }).apply(input) as tf.SymbolicTensor;
    const sum = pool().apply(layers.add().apply([branch(), branch()])) as tf.SymbolicTensor;
    expect((await sizesOf(tf.model({ inputs: input, outputs: sum }))).slice(0, 3)).toEqual([
      'Conv 9x9',
      'Conv 9x9',
      'Add 9x9',
    ]);
  });

  it('where an activation differs from place to place', async () => {
    const model = chain([9, 9, 2], conv(4, { padding: 'same' }), layers.prelu({}), pool());
    expect((await sizesOf(model))[0]).toBe('Conv 9x9');
  });

  it('before an average over padding, whose sums would change', async () => {
    const average = layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' });
    const model = chain([8, 8, 2], conv(4, { padding: 'same' }), average, pool(), layers.flatten());
    expect(await sizesOf(model)).toContain('AveragePool 4x4');
    const odd = chain([10, 10, 2], conv(4, { padding: 'same' }), average, pool(), layers.flatten());
    expect(await sizesOf(odd)).toContain('AveragePool 5x5');
  });

  it('where an input that would be cut costs more than it saves', async () => {
    // One convolution reads 31 of 32 pixels and computes no less after it.
    expect(await sizesOf(chain([32, 32, 3], conv(8, { strides: 2 })))).toEqual(['Conv 15x15']);
  });

  it('along the channels, which normalization, convolutions and pools take whole', async () => {
    const norm = layers.batchNormalization({ axis: 1 });
    const turned = chain([8, 8, 9], layers.permute({ dims: [3, 1, 2] }), norm, conv(60), pool());
    // tfjs's CPU backend is wrong about other axes than the last.
    const { bytes } = await convertLayersModel(turned);
    await (await createNodeSession(bytes, { device: 'cpu' })).release();
    const deep = chain([9, 9, 2], conv(5, { padding: 'same' }), layers.permute({ dims: [3, 1, 2] }), pool());
    const { converted } = await checkParity(deep);
    const made = converted.graph.nodes.find(({ op }) => op === 'Conv')!;
    expect(converted.graph.types.get(made.outputs[0]!)!.shape[1]).toBe(5);
  });

  it('without optimization', async () => {
    const model = chain([9, 9, 2], conv(4, { padding: 'same' }), pool());
    expect(await sizesOf(model, { optimize: false })).toEqual(expect.arrayContaining(['Conv 9x9']));
  });
});

describe('a graph made by hand', () => {
  const imageOf = (size: number): Shape => ['N', 99, size, size];
  const node = (
    op: string,
    inputs: string[],
    output: string,
    attributes: Graph['nodes'][0]['attributes'],
  ) => ({
    op,
    name: output,
    inputs,
    outputs: [output],
    attributes,
  });
  const graphOf = (poolAttributes: Graph['nodes'][0]['attributes']): Graph => ({
    name: 'g',
    inputs: [{ name: 'input', type: 'float32', shape: ['N', 1, 11, 11] }],
    outputs: [{ name: 'input_read', type: 'float32', shape: imageOf(4) }],
    nodes: [
      node('Conv', ['input', 'k'], 'h', {}),
      node('MaxPool', ['h'], 'input_read', { kernel_shape: ints([2, 2]), ...poolAttributes }),
    ],
    constants: new Map([['k', floatConstant([99, 1, 3, 3], new Float32Array(9 * 99))]]),
    types: new Map([
      ['h', { type: 'float32', shape: imageOf(9) }],
      ['input_read', { type: 'float32', shape: imageOf(4) }],
    ]),
  });

  it('keeps its names, and gives what is added others', () => {
    const trimmed = trimUnread(graphOf({ strides: ints([2, 2]) }));
    expect(trimmed.nodes.map(({ op, inputs, outputs }) => [op, inputs[0], ...outputs])).toEqual([
      ['Slice', 'input', 'input_read_1'],
      ['Conv', 'input_read_1', 'h'],
      ['MaxPool', 'h', 'input_read'],
    ]);
    expect(trimmed.types.get('h')!.shape).toEqual(imageOf(8));
  });

  it('with a pool that rounds up stays, which reads the rest', () => {
    const graph = graphOf({ strides: ints([2, 2]), ceil_mode: { int: 1 } });
    expect(trimUnread(graph)).toEqual(graph);
  });
});
