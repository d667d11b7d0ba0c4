import { expect, it } from 'vitest';
import { endInLogits } from './topology.js';

const sequential = (...layers: object[]) => ({ class_name: 'Sequential', config: { layers } });
const layer = (class_name: string, name: string, activation?: string) => ({
  class_name,
  config: { name, activation },
});

it.each(['Dense', 'Activation'])('makes the softmax of a last %s layer linear, in a copy', (className) => {
  const topology = sequential(layer('Dense', 'a', 'relu'), layer(className, 'b', 'softmax'));
  const copy = structuredClone(topology);
  expect(endInLogits(topology)).toEqual(
    sequential(layer('Dense', 'a', 'relu'), layer(className, 'b', 'linear')),
  );
  expect(topology).toEqual(copy);
});

it('takes a last Softmax layer away, and finds the output layer of a functional model', () => {
  const layers = [layer('Softmax', 'b'), layer('Dense', 'a')];
  const topology = {
    model_config: { class_name: 'Model', config: { layers, output_layers: [['b', 0, 0]] } },
  };
  expect(endInLogits(topology)).toMatchObject({
    model_config: { config: { layers: [layer('Activation', 'b', 'linear'), layer('Dense', 'a')] } },
  });
});

it('finds the model in a whole model.json', () => {
  const json = { modelTopology: { model_config: sequential(layer('Dense', 'a', 'softmax')) } };
  expect(endInLogits(json)).toEqual({
    modelTopology: { model_config: sequential(layer('Dense', 'a', 'linear')) },
  });
});

it('leaves a softmax that is needed elsewhere, or that stands within a loop', () => {
  const shared = { ...layer('Dense', 'a', 'softmax'), inbound_nodes: [[['x', 0, 0]], [['y', 0, 0]]] };
  const config = { layers: [shared], output_layers: [['a', 1, 0]] };
  expect(endInLogits({ class_name: 'Model', config })).toBeUndefined();
  expect(endInLogits(sequential(layer('SimpleRNN', 'a', 'softmax')))).toBeUndefined();
});

it('is undefined where no softmax of its own ends the model', () => {
  expect(endInLogits(sequential(layer('Dense', 'a', 'relu')))).toBeUndefined();
  expect(endInLogits(sequential())).toBeUndefined();
  expect(endInLogits({})).toBeUndefined();
});
