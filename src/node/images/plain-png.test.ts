import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { pngChunk, pngHeader, pngOf } from '../../../test/grey-png.js';
import { createRandom } from '../../core/random.js';
import { decodePlainPng } from './plain-png.js';

interface Png {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly colourType?: number;
  readonly interlace?: number;
  /** The filter of each row, again from the first where they end. */
  readonly filters?: readonly number[];
  readonly palette?: Uint8Array;
  /** Chunks before the pixels. */
  readonly before?: readonly Uint8Array[];
  /** Bytes missing from the rows, or added. */
  readonly surplus?: number;
  readonly split?: boolean;
  /** A chunk between the two of the pixels. */
  readonly between?: Uint8Array;
  readonly damage?: number;
}

const CHANNELS = [1, 0, 3, 1, 2, 0, 4];

/** A PNG of random bytes, of which every form is one picture or another. */
function makePng(options: Png = {}): Buffer {
  const { width = 13, height = 9, depth = 8, colourType = 0, interlace = 0, filters = [0] } = options;
  const { palette, before = [], surplus = 0, split = false, between, damage = 0 } = options;
  const header = pngHeader({ width, height, depth, colourType, interlace });
  const stride = Math.ceil((width * CHANNELS[colourType]! * depth) / 8) + 1;
  const random = createRandom(7);
  const values = colourType === 3 ? 200 : 256;
  // Interlaced rows are shorter; bytes that are too many are passed over.
  const rows = new Uint8Array(stride * height * (interlace ? 2 : 1) + surplus);
  for (let i = 0; i < rows.length; i++) {
    const filter = interlace ? 0 : filters[Math.floor(i / stride) % filters.length]!;
    rows[i] = i % stride === 0 ? filter : interlace ? 0 : Math.floor(random() * values);
  }
  const data = deflateSync(rows);
  const parts = split ? [data.subarray(0, 20), data.subarray(20)] : [data];
  return pngOf(
    pngChunk('IHDR', header),
    ...(palette ? [pngChunk('PLTE', palette)] : []),
    ...before,
    ...parts.flatMap((part, i) => [...(i > 0 && between ? [between] : []), pngChunk('IDAT', part, damage)]),
  );
}

/** What sharp makes of it, as `decode-image.ts` asks it to. */
async function withSharp(png: Uint8Array): Promise<{ channels: number; data: Uint8Array }> {
  const { data, info } = await sharp(png, { failOn: 'error' })
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { channels: info.channels, data: new Uint8Array(data) };
}

/** Each pixel as red, green, blue and alpha. */
function spread({ channels, data }: { channels: number; data: Uint8Array | Uint8ClampedArray }): number[] {
  const colours = channels < 3 ? 1 : 3;
  const out: number[] = [];
  for (let i = 0; i < data.length; i += channels) {
    for (let c = 0; c < 3; c++) out.push(data[i + Math.min(c, colours - 1)]!);
    out.push(channels % 2 === 0 ? data[i + channels - 1]! : 255);
  }
  return out;
}

const palette = Uint8Array.from({ length: 3 * 200 }, (_, i) => (i * 37) % 256);
const text = pngChunk('tEXt', Buffer.from('Comment\0drawn by hand'));

describe('plain ones have the pixels that sharp gives', () => {
  test.each<[string, Png]>([
    ['grey', {}],
    ['RGB', { colourType: 2 }],
    ['palette', { colourType: 3, palette }],
    ['grey and alpha', { colourType: 4 }],
    ['RGBA', { colourType: 6 }],
    ['every filter, grey', { filters: [1, 2, 3, 4, 0] }],
    ['every filter, RGB', { colourType: 2, filters: [4, 3, 2, 1, 0] }],
    ['every filter, RGBA', { colourType: 6, filters: [3, 4, 1, 2] }],
    ['one pixel', { width: 1, height: 1, colourType: 2, filters: [4] }],
    ['one column', { width: 1, height: 300, filters: [4, 3] }],
    ['pixels in two chunks', { width: 28, height: 28, split: true }],
    [
      'a comment and a density',
      { before: [text, pngChunk('pHYs', Buffer.from([0, 0, 11, 19, 0, 0, 11, 19, 1]))] },
    ],
  ])('%s', async (_, options) => {
    const png = makePng(options);
    const plain = decodePlainPng(png);
    expect(plain).toBeDefined();
    expect(spread(plain!)).toEqual(spread(await withSharp(png)));
  });

  test("those of sharp's own making", async () => {
    const noise = { width: 28, height: 28, data: makePng({ width: 30, height: 30 }).subarray(60, 844) };
    for (const channels of [1, 3] as const) {
      const raw = { width: 28, height: channels === 1 ? 28 : 9, channels };
      const pixels = noise.data.subarray(0, raw.width * raw.height * channels);
      const png = await sharp(pixels, { raw })
        .png({ compressionLevel: 9, adaptiveFiltering: true })
        .toBuffer();
      expect(spread(decodePlainPng(png)!)).toEqual(spread(await withSharp(png)));
    }
  });
});

describe('others are left to sharp', () => {
  const gamma = pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]));
  test.each<[string, Buffer]>([
    ['1 bit', makePng({ depth: 1 })],
    ['2 bits', makePng({ depth: 2 })],
    ['4 bits of a palette', makePng({ depth: 4, colourType: 3, palette })],
    ['16 bits', makePng({ depth: 16 })],
    ['16 bits RGBA', makePng({ depth: 16, colourType: 6 })],
    ['interlaced', makePng({ interlace: 1 })],
    ['a gamma', makePng({ before: [gamma] })],
    ['sRGB said', makePng({ before: [pngChunk('sRGB', Buffer.from([0]))] })],
    ['a colour profile', makePng({ before: [pngChunk('iCCP', Buffer.from('x\0\0abc'))] })],
    ['a transparent grey', makePng({ before: [pngChunk('tRNS', Buffer.from([0, 9]))] })],
    [
      'a transparent entry',
      makePng({ colourType: 3, palette, before: [pngChunk('tRNS', Buffer.from([0, 9]))] }),
    ],
    ['an orientation', makePng({ before: [pngChunk('eXIf', Buffer.from('MM\0*'))] })],
    ['a wrong checksum', makePng({ damage: 1 })],
    ['a row too few', makePng({ surplus: -14 })],
    ['a byte too many', makePng({ surplus: 1 })],
    ['an unknown filter', makePng({ filters: [5] })],
    ['entries beyond the palette', makePng({ colourType: 3, palette: palette.subarray(0, 3) })],
    ['no palette', makePng({ colourType: 3 })],
    ['a palette beside RGB', makePng({ colourType: 2, palette })],
    ['a size of 0', makePng({ height: 0 })],
    ['a comment among the pixels', makePng({ split: true, between: text })],
    ['cut off', makePng().subarray(0, -6)],
    ['many pixels', makePng({ width: 2000, height: 501 })],
    ['another format', Buffer.from('GIF89a')],
    ['nothing', Buffer.alloc(0)],
  ])('%s', (_, png) => {
    expect(decodePlainPng(png)).toBeUndefined();
  });
});
