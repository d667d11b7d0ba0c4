import { describe, expect, it } from 'vitest';
import { UserError } from '../errors.js';
import { createRandom } from '../random.js';
import { countParts } from './count-parts.js';
import { onnx } from './generated/codec.js';
import { readOnnx } from './read.js';
import { float, floatConstant, type Graph, ints } from './types.js';
import { writeOnnx } from './write.js';

const GRAPH: Graph = {
  name: 'two nodes',
  inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
  nodes: [
    { op: 'Gemm', name: 'a', inputs: ['x', 'w'], outputs: ['h'], attributes: {} },
    { op: 'LeakyRelu', name: 'b', inputs: ['h'], outputs: ['y'], attributes: { alpha: float(0.25) } },
  ],
  constants: new Map([['w', floatConstant([2, 3], [1, 2, 3, 4, 5, 6])]]),
  types: new Map([
    ['h', { type: 'float32', shape: ['N', 3] }],
    ['y', { type: 'float32', shape: ['N', 3] }],
  ]),
};
const OPTIONS = { opset: 21, producerVersion: '1.2.3', metadata: { classes: '["0"]', größe: 'ü' } };
const BYTES = writeOnnx(GRAPH, OPTIONS);

describe('readOnnx', () => {
  it('reads back what writeOnnx wrote', () => {
    expect(readOnnx(BYTES)).toMatchObject({
      irVersion: 10,
      opsets: { 'ai.onnx': 21 },
      producer: 'mnist-onnx 1.2.3',
      metadata: { classes: '["0"]', größe: 'ü' },
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
      nodes: [
        { name: 'a', op: 'Gemm', domain: 'ai.onnx' },
        { name: 'b', op: 'LeakyRelu', domain: 'ai.onnx' },
      ],
    });
  });

  it('leaves out inputs that are initializers, as old files list them', () => {
    const proto = onnx.ModelProto.decode(BYTES);
    proto.graph!.input!.push({ name: 'w' });
    expect(readOnnx(onnx.ModelProto.encode(proto).finish()).inputs.map((input) => input.name)).toEqual(['x']);
  });

  it('reads what names and types nothing', () => {
    const proto = {
      irVersion: 8,
      opsetImport: [{ version: 13 }, { domain: 'com.example', version: 2 }],
      metadataProps: [
        {},
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
        { key: '__proto__', value: 'x' },
      ],
      graph: {
        node: [{}, { domain: 'com.example', opType: 'Own' }],
        input: [
          {},
          { name: 'list', type: { sequenceType: {} } },
          { name: 'odd', type: { tensorType: { elemType: 99 } } },
          { name: 'bare', type: { tensorType: {} } },
        ],
        output: [
          {
            name: 'y',
            type: {
              tensorType: {
                elemType: 1,
                shape: { dim: [{ dimParam: 'N' }, { dimValue: 3 }, {}, { dimParam: '' }] },
              },
            },
          },
        ],
      },
    };
    const model = readOnnx(onnx.ModelProto.encode(proto).finish());
    expect(model.opsets).toEqual({ 'ai.onnx': 13, 'com.example': 2 });
    expect(Object.entries(model.metadata)).toEqual([
      ['', ''],
      ['a', '2'],
      ['__proto__', 'x'],
    ]);
    expect(model.nodes).toEqual([
      { name: '', op: '', domain: 'ai.onnx' },
      { name: '', op: 'Own', domain: 'com.example' },
    ]);
    expect(model.inputs.map(({ name, type }) => [name, type])).toEqual([
      ['', 'no tensor'],
      ['list', 'no tensor'],
      ['odd', 'type 99'],
      ['bare', 'undefined'],
    ]);
    expect(model.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['N', 3, '?', '?'] }]);
    expect(model.producer).toBe('');
  });

  it.each([
    ['its version', { opsetImport: [{ version: 13 }], graph: {} }],
    ["its operators' version", { irVersion: 8, graph: {} }],
    ['a graph', { irVersion: 8, opsetImport: [{ version: 13 }] }],
  ])('takes a file that does not tell %s for no model', (_, proto) => {
    const bytes = onnx.ModelProto.encode(proto).finish();
    expect(() => readOnnx(bytes, 'm.onnx')).toThrow('m.onnx is no ONNX model, or a damaged one');
  });

  it('says of a file beyond 2 GB that no ONNX file can be so large', () => {
    expect(() => readOnnx({ length: 2 ** 31 } as Uint8Array)).toThrow('the model is larger than 2 GB');
  });

  it.each([
    ['an empty file', new Uint8Array(0), /the model is an empty file/],
    ['a text', new TextEncoder().encode('<!doctype html><html></html>'), /no ONNX model, or a damaged one/],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0), /no ONNX model/],
    ['zeros', new Uint8Array(64), /no ONNX model/],
    ['another protobuf message', Uint8Array.of(8, 1), /no ONNX model/],
    ['a length that lies', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f), /no ONNX model/],
  ])('says that %s is no model', (_, bytes, message) => {
    expect(() => readOnnx(bytes)).toThrow(UserError);
    expect(() => readOnnx(bytes)).toThrow(message);
  });

  it('ends in a sentence for every truncation and for damaged bytes', () => {
    const random = createRandom(3);
    for (let i = 0; i < 600; i++) {
      const bytes = BYTES.slice(0, i % 2 ? BYTES.length : Math.floor(random() * BYTES.length));
      for (let n = 0; n < 1 + (i % 4); n++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      try {
        readOnnx(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }
  });

  it('ends in a sentence where messages are nested without end', () => {
    // A graph in an attribute of a node of a graph ...: each level in three length-delimited fields.
    let bytes: Uint8Array = Uint8Array.of();
    for (let depth = 0; depth < 400; depth++) {
      bytes = field(0x0a, field(0x2a, field(0x32, bytes)));
    }
    expect(() => readOnnx(field(0x3a, bytes))).toThrow(UserError);
  });
});

it('says of a small file that describes millions of empty nodes that it is none, without decoding it', () => {
  const nodes = new Uint8Array(8_000_000).map((_, i) => (i % 2 ? 0 : 0x0a));
  const header = [0x3a, 0x80, 0xa4, 0xe8, 0x03];
  const bytes = new Uint8Array(header.length + nodes.length);
  bytes.set(header);
  bytes.set(nodes, header.length);
  expect(() => readOnnx(bytes)).toThrow('describes more than 3000000 parts');
});

describe('writeOnnx', () => {
  it('gives the same bytes for the same graph', () => {
    expect(writeOnnx(GRAPH, OPTIONS)).toEqual(BYTES);
  });

  it('refuses millions of packed numbers, each of which becomes an object', () => {
    const field = (number: number, content: Uint8Array) => {
      const head = [number * 8 + 2];
      for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
        head.push(rest < 128 ? rest : (rest % 128) + 128);
        if (rest < 128) break;
      }
      return Uint8Array.from([...head, ...content]);
    };
    const dims = field(1, new Uint8Array(7_000_000).fill(1));
    expect(() => readOnnx(field(7, field(5, dims)))).toThrow('parts, which no real model has');
    const ints = field(8, new Uint8Array(7_000_000).fill(1));
    expect(() => readOnnx(field(7, field(1, field(5, ints))))).toThrow('parts, which no real model has');
  });

  it('countParts counts the fields of all its messages', () => {
    // Model: ir, producer and its version, graph, opset, two properties with two fields each; see GRAPH for the rest.
    expect(countParts(BYTES, 1e6)).toBeGreaterThan(40);
    expect(countParts(BYTES, 10)).toBe(10);
    expect(countParts(BYTES.slice(0, 30), 1e6)).toBeLessThan(10);
  });

  it('types every value between input and output', () => {
    const proto = onnx.ModelProto.decode(BYTES);
    expect(proto.graph!.valueInfo!.map((info) => info.name)).toEqual(['h']);
  });

  it('writes each kind of attribute with its type', () => {
    const node = {
      ...GRAPH.nodes[1]!,
      attributes: { a: ints([0, -1]), b: { int: -3 }, c: { text: 'max' }, d: float(0) },
    };
    const proto = onnx.ModelProto.decode(writeOnnx({ ...GRAPH, nodes: [node] }, OPTIONS));
    const [a, b, c, d] = proto.graph!.node![0]!.attribute!;
    expect([a!.ints!.map(Number), Number(b!.i), [...c!.s!], d!.f]).toEqual([[0, -1], -3, [109, 97, 120], 0]);
    expect([a, b, c, d].map((attribute) => attribute!.type)).toEqual([7, 2, 3, 1]);
  });

  it('refuses an opset that it does not know', () => {
    expect(() => writeOnnx(GRAPH, { ...OPTIONS, opset: 17 })).toThrow('opset 17 is not supported');
  });
});

function field(tag: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest & 127) | 128);
  }
  return Uint8Array.of(tag, ...length, ...content);
}
