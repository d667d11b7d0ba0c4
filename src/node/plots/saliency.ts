import { MNIST_SIZE } from '../../core/image.js';
import type { Saliency } from '../../core/saliency.js';
import { divergingColour, mix, type Rgb } from './colours.js';
import { drawPage, drawText, PAGE_WIDTH, shorten } from './page.js';
import { drawRaster, type Raster } from './raster.js';
import { style } from './style.js';

export interface SaliencyPlot {
  readonly items: readonly {
    /** [28, 28] */
    readonly pixels: Uint8Array;
    readonly saliency: Saliency;
    readonly actual: string;
    readonly predicted: string;
  }[];
  readonly caption: string;
}

const CELL = 62;
const LABEL = 118;
const ROWS = ['image', 'ink that\ndecides', 'paper that\nmust stay\nblank'] as const;
const ROW_HEIGHT = 70;

/** Draws, for images, which pixels speak for what was read, as SVG. */
export async function drawSaliency({ items, caption }: SaliencyPlot): Promise<string> {
  const pitch = Math.min(80, (PAGE_WIDTH - LABEL - 16) / Math.max(1, items.length));
  const columns = await Promise.all(
    items.map(async (item, i) => {
      const x = LABEL + i * pitch;
      const place = (row: number) => ({ x, y: 24 + row * ROW_HEIGHT, width: CELL, height: CELL });
      const isRight = item.actual === item.predicted;
      const name = `${shorten(item.predicted, 30, 13)}${isRight ? '' : ` ≠ ${shorten(item.actual, 30, 13)}`}`;
      return [
        drawText(name, {
          x: x + CELL / 2,
          y: 14,
          size: 14,
          weight: 600,
          anchor: 'middle',
          fill: isRight ? style.right : style.wrong,
        }),
        await drawRaster(overlay(item.pixels, new Float32Array(item.pixels.length), 1), place(0)),
        await drawRaster(overlay(item.pixels, item.saliency.withoutInk), place(1)),
        await drawRaster(overlay(item.pixels, item.saliency.withInk), place(2)),
        ...ROWS.map((_, row) => {
          const { y } = place(row);
          return `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="none" stroke="${style.line}"/>`;
        }),
      ].join('');
    }),
  );
  const labels = ROWS.flatMap((label, row) => {
    const lines = label.split('\n');
    const top = 24 + row * ROW_HEIGHT + CELL / 2 + 5 - ((lines.length - 1) * 16) / 2;
    return lines.map((line, i) =>
      drawText(line, { x: LABEL - 14, y: top + i * 16, size: 13, anchor: 'end' }),
    );
  });
  const legendY = 24 + ROWS.length * ROW_HEIGHT + 16;
  const legend = [
    swatch(232, legendY, divergingColour(0.75)),
    drawText('changing it here makes the answer less sure', { x: 250, y: legendY, size: 12.5 }),
    swatch(532, legendY, divergingColour(-0.75)),
    drawText('more sure', { x: 550, y: legendY, size: 12.5 }),
  ];
  return drawPage({
    title: 'Which pixels decided: a patch of 5×5 is blanked, or filled with ink',
    caption,
    bodyHeight: legendY + 12,
    body: [...columns, ...labels, ...legend].join('\n'),
  });
}

function swatch(x: number, y: number, [r, g, b]: Rgb): string {
  return `<rect x="${x}" y="${y - 11}" width="12" height="12" fill="rgb(${r}, ${g}, ${b})"/>`;
}

/** The image in grey on white, coloured by the map: orange where it is positive, blue where negative. */
function overlay(pixels: Uint8Array, map: Float32Array, ink = 0.45): Raster {
  const strongest = map.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6);
  const data = new Uint8Array(pixels.length * 3);
  for (const [i, value] of pixels.entries()) {
    const grey = 255 - value * ink;
    const strength = Math.max(-1, Math.min(1, map[i]! / strongest));
    const colour = mix(
      [grey, grey, grey],
      divergingColour(Math.sign(strength) * 0.6),
      Math.abs(strength) ** 0.8,
    );
    data.set(colour, i * 3);
  }
  return { width: MNIST_SIZE, height: MNIST_SIZE, channels: 3, data };
}
