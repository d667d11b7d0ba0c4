import { describe, expect, test } from 'vitest';
import { prepareTopology } from './topology.js';

const dense = (name: string, activation = 'softmax') => ({
  class_name: 'Dense',
  config: {
    name,
    units: 3,
    activation,
    kernel_initializer: { class_name: 'GlorotUniform', config: { seed: null } },
  },
});
const sequential = (...layers: object[]) => ({ class_name: 'Sequential', config: { name: 's', layers } });
interface Layers {
  config: { layers: { class_name: string; config: { activation?: string } }[] };
}
const ends = (json: unknown) =>
  (prepareTopology(json, 'net.json') as Layers).config.layers.map(
    ({ class_name, config }) => `${class_name} ${config.activation ?? ''}`,
  );

describe('a topology ends in a softmax of its own', () => {
  test('parted from the last layer', () => {
    expect(ends(sequential(dense('a', 'relu'), dense('b')))).toEqual([
      'Dense relu',
      'Dense linear',
      'Activation softmax',
    ]);
  });

  test('added after logits', () => {
    expect(ends(sequential(dense('b', 'linear')))).toEqual(['Dense linear', 'Activation softmax']);
  });

  test('left as it is', () => {
    const softmax = { class_name: 'Activation', config: { activation: 'softmax' } };
    expect(ends(sequential(dense('b', 'linear'), softmax))).toEqual(['Dense linear', 'Activation softmax']);
    const layer = { class_name: 'Softmax', config: {} };
    expect(ends(sequential(dense('b', 'linear'), layer))).toEqual(['Dense linear', 'Softmax ']);
  });

  test('added after a recurrent layer, whose own stands within its loop', () => {
    const recurrent = { class_name: 'SimpleRNN', config: { activation: 'softmax' } };
    expect(ends(sequential(recurrent))).toEqual(['SimpleRNN softmax', 'Activation softmax']);
  });

  test('also in a functional model, whose output it becomes', () => {
    const layers = [{ ...dense('b'), name: 'b', inbound_nodes: [] }];
    const topology = prepareTopology(
      { class_name: 'Functional', config: { layers, output_layers: [['b', 0, 0]] } },
      'net.json',
    );
    expect(topology).toMatchObject({
      config: {
        layers: [{ name: 'b' }, { name: 'probabilities_softmax', inbound_nodes: [[['b', 0, 0, {}]]] }],
        output_layers: [['probabilities_softmax', 0, 0]],
      },
    });
  });
});

test('it is found in a model.json, in a topology, and in what Keras writes; the original stays', () => {
  const topology = sequential(dense('b'));
  const before = structuredClone(topology);
  for (const json of [topology, { modelTopology: topology }, { modelTopology: { model_config: topology } }])
    expect(ends(json)).toEqual(['Dense linear', 'Activation softmax']);
  expect(topology).toEqual(before);
});

test.each([[null], [{}], [[1]], [{ class_name: 'Dense', config: {} }], [{ modelTopology: 'x' }]])(
  'refuses %j',
  (json) => {
    expect(() => prepareTopology(json, 'net.json')).toThrow('net.json holds no tfjs topology');
  },
);

test('refuses a network without layers or with several outputs', () => {
  expect(() => prepareTopology(sequential(), 'net.json')).toThrow('net.json has no layers');
  const two = {
    layers: [{ ...dense('b'), name: 'b' }],
    output_layers: [
      ['b', 0, 0],
      ['b', 0, 0],
    ],
  };
  expect(() => prepareTopology({ class_name: 'Functional', config: two }, 'net.json')).toThrow(
    'has not one output',
  );
});
