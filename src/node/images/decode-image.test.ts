import { crc32, deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { GrayImage } from '../../core/image.js';
import { decodeImage, decodeReduced } from './decode-image.js';
import { encodePng } from './encode-png.js';

/** A picture wider than high with every grey in it, so that a turn or a changed value shows. */
const picture: GrayImage = {
  width: 32,
  height: 8,
  data: Uint8Array.from({ length: 256 }, (_, i) => i),
};
const raw = () => sharp(picture.data, { raw: { width: 32, height: 8, channels: 1 } });

describe('lossless pictures keep every grey exactly', () => {
  test('our own PNG', async () => {
    expect(await decodeImage(await encodePng(picture))).toEqual(picture);
  });

  test.each([
    ['grey PNG', () => raw().toColourspace('b-w').png()],
    ['RGB PNG', () => raw().toColourspace('srgb').png()],
    ['interlaced PNG', () => raw().png({ progressive: true })],
    ['palette PNG', () => raw().png({ palette: true, colours: 256, dither: 0, quality: 100 })],
    ['RGBA PNG', () => raw().toColourspace('srgb').ensureAlpha().png()],
    ['TIFF', () => raw().tiff({ compression: 'lzw' })],
    ['WebP', () => raw().webp({ lossless: true })],
  ])('%s', async (_, make) => {
    expect(await decodeImage(await make().toBuffer())).toEqual(picture);
  });

  test('16-bit PNG, by its upper byte', async () => {
    const wide = Uint16Array.from(picture.data, (v) => v * 257);
    const png = await sharp(new Uint8Array(wide.buffer), {
      raw: { width: 32, height: 8, channels: 1, depth: 'ushort' } as never,
    })
      .pipelineColourspace('grey16')
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    const { width, height, data } = await decodeImage(png);
    expect([width, height, data.length]).toEqual([32, 8, 256]);
    for (let i = 1; i < 256; i++) expect(data[i]!).toBeGreaterThanOrEqual(data[i - 1]!);
  });
});

test('a turned photo is upright by its EXIF orientation', async () => {
  const jpeg = await raw().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
  const { width, height, data } = await decodeImage(jpeg);
  expect([width, height]).toEqual([8, 32]);
  // Turned clockwise, the dark first row is the right column.
  expect(data[7]!).toBeLessThan(data[0]!);
});

test('CMYK is read as a screen shows it', async () => {
  const white = sharp({ create: { width: 4, height: 4, channels: 3, background: 'white' } });
  const { data } = await decodeImage(await white.toColourspace('cmyk').jpeg().toBuffer());
  expect(Math.min(...data)).toBeGreaterThan(240);
});

test('a drawing on a transparent ground keeps its ink apart from it, dark or light', async () => {
  for (const [ink, value] of [
    ['black', 0],
    ['white', 255],
  ] as const) {
    const stroke = {
      input: { create: { width: 2, height: 8, channels: 4, background: ink } },
      left: 3,
      top: 1,
    };
    const png = await sharp({
      create: { width: 10, height: 10, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .composite([stroke as never])
      .png()
      .toBuffer();
    const { data } = await decodeImage(png);
    expect([data[0], data[13]]).toEqual([255 - value, value]);
  }
});

test('of an animation the first frame', async () => {
  const frames = ['black', 'white'].map((background) => ({
    create: { width: 4, height: 4, channels: 3 as const, background },
  }));
  const gif = await sharp(frames as never, { join: { animated: true } } as never)
    .gif()
    .toBuffer();
  const { width, height, data } = await decodeImage(gif);
  expect([width, height, data[0]]).toEqual([4, 4, 0]);
});

describe('what cannot be read is one clause that says why', () => {
  test.each([
    ['nothing', async () => new Uint8Array(0), 'the file is empty'],
    ['text', async () => Buffer.from('hello, world\n'), 'it is a text file, not an image'],
    [
      'noise',
      async () => Uint8Array.from({ length: 99 }, (_, i) => i * 7),
      'it is no image of a known format',
    ],
    ['a cut PNG', async () => (await encodePng(picture)).subarray(0, 90), 'the image is damaged or cut off'],
    [
      'a PNG whose header is damaged',
      async () => {
        const bytes = await encodePng(picture);
        bytes[20]! ^= 0xff;
        return bytes;
      },
      'the image is damaged or cut off (Input buffer has corrupt header)',
    ],
    [
      'a picture without end',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>'),
      'the image has more than 100 megapixels',
    ],
  ])('%s', async (_, make, message) => {
    const error = await decodeImage(await make()).catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'UserError' });
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain('\n');
  });
});

describe('what is made to waste time or memory is refused at once', () => {
  const svg = (inside: string, size = 200) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${inside}</svg>`);
  const inMarkup = 'the SVG has pictures, filters or entities in it, which are not read';
  const chunk = (type: string, body: Uint8Array) => {
    const out = Buffer.concat([Buffer.alloc(4), Buffer.from(type), body, Buffer.alloc(4)]);
    out.writeUInt32BE(body.length);
    out.writeUInt32BE(crc32(out.subarray(4, -4)), out.length - 4);
    return out;
  };
  /** A PNG that says it is large, and has one row of pixels. */
  const bomb = (side: number) => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(side);
    header.writeUInt32BE(side, 4);
    header[8] = 8;
    const rows = deflateSync(Buffer.alloc(side + 1));
    const signature = Buffer.from('89504e470d0a1a0a', 'hex');
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', rows),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  };

  test.each<[string, Buffer, string]>([
    ['a PNG of 50,000 x 50,000 pixels', bomb(50_000), 'the image has more than 100 megapixels'],
    ['an SVG with a file in it', svg('<image href="file:///etc/passwd"/>'), inMarkup],
    ['an SVG with a picture of the network', svg('<svg:image href="http://localhost/x.png"/>'), inMarkup],
    ['an SVG with a picture in it', svg('<image href="data:image/png;base64,AAAA"/>'), inMarkup],
    ['an SVG with filters', svg('<rect style="filter: blur(999px)"/>'), inMarkup],
    ['an SVG in UTF-16', Buffer.from('\ufeff<svg><image/></svg>', 'utf16le'), inMarkup],
    [
      'an SVG with entities',
      Buffer.concat([Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]>'), svg('&a;')]),
      inMarkup,
    ],
    ['an SVG of 1 GB', Buffer.alloc(2e6, ' <svg>'), 'the SVG is larger than 1 MB'],
    ['a compressed SVG', gzipSync(svg('')), 'it is a compressed file, not an image'],
  ])('%s', async (_, bytes, message) => {
    await expect(decodeImage(bytes)).rejects.toThrow(message);
  });

  test('a large SVG is drawn no larger than it is looked at', async () => {
    const { image, width } = await decodeReduced(svg('<rect width="9" height="9"/>', 9000), 1600);
    expect([image.width, width]).toEqual([2250, 9000]);
  });
});
