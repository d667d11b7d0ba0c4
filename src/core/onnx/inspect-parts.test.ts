import { describe, expect, it } from 'vitest';
import type { TensorInfo } from '../session.js';
import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import { inspectOnnx } from './inspect.js';
import { lintConstants } from './lint-constants.js';
import { countMultiplyAdds } from './multiply-adds.js';
import { precisionOf } from './precision.js';
import { type OnnxModel, readOnnx, tensorInfo, toNumber } from './read.js';
import { tapConvolutions } from './tap-convolutions.js';

/** A model as the reader gives it, of messages that leave out every field but those given. */
function modelOf(graph: pb.GraphProto, rest: Partial<OnnxModel> = {}): OnnxModel {
  const ports = { inputs: [], outputs: [], nodes: [] };
  return {
    irVersion: 10,
    opsets: { 'ai.onnx': 21 },
    producer: '',
    metadata: {},
    ...ports,
    proto: { graph },
    ...rest,
  };
}

const messages = (model: OnnxModel) => inspectOnnx(model).findings.map(({ message }) => message);

describe('a file that leaves out what it can', () => {
  it('is inspected all the same', () => {
    expect(inspectOnnx(modelOf({})).totals).toMatchObject({ nodes: 0, parameters: 0, constantBytes: {} });
    const { nodes, totals } = inspectOnnx(
      modelOf({ node: [{}], initializer: [{}], input: [{}], output: [{}], valueInfo: [{}] }),
    );
    expect(nodes).toEqual([{ name: '', op: '', outputs: [], parameters: 0, multiplyAdds: 0 }]);
    expect(totals.constantBytes).toEqual({ undefined: 1 });
  });

  it('is read with ? for dimensions that it does not tell', () => {
    const dim = [{ dimValue: 3 }, { dimParam: 'N' }, {}, { dimParam: '' }];
    expect(tensorInfo({ name: 'x', type: { tensorType: { elemType: 1, shape: { dim } } } })).toEqual({
      name: 'x',
      type: 'float32',
      shape: [3, 'N', '?', '?'],
    });
    expect(tensorInfo({})).toEqual({ name: '', type: 'no tensor', shape: [] });
    expect(tensorInfo({ type: { tensorType: { elemType: 99 } } }).type).toBe('type 99');
    expect([toNumber(undefined), toNumber(null), toNumber({ toNumber: () => 5 })]).toEqual([0, 0, 5]);
  });

  it('is read with the names of its domains', () => {
    const node = [{ opType: 'Relu' }, { opType: 'Gelu', domain: 'com.microsoft' }];
    const opsetImport = [{ version: 21 }, { domain: 'com.microsoft', version: 1 }];
    const bytes = onnx.ModelProto.encode({ irVersion: 10, opsetImport, graph: { node } }).finish();
    const model = readOnnx(bytes);
    expect(model.opsets).toEqual({ 'ai.onnx': 21, 'com.microsoft': 1 });
    expect(inspectOnnx(model).nodes.map(({ op }) => op)).toEqual(['Relu', 'com.microsoft.Gelu']);
  });
});

describe('multiply-adds', () => {
  const types = (shapes: Record<string, TensorInfo['shape']>) =>
    new Map(Object.entries(shapes).map(([name, shape]) => [name, { name, type: 'float32', shape }]));
  const count = (opType: string, shapes: Record<string, TensorInfo['shape']>) =>
    countMultiplyAdds({ opType, input: ['x', 'w', 'r'], output: ['y'] }, types(shapes));

  it.each<[string, Record<string, TensorInfo['shape']>, number | undefined]>([
    ['Relu', {}, 0],
    ['Conv', { w: [8, 1, 3, 3], y: ['N', 8, 26, 26] }, 8 * 26 * 26 * 9],
    ['Conv', { w: [8, 1, 3, 3] }, undefined],
    ['Conv', { y: ['N', 8, 26, 26] }, undefined],
    ['ConvTranspose', { x: ['N', 8, 5, 5], w: [8, 4, 3, 3] }, 8 * 25 * 36],
    ['ConvTranspose', { w: [8, 4, 3, 3] }, undefined],
    ['Gemm', { w: [6, 4] }, 24],
    ['Gemm', { w: [6, 'K'] }, undefined],
    ['MatMul', { w: [6, 4], y: ['N', 5, 4] }, 5 * 4 * 6],
    ['MatMul', { w: ['K', 4], y: ['N', 5, 4] }, undefined],
    ['LSTM', { x: [7, 'N', 3], w: [1, 8, 3], r: [1, 8, 2] }, 7 * (24 + 16)],
    ['LSTM', { x: ['T', 'N', 3], w: [1, 8, 3], r: [1, 8, 2] }, undefined],
    ['GRU', { w: [1, 6, 3], r: [1, 6, 2] }, undefined],
  ])('of %s with %j', (opType, shapes, expected) => {
    expect(count(opType, shapes)).toBe(expected);
  });

  it('of an operator of another domain are none that we know', () => {
    expect(countMultiplyAdds({ opType: 'Conv', domain: 'x' }, new Map())).toBe(0);
  });
});

