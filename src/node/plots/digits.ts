import type { LabelledImages } from '../../core/dataset/dataset.js';
import { drawPage, drawText } from './page.js';
import { drawRaster, rasterOf } from './raster.js';

export interface DigitsPlot {
  readonly title: string;
  readonly caption: string;
  /** [count, height, width] */
  readonly images: LabelledImages;
  readonly classes: readonly string[];
  /** How many images of each class. */
  readonly perClass?: number;
}

const CELL = 60;
const GAP = 8;
const LABEL_WIDTH = 44;
const MAX_CLASSES = 12;

/** Draws the first images of each class, a row for each class, as SVG. */
export async function drawSampleDigits(plot: DigitsPlot): Promise<string> {
  const { title, caption, images, classes, perClass = 12 } = plot;
  const shown = classes.slice(0, MAX_CLASSES);
  const labelWidth = Math.max(LABEL_WIDTH, 16 + Math.max(...shown.map((name) => name.length)) * 9);
  const rows = await Promise.all(
    shown.map(async (name, label) => {
      const y = label * (CELL + GAP);
      const cells = await Promise.all(
        indicesOf(images.labels, label, perClass).map((index, column) => {
          const x = labelWidth + column * (CELL + GAP);
          return drawRaster(rasterOf(images, index), { x, y, width: CELL, height: CELL });
        }),
      );
      const place = {
        x: labelWidth - 16,
        y: y + CELL / 2 + 7,
        size: 20,
        weight: 600,
        anchor: 'end',
      } as const;
      return drawText(name, place) + cells.join('');
    }),
  );
  const more =
    classes.length > shown.length ? ` (the first ${shown.length} of ${classes.length} classes)` : '';
  return drawPage({
    title: title + more,
    caption,
    width: labelWidth + perClass * (CELL + GAP) + GAP,
    bodyHeight: shown.length * (CELL + GAP),
    body: rows.join('\n'),
  });
}

function indicesOf(labels: Uint8Array, label: number, count: number): number[] {
  const indices: number[] = [];
  for (let i = 0; i < labels.length && indices.length < count; i++) if (labels[i] === label) indices.push(i);
  return indices;
}
