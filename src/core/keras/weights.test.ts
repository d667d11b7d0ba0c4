import { describe, expect, it } from 'vitest';
import { UserError } from '../errors.js';
import { decodeWeights } from './weights.js';

const bytesOf = (data: Float32Array | Uint16Array | Int32Array) => new Uint8Array(data.buffer);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('decodeWeights', () => {
  it('reads every way in which tfjs stores a weight, one after the other', () => {
    const scaled = { scale: 0.5, min: -1 };
    const specs = [
      // Some writers say so where nothing is quantized.
      { name: 'a', shape: [2], dtype: 'float32', quantization: null as never },
      { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', ...scaled } },
      { name: 'c', shape: [1], dtype: 'float32', quantization: { dtype: 'uint16', ...scaled } },
      {
        name: 'd',
        shape: [2],
        dtype: 'float32',
        quantization: { dtype: 'float16', original_dtype: 'float32' },
      },
      { name: 'e', shape: [], dtype: 'int32' },
    ];
    const data = join(
      bytesOf(Float32Array.of(1.5, -2)),
      Uint8Array.of(0, 2, 255),
      bytesOf(Uint16Array.of(1000)),
      bytesOf(Uint16Array.of(0x3c00, 0xc100)),
      bytesOf(Int32Array.of(-7)),
    );
    const weights = decodeWeights(specs, data);
    expect([...weights].map(([name, weight]) => [name, [...weight.data]])).toEqual([
      ['a', [1.5, -2]],
      ['b', [-1, 0, 126.5]],
      ['c', [499]],
      ['d', [1, -2.5]],
      ['e', [-7]],
    ]);
  });

  it('reads from a Node Buffer that lies anywhere in its memory', () => {
    const buffer = Buffer.concat([Buffer.of(9), Buffer.from(Float32Array.of(1, 2).buffer)]).subarray(1);
    const weights = decodeWeights([{ name: 'a', shape: [2], dtype: 'float32' }], buffer);
    expect([...weights.get('a')!.data]).toEqual([1, 2]);
  });

  it.each([
    ['too short', [{ name: 'a', shape: [2], dtype: 'float32' }], 4, /a ends at byte 8, but there are 4/],
    ['too long', [{ name: 'a', shape: [1], dtype: 'float32' }], 8, /8 bytes where 4 are described/],
    ['no list', undefined, 0, /their list is missing/],
    ['no name', [{ shape: [1], dtype: 'float32' }], 4, /one has no name/],
    ['a bad shape', [{ name: 'a', shape: [-1], dtype: 'float32' }], 4, /the shape of a is wrong/],
    [
      'a huge shape',
      [{ name: 'a', shape: [2 ** 40, 2 ** 40], dtype: 'float32' }],
      4,
      /the shape of a is wrong/,
    ],
    ['no type', [{ name: 'a', shape: [1], dtype: { a: 1 } }], 4, /the type of a is missing/],
    ['a type of every object', [{ name: 'a', shape: [1], dtype: 'constructor' }], 4, /a has the type constr/],
    ['a text weight', [{ name: 'a', shape: [1], dtype: 'string' }], 4, /a has the type string/],
    [
      'no scale',
      [{ name: 'a', shape: [1], dtype: 'float32', quantization: { dtype: 'uint8' } }],
      1,
      /without scale/,
    ],
    [
      'a name twice',
      [1, 2].map(() => ({ name: 'a', shape: [1], dtype: 'bool' })),
      2,
      /two weights are named a/,
    ],
  ])('says what is wrong: %s', (_, specs, length, message) => {
    expect(() => decodeWeights(specs, new Uint8Array(length))).toThrow(UserError);
    expect(() => decodeWeights(specs, new Uint8Array(length))).toThrow(message);
  });
});
