import { expect, test } from 'vitest';
import { convModel } from '../../../test/conv-model.js';
import { tinyModel } from '../../../test/tiny-model.js';
import { readOnnx } from './read.js';
import { tapConvolutions } from './tap-convolutions.js';

test('a convolution gets two more outputs: its kernel, and its answer behind the activation', () => {
  const { bytes, taps } = tapConvolutions(convModel(), 2);
  expect(taps).toEqual([{ name: 'first', kernel: 'kernel_0', answer: 'answer_0' }]);
  const { outputs, nodes, proto } = readOnnx(bytes);
  expect(outputs.map(({ name }) => name)).toEqual(['logits', 'kernel_0', 'answer_0']);
  expect(nodes.slice(-2).map(({ op }) => op)).toEqual(['Cast', 'Cast']);
  expect(proto.graph!.node!.at(-1)!.input).toEqual(['relu']);
});

test('without convolutions nothing is added', () => {
  const { bytes, taps } = tapConvolutions(tinyModel(), 2);
  expect(taps).toEqual([]);
  expect(readOnnx(bytes).outputs).toEqual(readOnnx(tinyModel()).outputs);
});
