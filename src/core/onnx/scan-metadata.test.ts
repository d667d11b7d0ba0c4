import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { onnx } from './generated/codec.js';
import { readOnnx } from './read.js';
import { scanMetadata } from './scan-metadata.js';

const HEAD = { irVersion: 10, opsetImport: [{ version: 21 }], graph: { node: [{ opType: 'Relu' }] } };
const encode = (proto: object) => onnx.ModelProto.encode(proto as never).finish();
const ENTRIES = [
  { key: 'classes', value: '["zéro","一"]' },
  { key: 'twice', value: 'first' },
  { key: 'twice', value: 'last' },
  { key: '\ufeffmark', value: '\ufeffof order' },
  { key: '__proto__', value: 'own' },
  { key: 'empty' },
  { value: 'of no name' },
];

it.each(['mnist_cnn', 'mnist_deep', 'mnist_deep_int8'])('finds in %s what the decoder finds', (name) => {
  const bytes = readFileSync(`models/pretrained/${name}.onnx`);
  expect(Object.keys(scanMetadata(bytes)!)).toContain('classes');
  expect(scanMetadata(bytes)).toEqual(readOnnx(bytes).metadata);
});

it('takes keys and values of any kind as the decoder takes them', () => {
  const bytes = encode({ ...HEAD, metadataProps: ENTRIES });
  expect(scanMetadata(bytes)).toEqual(readOnnx(bytes).metadata);
  expect(Object.entries(scanMetadata(bytes)!)).toEqual([
    ['classes', '["zéro","一"]'],
    ['twice', 'last'],
    ['\ufeffmark', '\ufeffof order'],
    ['__proto__', 'own'],
    ['empty', ''],
    ['', 'of no name'],
  ]);
});

it('gives no entries of a model without any', () => {
  expect(scanMetadata(encode(HEAD))).toEqual({});
});

it.each(['irVersion', 'opsetImport', 'graph'])('leaves a file without %s to the decoder', (name) => {
  expect(scanMetadata(encode({ ...HEAD, [name]: undefined, metadataProps: ENTRIES }))).toBeUndefined();
});

it.each([
  ['version 0', { ...HEAD, irVersion: 0 }, []],
  ['a version that is a text', { ...HEAD, irVersion: undefined }, [0x0a, 1, 0x31]],
  ['a graph that is a number', { ...HEAD, graph: undefined }, [0x38, 1]],
  ['a field of no number', HEAD, [0, 0]],
  ['a text that is no UTF-8', HEAD, [0x72, 3, 0x0a, 1, 0xff]],
])('leaves a file with %s to the decoder', (_, proto, more) => {
  const bytes = encode({ ...proto, metadataProps: ENTRIES });
  expect(scanMetadata(Uint8Array.of(...bytes, ...more))).toBeUndefined();
});

it('leaves a file that was cut off to the decoder, wherever it was', () => {
  const bytes = encode({ ...HEAD, metadataProps: ENTRIES });
  // Cut between two fields it is a shorter model.
  const ends = ENTRIES.map((_, i) => encode({ ...HEAD, metadataProps: ENTRIES.slice(0, i) }).length);
  for (let length = 0; length < bytes.length; length++)
    if (!ends.includes(length)) expect(scanMetadata(bytes.subarray(0, length)), `${length}`).toBeUndefined();
});

it('leaves entries that are no pair of texts to the decoder', () => {
  const head = encode(HEAD);
  const [tag, number, entryOfNumber] = [0x72, 0x70, Uint8Array.of(0x08, 1)];
  expect(scanMetadata(Uint8Array.of(...head, number, 5))).toBeUndefined();
  expect(scanMetadata(Uint8Array.of(...head, tag, 2, ...entryOfNumber))).toBeUndefined();
  expect(scanMetadata(Uint8Array.of(...head, tag, 2, 0x0a, 9))).toBeUndefined();
});

it('leaves a file of millions of parts to the decoder, which refuses it', () => {
  const nodes = new Uint8Array(8_000_000).map((_, i) => (i % 2 ? 0 : 0x0a));
  const bytes = encode({ ...HEAD, graph: undefined });
  const all = new Uint8Array(bytes.length + 5 + nodes.length);
  all.set(bytes);
  all.set([0x3a, 0x80, 0xa4, 0xe8, 0x03], bytes.length);
  all.set(nodes, bytes.length + 5);
  expect(scanMetadata(all)).toBeUndefined();
});
