import { constants, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { greyPng } from '../../../test/grey-png.js';
import { createRandom } from '../../core/random.js';
import { decodePlainPng } from './plain-png.js';

const random = createRandom(3);
const below = (n: number) => Math.floor(random() * n);
/** Few values, one of them often, so that codes get as long as they may. */
const skewed = () => Math.min(255, Math.floor(-18 * Math.log(1 - random())));

const PICTURES: Record<string, { width: number; height: number; value: (i: number) => number }> = {
  'a digit, mostly paper': { width: 28, height: 28, value: (i) => (i % 28 > 10 && i % 28 < 14 ? 200 : 0) },
  paper: { width: 100, height: 70, value: () => 255 },
  noise: { width: 60, height: 50, value: () => below(256) },
  'many values, most of them rare': { width: 300, height: 200, value: skewed },
  'repetitions from far away': {
    width: 1000,
    height: 80,
    value: (i) => (i < 33_000 ? (i * i * 31) % 251 : ((i - 32_700) ** 2 * 31) % 251),
  },
  'repetitions of 2 to 7 pixels': {
    width: 84,
    height: 60,
    value: (i) => (i % 84) % (2 + (Math.floor(i / 840) % 6)),
  },
  'small steps': { width: 40, height: 40, value: (i) => (i % 7) * (i % 3) },
  'one pixel': { width: 1, height: 1, value: () => 77 },
};

function rowsOf({ width, height, value }: (typeof PICTURES)[string]): { rows: Buffer; pixels: Buffer } {
  const pixels = Buffer.from(Array.from({ length: width * height }, (_, i) => value(i)));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  return { rows, pixels };
}

const FORMS = {
  stored: { level: 0 },
  'fixed codes': { strategy: constants.Z_FIXED },
  'codes without repetitions': { strategy: constants.Z_HUFFMAN_ONLY },
  'runs only': { strategy: constants.Z_RLE },
  'many small blocks': { level: 1, memLevel: 1 },
  'a small window': { windowBits: 9 },
  'the best that zlib can': { level: 9, memLevel: 9 },
};

describe.each(Object.entries(PICTURES))('a PNG of %s gives its pixels', (_, picture) => {
  const { rows, pixels } = rowsOf(picture);

  it.each(Object.entries(FORMS))('compressed as %s', (__, options) => {
    const decoded = decodePlainPng(greyPng(deflateSync(rows, options), picture));
    expect(decoded?.data).toEqual(new Uint8Array(pixels));
  });
});

describe('a PNG whose data are damaged', () => {
  const { rows } = rowsOf(PICTURES['a digit, mostly paper']!);
  const size = { width: 28, height: 28 };

  it.each(Object.entries(FORMS))('is refused where zlib refuses them, compressed as %s', (_, options) => {
    const stream = deflateSync(rows, options);
    for (let bit = 0; bit < 8 * stream.length; bit++) {
      const damaged = Buffer.from(stream);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const decoded = decodePlainPng(greyPng(damaged, size));
      // The window's size may be another one.
      if (decoded === undefined) continue;
      expect(inflateSync(damaged).equals(rows), `bit ${bit}`).toBe(true);
    }
  });

  it('is refused wherever it is cut off', () => {
    const stream = deflateSync(rows);
    for (let length = 0; length < stream.length; length++)
      expect(decodePlainPng(greyPng(stream.subarray(0, length), size)), `${length} bytes`).toBeUndefined();
  });

  it('is refused where more follows', () => {
    const stream = Buffer.concat([deflateSync(rows), Buffer.from([0])]);
    expect(decodePlainPng(greyPng(stream, size))).toBeUndefined();
  });

  it('is refused where they reach back before their beginning', () => {
    const dictionary = Buffer.alloc(64, 9);
    const raw = deflateRawSync(Buffer.alloc(28 * 29, 9), { dictionary });
    const sum = deflateSync(Buffer.alloc(28 * 29, 9)).subarray(-4);
    const stream = Buffer.concat([Buffer.from([0x78, 0x9c]), raw, sum]);
    expect(decodePlainPng(greyPng(stream, size))).toBeUndefined();
  });
});

const FOUR_ZEROS = [0, 0, 0, 0];

/** Writes deflate's bits: numbers lowest bit first, codes highest bit first. */
class BitWriter {
  readonly #bits: number[] = [];

  number(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.#bits.push((value >> i) & 1);
    return this;
  }

  code(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.#bits.push((value >> i) & 1);
    return this;
  }

  /** As a zlib stream of four bytes: one row of three pixels. */
  stream({ head = [0x78, 0x9c], rows = FOUR_ZEROS } = {}): Buffer {
    const body = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    for (const [i, bit] of this.#bits.entries()) body[i >> 3]! |= bit << (i & 7);
    return Buffer.concat([Buffer.from(head), body, deflateSync(Buffer.from(rows)).subarray(-4)]);
  }
}

/** The canonical code of symbols with these lengths. */
function codesOf(lengths: readonly number[]): number[] {
  const codes: number[] = [];
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    for (const [symbol, own] of lengths.entries()) if (own === length) codes[symbol] = code++;
    code <<= 1;
  }
  return codes;
}

/** 13 lengths of 4 bits and 6 of 5 bits: complete. */
const LENGTH_CODE = Array.from({ length: 19 }, (_, symbol) => (symbol < 13 ? 4 : 5));
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

interface Dynamic {
  readonly literals?: number;
  readonly distances?: number;
  readonly lengthCode?: readonly number[];
  /** The lengths of all codes: symbols, and a symbol's extra bits. */
  readonly lengths: readonly (number | readonly [symbol: number, extra: number, bits: number])[];
}

/** The head of a last block with codes of its own. */
function dynamicBlock({
  literals = 257,
  distances = 1,
  lengthCode = LENGTH_CODE,
  lengths,
}: Dynamic): BitWriter {
  const writer = new BitWriter().number(1, 1).number(2, 2);
  writer
    .number(literals - 257, 5)
    .number(distances - 1, 5)
    .number(15, 4);
  for (const symbol of LENGTH_ORDER) writer.number(lengthCode[symbol]!, 3);
  const codes = codesOf(lengthCode);
  for (const entry of lengths) {
    const [symbol, extra, bits] = typeof entry === 'number' ? [entry, 0, 0] : entry;
    writer.code(codes[symbol]!, lengthCode[symbol]!).number(extra, bits);
  }
  return writer;
}

/** `count` zeros, at least 11. */
const zeros = (count: number): Dynamic['lengths'] =>
  count <= 138 ? [[18, count - 11, 7]] : [[18, 127, 7], ...zeros(count - 138)];
const fixed = () => new BitWriter().number(1, 1).number(1, 2).code(0x30, 8);

describe('a stream that is made by hand', () => {
  const size = { width: 3, height: 1 };

  it.each<[string, Buffer]>([
    ['a repetition', fixed().code(1, 7).code(0, 5).code(0, 7).stream()],
    [
      'codes of its own, of distances none',
      dynamicBlock({ lengths: [1, ...zeros(255), 1, 0] })
        .code(0, 4)
        .code(1, 1)
        .stream(),
    ],
    [
      'one distance',
      dynamicBlock({ literals: 258, lengths: [1, ...zeros(255), 2, 2, 1] })
        .code(0, 1)
        .code(3, 2)
        .code(0, 1)
        .code(2, 2)
        .stream(),
    ],
  ])('is read: %s', (_, stream) => {
    expect(inflateSync(stream)).toEqual(Buffer.from(FOUR_ZEROS));
    expect(decodePlainPng(greyPng(stream, size))?.data).toEqual(new Uint8Array(3));
  });

  it.each<[string, Buffer]>([
    ['an unknown length', fixed().code(0xc6, 8).code(0, 5).code(1, 7).code(0, 5).code(0, 7).stream()],
    ['an unknown distance', fixed().code(1, 7).code(30, 5).code(0, 7).stream()],
    [
      'no end of the block',
      dynamicBlock({ lengths: [1, 1, ...zeros(255), 0] })
        .code(0, 4)
        .stream(),
    ],
    [
      'a code with gaps',
      dynamicBlock({ lengths: [1, ...zeros(255), 2, 0] })
        .code(0, 4)
        .code(2, 2)
        .stream(),
    ],
    [
      'distances with gaps',
      dynamicBlock({ distances: 2, lengths: [1, ...zeros(255), 1, 2, 2] })
        .code(0, 4)
        .code(1, 1)
        .stream(),
    ],
    [
      'more codes than there can be',
      dynamicBlock({ lengths: [1, 1, ...zeros(254), 1, 0] })
        .code(0, 4)
        .code(1, 1)
        .stream(),
    ],
    [
      'a code of lengths with gaps',
      dynamicBlock({
        lengthCode: LENGTH_CODE.map((length, symbol) => (symbol === 7 ? 0 : length)),
        lengths: [1, ...zeros(255), 1, 0],
      })
        .code(0, 4)
        .code(1, 1)
        .stream(),
    ],
    [
      'a repetition of no length',
      dynamicBlock({ lengths: [[16, 0, 2], 1, ...zeros(252), 1, 0] })
        .code(0, 4)
        .code(1, 1)
        .stream({ rows: [3, 3, 3, 3] }),
    ],
    [
      'lengths beyond the codes',
      dynamicBlock({ lengths: [1, ...zeros(255), 1, [18, 0, 7]] })
        .code(0, 4)
        .code(1, 1)
        .stream(),
    ],
    [
      'too many distances',
      dynamicBlock({ distances: 31, lengths: [1, ...zeros(255), 1, ...zeros(31)] })
        .code(0, 4)
        .code(1, 1)
        .stream(),
    ],
    [
      'a dictionary',
      fixed()
        .code(1, 7)
        .code(0, 5)
        .code(0, 7)
        .stream({ head: [0x78, 0xbb] }),
    ],
    [
      'a window that is too large',
      fixed()
        .code(1, 7)
        .code(0, 5)
        .code(0, 7)
        .stream({ head: [0x88, 0x1c] }),
    ],
  ])('is refused: %s', (_, stream) => {
    expect(() => inflateSync(stream)).toThrow();
    expect(decodePlainPng(greyPng(stream, size))).toBeUndefined();
  });
});

it.each(Object.entries(FORMS))(
  'a PNG that holds far more than its size is refused, compressed as %s',
  (_, options) => {
    for (const rows of [Buffer.alloc(16e6), Buffer.from(Array.from({ length: 4e5 }, () => below(256)))]) {
      expect(decodePlainPng(greyPng(deflateSync(rows, options), { width: 28, height: 28 }))).toBeUndefined();
    }
  },
);

it('a PNG of many pixels is refused where its data end early', () => {
  const size = { width: 1000, height: 1000 };
  for (const length of [2, 10, 100, 1000]) {
    const stream = deflateSync(Buffer.from(Array.from({ length: 4000 }, () => below(256))));
    expect(decodePlainPng(greyPng(stream.subarray(0, length), size))).toBeUndefined();
  }
});
