import { describe, expect, it } from 'vitest';
import { UserError } from '../errors.js';
import { parseTopology } from './topology.js';

const dense = (name: string, extra = {}) => ({ class_name: 'Dense', config: { name, units: 2, ...extra } });
const input = {
  class_name: 'InputLayer',
  name: 'x',
  config: { name: 'x', batch_input_shape: [null, 3] },
  inbound_nodes: [],
};
const functional = (layers: unknown[], outputs: unknown = [['d', 0, 0]]) => ({
  class_name: 'Model',
  config: { name: 'm', layers, input_layers: [['x', 0, 0]], output_layers: outputs },
});

describe('parseTopology', () => {
  it('makes a Sequential model a chain from the input that its first layer names', () => {
    const model = parseTopology({
      class_name: 'Sequential',
      config: {
        name: 's',
        layers: [dense('a', { batch_input_shape: [null, 3] }), dense('b', { activation: 'relu' })],
      },
    });
    expect(model.layers.map(({ kind, name, calls }) => [kind, name, calls])).toEqual([
      ['input', 'a_input', [[]]],
      ['layer', 'a', [[{ layer: 'a_input', call: 0, output: 0 }]]],
      ['layer', 'b', [[{ layer: 'a', call: 0, output: 0 }]]],
    ]);
    expect(model.layers[2]).toMatchObject({
      layer: { class_name: 'Dense', config: { units: 2, activation: 'relu', use_bias: true } },
    });
  });

  it('reads the calls of a functional model, Python Keras JSON around it included', () => {
    const shared = { ...dense('d'), name: 'd', inbound_nodes: [[['x', 0, 0, {}]], [['d', 0, 0, {}]]] };
    const topology = { keras_version: '2.15', model_config: functional([input, shared], [['d', 1, 0]]) };
    const model = parseTopology(topology);
    expect(model.layers[1]!.calls).toHaveLength(2);
    expect(model.outputs).toEqual([{ layer: 'd', call: 1, output: 0 }]);
  });

  it('keeps unknown layers and wrong settings, to be named later', () => {
    const layers = [
      input,
      { class_name: 'Lambda', name: 'l', config: {}, inbound_nodes: [[['x', 0, 0]]] },
      { ...dense('d', { units: -1 }), name: 'd', inbound_nodes: [[['l', 0, 0]]] },
      { ...dense('e', { activation: 'cube' }), name: 'e', inbound_nodes: [[['d', 0, 0]]] },
    ];
    expect(parseTopology(functional(layers)).layers.slice(1)).toMatchObject([
      { kind: 'unknown', className: 'Lambda', reason: 'tfjs-layers 4.22 has no such layer' },
      { kind: 'unknown', reason: 'units must be a positive whole number, but is -1' },
      {
        kind: 'unknown',
        reason: expect.stringMatching(/^activation must be one of elu, .*, but is "cube"$/),
      },
    ]);
  });

  it.each([
    ['nothing', undefined, /damaged: the model topology is missing/],
    ['a list', [], /missing or not an object/],
    ['a graph model', { node: [], library: {} }, /graph model, which has no layers/],
    ['another class', { class_name: 'Estimator', config: {} }, /"Estimator" is not supported/],
    ['no layers', { class_name: 'Sequential', config: { layers: [] } }, /has no layers/],
    [
      'no input shape',
      { class_name: 'Sequential', config: [dense('a')] },
      /shape of the model's input a_input is not known/,
    ],
    ['Keras 3', functional([{ ...dense('d'), inbound_nodes: [{ args: [] }] }]), /saved by Keras 3/],
    ['a name twice', functional([input, input]), /two layers are named x/],
    ['a missing layer', functional([input]), /refers to a layer d that is not there/],
    [
      'a missing call',
      functional([input, { ...dense('d'), inbound_nodes: [[['x', 3, 0]]] }]),
      /refers to call 3 of x/,
    ],
    [
      'a bad reference',
      functional([input, { ...dense('d'), inbound_nodes: [[['x', -1, 0]]] }]),
      /not \[name, node index/,
    ],
  ])('says what is wrong: %s', (_, topology, message) => {
    expect(() => parseTopology(topology)).toThrow(UserError);
    expect(() => parseTopology(topology)).toThrow(message);
  });

  it('ends in a sentence where models are nested without end', () => {
    let model: Record<string, unknown> = functional([input], [['x', 0, 0]]);
    for (let i = 0; i < 200; i++)
      model = functional([input, { ...model, name: 'd', inbound_nodes: [[['x', 0, 0]]] }]);
    expect(() => parseTopology(model)).toThrow('nested too deep');
  });
});
