import { expect, test } from 'vitest';
import { convModel } from '../../../test/conv-model.js';
import { tinyModel } from '../../../test/tiny-model.js';
import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import { readOnnx } from './read.js';
import { tapConvolutions } from './tap-convolutions.js';

/** Taps a nameless convolution that gives `a`, with other nodes behind it; `last` shows its answer. */
function tapped(nodes: pb.NodeProto[]) {
  const conv = { opType: 'Conv', input: ['x', 'w'], output: ['a'] };
  const proto = { irVersion: 8, opsetImport: [{ version: 18 }], graph: { node: [conv, ...nodes] } };
  const { bytes, taps } = tapConvolutions(onnx.ModelProto.encode(proto).finish(), 1);
  return { taps, last: readOnnx(bytes).proto.graph!.node!.at(-1)! };
}

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

test('outputs get names that nothing has yet; a layer without a name is counted', () => {
  const { taps } = tapped([{ opType: 'Relu', input: ['a'], output: ['kernel_0'] }]);
  expect(taps).toEqual([{ name: 'Conv 1', kernel: 'kernel_0_', answer: 'answer_0' }]);
});

test('what has 8 bits is shown once it is a number again', () => {
  const quantize = { opType: 'QuantizeLinear', input: ['a', 's'], output: ['q'] };
  const dequantize = { opType: 'DequantizeLinear', input: ['q', 's'], output: ['d'] };
  expect(tapped([quantize]).last.input).toEqual(['a']);
  expect(tapped([quantize, dequantize]).last.input).toEqual(['d']);
});

test('a damaged file whose activations run in a circle, or in millions, is no trap', () => {
  const relu = (from: string, to: string) => ({ opType: 'Relu', input: [from], output: [to] });
  expect(tapped([relu('a', 'b'), relu('b', 'a')]).last.input).toEqual(['a']);
  const chain = Array.from({ length: 20_000 }, (_, i) => relu(i === 0 ? 'a' : `v${i}`, `v${i + 1}`));
  expect(tapped(chain).last.input).toEqual(['v20000']);
});
