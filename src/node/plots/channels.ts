import type { Rgb } from './colours.js';
import { cssColour } from './colours.js';
import { drawText } from './page.js';
import type { Raster } from './raster.js';
import { style } from './style.js';

/** A tensor of pictures: `data` is [count, height, width]. */
export interface Planes {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** One plane as coloured pixels. */
export function planeRaster(
  { width, height, data }: Planes,
  index: number,
  colour: (v: number) => Rgb,
): Raster {
  const size = width * height;
  const pixels = new Uint8Array(size * 3);
  for (let i = 0; i < size; i++) pixels.set(colour(data[index * size + i]!), i * 3);
  return { width, height, channels: 3, data: pixels };
}

const GAP_GREY = 222;

/** Planes side by side in one picture, `columns` a row, parted by `gap` grey pixels. */
export function mosaic(
  planes: Planes,
  columns: number,
  colour: (v: number) => Rgb,
  gap = 1,
  indexAt: (cell: number) => number = (cell) => cell,
): Raster {
  const rows = Math.ceil(planes.count / columns);
  const width = columns * (planes.width + gap) - gap;
  const height = rows * (planes.height + gap) - gap;
  const data = new Uint8Array(width * height * 3).fill(GAP_GREY);
  for (let cell = 0; cell < planes.count; cell++) {
    const part = planeRaster(planes, indexAt(cell), colour);
    const left = (cell % columns) * (planes.width + gap);
    const top = Math.floor(cell / columns) * (planes.height + gap);
    for (let y = 0; y < planes.height; y++) {
      const row = part.data.subarray(y * planes.width * 3, (y + 1) * planes.width * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
  }
  return { width, height, channels: 3, data };
}

/** A bar of a colour map from one value to another. */
export function drawColourBar(options: {
  x: number;
  y: number;
  from: string;
  to: string;
  colour: (share: number) => Rgb;
}): string {
  const { x, y, from, to, colour } = options;
  const steps = 24;
  const step = 4;
  const cells = Array.from(
    { length: steps },
    (_, i) =>
      `<rect x="${x + i * step}" y="${y}" width="${step + 0.3}" height="11" fill="${cssColour(colour(i / (steps - 1)))}"/>`,
  );
  return [
    drawText(from, { x: x - 7, y: y + 10, size: 12, anchor: 'end', fill: style.muted }),
    ...cells,
    `<rect x="${x}" y="${y}" width="${steps * step}" height="11" fill="none" stroke="${style.line}"/>`,
    drawText(to, { x: x + steps * step + 7, y: y + 10, size: 12, fill: style.muted }),
  ].join('');
}
