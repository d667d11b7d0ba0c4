import type { LabelledImages } from '../../core/dataset/dataset.js';

/** Pixels row by row from the top left; one channel is grey, three are red, green and blue. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Pixels as a data address, enlarged without smoothing so that each can be seen. */
export async function rasterUrl({ width, height, channels, data }: Raster, scale = 4): Promise<string> {
  const { default: sharp } = await import('sharp');
  const png = await sharp(data, { raw: { width, height, channels } })
    .resize(width * scale, height * scale, { kernel: 'nearest' })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** One of many images. */
export function rasterOf({ pixels, width, height }: LabelledImages, index: number): Raster {
  const size = width * height;
  return { width, height, channels: 1, data: pixels.subarray(index * size, (index + 1) * size) };
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An SVG element that shows pixels. */
export async function drawRaster(
  raster: Raster,
  { x, y, width, height }: Place,
  scale?: number,
): Promise<string> {
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" href="${await rasterUrl(raster, scale)}"/>`;
}