describe('constants', () => {
  const constant = (dataType: number, dims: number[], byteCount: number): pb.TensorProto => ({
    name: 'c',
    dataType,
    dims,
    rawData: new Uint8Array(byteCount),
  });
  const bytesOf = ({ buffer }: { buffer: ArrayBuffer }) => new Uint8Array(buffer);

  // Data type, shape, bytes that this shape takes.
  it.each([
    [1, [2, 3], 24],
    [2, [5], 5],
    [9, [5], 5],
    [10, [5], 10],
    [16, [5], 10],
    [11, [5], 40],
    [7, [5], 40],
    [14, [5], 40],
    [15, [5], 80],
    [17, [5], 5],
    [22, [5], 3],
    [1, [], 4],
  ])('of type %i and shape %j hold %i bytes', (dataType, dims, byteCount) => {
    expect(lintConstants([constant(dataType, dims, byteCount)])).toEqual([]);
    expect(lintConstants([constant(dataType, dims, byteCount + 1)])[0]?.message).toMatch(
      /^1 constants do not hold/,
    );
  });

  it('of a negative size lie, texts and empty ones do not', () => {
    expect(lintConstants([constant(1, [-2], 0)])).toHaveLength(1);
    expect(lintConstants([constant(8, [3], 7), {}, { dataType: 99, rawData: Uint8Array.of(1) }])).toEqual([]);
  });

  it.each([
    ['float32', { dataType: 1, rawData: bytesOf(Float32Array.of(1, -3e38, Number.NaN)) }],
    ['float32', { dataType: 1, rawData: bytesOf(Float32Array.of(Number.NEGATIVE_INFINITY, 1)) }],
    ['float32 in a list', { dataType: 1, floatData: [0, Number.POSITIVE_INFINITY] }],
    ['float64', { dataType: 11, rawData: bytesOf(Float64Array.of(1e300, Number.NaN)) }],
    ['float64 in a list', { dataType: 11, doubleData: [Number.NaN] }],
    ['float16', { dataType: 10, rawData: bytesOf(Uint16Array.of(0x3c00, 0xfc00)) }],
    ['float16 in a list', { dataType: 10, int32Data: [0x3c00, 0x7e00] }],
    ['bfloat16', { dataType: 16, rawData: bytesOf(Uint16Array.of(0x7f80)) }],
  ])('of %s that hold NaN or infinite numbers are a warning', (_, tensor: pb.TensorProto) => {
    const count = tensor.rawData
      ? tensor.rawData.length / { 1: 4, 11: 8, 10: 2, 16: 2 }[tensor.dataType!]!
      : 1;
    expect(lintConstants([constant(1, [2], 8), { ...tensor, name: 'kernel', dims: [count] }])).toEqual([
      {
        level: 'warning',
        runtime: 'all',
        message: '1 constants hold NaN or infinite numbers, the first is kernel',
      },
    ]);
  });

  it('of large numbers, and whole ones of any bits, are none', () => {
    const finite = [
      { dataType: 1, dims: [2], rawData: bytesOf(Float32Array.of(3.4e38, -3.4e38)) },
      { dataType: 10, dims: [1], rawData: bytesOf(Uint16Array.of(0x7bff)) },
      { dataType: 6, dims: [1], rawData: bytesOf(Int32Array.of(0x7fc00000)) },
      { dataType: 6, dims: [1], int32Data: [0x7fc00000] },
    ];
    expect(lintConstants(finite as pb.TensorProto[])).toEqual([]);
  });

  it('outside the file are named, and those outside its folder are an error', () => {
    const external = (location?: string): pb.TensorProto => ({
      dataLocation: 1,
      externalData: location === undefined ? [] : [{ key: 'location', value: location }],
    });
    expect(lintConstants([external('w.bin'), external('w.bin')])).toEqual([
      { level: 'warning', runtime: 'all', message: '2 constants lie outside the file, in w.bin' },
    ]);
    expect(lintConstants([external('../w.bin')])[0]).toMatchObject({
      level: 'error',
      message: "constants are sought outside the model's folder, at ../w.bin",
    });
    expect(lintConstants([external()]).map(({ message }) => message)).toEqual([
      "constants are sought outside the model's folder, at a place that it does not name",
      '1 constants lie outside the file, in a file that it does not name',
    ]);
  });
});

