import { expect, test } from 'vitest';
import { artifacts, functional, inputOf } from '../../../test/convert/topology.js';
import { readOnnx } from '../onnx/read.js';
import { convertArtifacts } from './convert.js';
import { tapLayers } from './taps.js';

test("the graph of taps gives each layer's result, call by call, but those that no node makes", () => {
  const layers = {
    x: inputOf(3),
    drop: ['Dropout', { rate: 0.5 }, ['x']],
    shared: ['ReLU', {}, ['drop'], ['shared']],
    sum: ['Add', {}, ['shared', 'shared:1']],
  } as const;
  const converted = convertArtifacts(artifacts(functional(layers, ['x'], ['sum'])));
  const { bytes, taps } = tapLayers(converted, 18);
  expect(taps.map(({ layer, className, call, index }) => [layer, className, call, index])).toEqual([
    ['shared', 'ReLU', 0, 0],
    ['shared', 'ReLU', 1, 0],
    ['sum', 'Add', 0, 0],
  ]);
  const { opsets, outputs } = readOnnx(bytes);
  expect(opsets).toEqual({ 'ai.onnx': 18 });
  expect(outputs).toMatchObject(taps.map(({ value: { name, shape } }) => ({ name, shape })));
  expect(outputs.at(-1)!.name).toBe('output');
});
