import type { GrayImage } from '../../core/image.js';

/** Encodes a grey image as an 8-bit PNG, lossless. */
export async function encodePng({ width, height, data }: GrayImage): Promise<Buffer> {
  const { default: sharp } = await import('./sharp.js');
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