describe('what would not load', () => {
  it('is said of versions, ports, graphs and operators', () => {
    expect(messages(modelOf({}, { irVersion: 99, opsets: { 'ai.onnx': 99 } }))).toEqual([
      expect.stringMatching(/^IR version 99 is newer/),
      expect.stringMatching(/^opset 99 is newer/),
    ]);
    expect(messages(modelOf({}, { opsets: { 'ai.onnx': 5 } }))).toEqual([
      expect.stringMatching(/^opset 5 is older/),
    ]);
    const port = { name: 'x', type: 'bfloat16', shape: [] };
    expect(messages(modelOf({}, { inputs: [port] }))).toEqual([expect.stringMatching(/^x is of bfloat16/)]);
    expect(messages(modelOf({ output: [{ name: 'y' }] }))).toEqual(['nothing makes the output y']);
    const twice = [
      { opType: 'Relu', input: ['x'], output: ['y'] },
      { opType: 'Relu', input: ['z', ''], output: ['y', ''] },
    ];
    expect(messages(modelOf({ input: [{ name: 'x' }], node: twice }))).toEqual([
      'Relu takes z, which nothing before it makes',
      'Relu makes y, which is there already',
    ]);
    const node = (opType: string, domain = '') => modelOf({ node: [{ opType, domain }] });
    expect(messages(node('Nonsense'))[0]).toBe('ai.onnx has no operator Nonsense');
    expect(messages(node('Attention'))[0]).toBe('Attention is of opset 23, the file asks for 21');
    const batchFirst = [{ name: 'layout', i: 1 }];
    expect(messages(modelOf({ node: [{ opType: 'LSTM', attribute: batchFirst }] }))).toContain(
      'LSTM with layout 1 (the batch first) is not written in onnxruntime 1.30',
    );
    for (const [opset, isTold] of [
      [21, false],
      [22, true],
    ] as const) {
      const told = messages(modelOf({ node: [{ opType: 'RoiAlign' }] }, { opsets: { 'ai.onnx': opset } }));
      expect(told.includes('RoiAlign of opset 22 on has no kernel in onnxruntime 1.30')).toBe(isTold);
    }
    expect(messages(node('Upsample'))[0]).toBe('Upsample is gone from opset 10 on');
    expect(messages(node('Gelu', 'ai.onnx.ml'))[0]).toBe('it does not say which opset ai.onnx.ml.Gelu is of');
    expect(messages(node('Mine', 'me'))[0]).toBe('me.Mine must be registered with the runtime');
    expect(messages(modelOf({ node: [{ opType: 'Nonsense' }, { opType: 'Nonsense' }] }))[0]).toMatch(
      /\(2 nodes\)$/,
    );
  });

  it('is sought in graphs within graphs too', () => {
    const inner = { node: [{ opType: 'Nonsense' }] };
    const outer = {
      opType: 'If',
      attribute: [
        { name: 'then_branch', g: inner },
        { name: 'more', graphs: [inner] },
      ],
    };
    expect(messages(modelOf({ node: [outer] }))[0]).toMatch(/no operator Nonsense \(2 nodes\)/);
  });

  it('is said of what would only be slow', () => {
    const half = { name: 'w', dataType: 10, dims: [1], rawData: new Uint8Array(2) };
    const node = [{ opType: 'Transpose', input: ['w'], output: ['t'] }];
    expect(messages(modelOf({ initializer: [half], node }))).toEqual([
      expect.stringMatching(/^half precision is computed in float32/),
      '1 Transpose nodes copy their tensors',
    ]);
  });
});

it('a model without anything has no taps, and a precision as any has', () => {
  const bytes = onnx.ModelProto.encode({ irVersion: 10, opsetImport: [{ version: 21 }], graph: {} }).finish();
  expect(tapConvolutions(bytes, 2).taps).toEqual([]);
  expect(precisionOf(readOnnx(bytes))).toBe('fp32');
  expect(precisionOf(modelOf({ initializer: [{ dataType: 10 }] }))).toBe('fp16');
});

it.each([
  ['DequantizeLinear', 'int8'],
  ['QLinearConv', 'int8'],
  ['QLinearMatMul', 'int8'],
  ['ConvInteger', 'int8'],
  ['MatMulInteger', 'int8'],
  ['DynamicQuantizeLinear', 'int8'],
  ['MatMul', 'fp32'],
  ['Conv', 'fp32'],
])('a model with a node %s is %s', (op, precision) => {
  expect(precisionOf(modelOf({}, { nodes: [{ name: '', op, domain: 'ai.onnx' }] }))).toBe(precision);
});
