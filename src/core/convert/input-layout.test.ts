import { describe, expect, test } from 'vitest';
import { functional, inputOf, type TypedLayer } from '../../../test/convert/topology.js';
import { parseTopology } from '../keras/topology.js';
import { isImageInput } from './input-layout.js';

/** Whether the first input of a model of layers is taken for an image. */
function isImage(
  layers: Readonly<Record<string, TypedLayer>>,
  outputs: readonly string[],
  input = 'x',
): boolean {
  const model = parseTopology(functional(layers, [input], outputs));
  return isImageInput(model, model.inputs[0]!);
}

const x = inputOf(5, 4, 3);
const conv: TypedLayer = ['Conv2D', { filters: 2, kernel_size: [2, 2] }, ['x']];
const behind = ([className, config]: TypedLayer, ...layers: string[]): TypedLayer => [
  className,
  config,
  layers,
];
const relu: TypedLayer = ['ReLU', {}, ['x']];
const dense: TypedLayer = ['Dense', { units: 2 }, ['x']];
const channelsFirst: TypedLayer = [
  'Conv2D',
  { filters: 2, kernel_size: [2, 2], data_format: 'channels_first' },
  ['x'],
];

describe('the first layers that look at more than single elements tell', () => {
  test.each<[string, boolean, Record<string, TypedLayer>, string[]]>([
    ['a convolution', true, { conv }, ['conv']],
    ['pooling', true, { a: ['MaxPooling2D', {}, ['x']] }, ['a']],
    ['flattening', true, { a: ['Flatten', {}, ['x']] }, ['a']],
    ['a convolution of channels that stand first', false, { a: channelsFirst }, ['a']],
    ['a dense layer', false, { dense }, ['dense']],
    ['what comes after a dense layer does not', false, { dense, conv: behind(conv, 'dense') }, ['conv']],
    ['what comes after an activation does', true, { relu, conv: behind(conv, 'relu') }, ['conv']],
    [
      'after several such',
      true,
      {
        relu,
        a: ['Dropout', { rate: 0.5 }, ['relu']],
        b: ['BatchNormalization', {}, ['a']],
        conv: behind(conv, 'b'),
      },
      ['conv'],
    ],
    ['an activation alone does not', false, { relu }, ['relu']],
    ['one of two branches is enough', true, { dense, conv }, ['dense', 'conv']],
    [
      'a branch that does not come from the input is none',
      false,
      { y: x, conv: behind(conv, 'y'), relu },
      ['conv', 'relu'],
    ],
    [
      'a sum of which one part leads on',
      true,
      { relu, sum: ['Add', {}, ['x', 'relu']], conv: behind(conv, 'sum') },
      ['conv'],
    ],
  ])('%s', (_, expected, layers, outputs) => {
    expect(isImage({ x, ...layers }, outputs)).toBe(expected);
  });

  test('each call of a shared layer for itself', () => {
    const shared: TypedLayer = ['ReLU', {}, ['x'], ['y']];
    const layers = { x, y: x, shared, conv: behind(conv, 'shared:1') };
    expect(isImage(layers, ['conv', 'shared'])).toBe(false);
    expect(isImage(layers, ['conv', 'shared'], 'y')).toBe(true);
  });
});

describe('a nested model', () => {
  const inner = (layers: Record<string, TypedLayer>, inputs: string[], output: string): TypedLayer[1] =>
    functional(layers, inputs, [output], 'inner').config;

  test('tells by the layers within it', () => {
    const nested = (layers: Record<string, TypedLayer>, output: string): Record<string, TypedLayer> => ({
      x,
      inner: ['Model', inner({ a: x, ...layers }, ['a'], output), ['x']],
    });
    expect(isImage(nested({ conv: behind(conv, 'a') }, 'conv'), ['inner'])).toBe(true);
    expect(isImage(nested({ dense: behind(dense, 'a') }, 'dense'), ['inner'])).toBe(false);
  });

  test('by the input that it gets', () => {
    const two = inner(
      { a: x, b: x, conv: behind(conv, 'b'), dense: behind(dense, 'a'), sum: ['Add', {}, ['conv', 'dense']] },
      ['a', 'b'],
      'sum',
    );
    const layers: Record<string, TypedLayer> = { x, y: x, inner: ['Model', two, ['x', 'y']] };
    expect(isImage(layers, ['inner'])).toBe(false);
    expect(isImage(layers, ['inner'], 'y')).toBe(true);
  });
});

describe('one layer alone, or before a convolution', () => {
  // 2D as a rule; of those of volumes, an input of one more axis.
  const settings = {
    filters: 2,
    kernel_size: [2, 2],
    size: [2, 2],
    padding: 'same',
    cropping: [
      [1, 1],
      [1, 1],
    ],
  };
  const configs: Record<string, object> = {
    ZeroPadding2D: {
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
    Conv3D: { kernel_size: [2, 2, 2] },
    Conv3DTranspose: { kernel_size: [2, 2, 2] },
    MaxPooling3D: { pool_size: [2, 2, 2] },
    AveragePooling3D: { pool_size: [2, 2, 2] },
  };

  test.each([
    ...['Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose', 'SeparableConv2D', 'DepthwiseConv2D'],
    ...['MaxPooling2D', 'AveragePooling2D', 'MaxPooling3D', 'AveragePooling3D', 'GlobalMaxPooling2D'],
    ...['GlobalAveragePooling2D', 'UpSampling2D', 'ZeroPadding2D', 'Cropping2D', 'Flatten'],
  ])('%s looks at an image', (className) => {
    const layer: TypedLayer = [className, { ...settings, ...configs[className] }, ['x']];
    expect(isImage({ x: className.includes('3D') ? inputOf(6, 5, 4, 3) : x, layer }, ['layer'])).toBe(true);
  });

  test.each([
    ...[
      'Activation',
      'ReLU',
      'LeakyReLU',
      'PReLU',
      'ELU',
      'ThresholdedReLU',
      'Softmax',
      'Rescaling',
      'Dropout',
    ],
    ...['GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'BatchNormalization'],
    ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'],
  ])('%s leaves it to what follows', (className) => {
    const config = {
      activation: 'relu',
      rate: 0.5,
      stddev: 1,
      ...(className === 'Rescaling' ? { scale: 2 } : {}),
    };
    const layer: TypedLayer = [className, config, ['x', 'x']];
    expect(isImage({ x, layer }, ['layer'])).toBe(false);
    expect(isImage({ x, layer, conv: behind(conv, 'layer') }, ['conv'])).toBe(true);
  });
});
