import { drawMark, drawPage, drawText, PAGE_WIDTH, shorten } from './page.js';
import type { ReadImages } from './predictions.js';
import { drawRaster, rasterOf } from './raster.js';
import { style } from './style.js';

export interface MistakesPlot extends ReadImages {
  readonly caption: string;
  /** [N, number of classes] */
  readonly probabilities: Float32Array;
  /** Indices of images, the worst first. */
  readonly mistakes: readonly number[];
  readonly mistakeCount: number;
}

const COLUMNS = 8;
const CELL = 70;
const PITCH_X = 99;
const PITCH_Y = 132;
const LINE = 16;
/** Longer names have a line of their own above the probability. */
const SHORT_NAME = 2;
const LEFT = (PAGE_WIDTH - COLUMNS * PITCH_X + PITCH_X - CELL) / 2;

/** Draws mistaken images with the probabilities of what was read and what is true, as SVG. */
export async function drawMistakes(plot: MistakesPlot): Promise<string> {
  const { mistakes, mistakeCount, images } = plot;
  const isLong = plot.classes.some((name) => name.length > SHORT_NAME);
  const pitch = PITCH_Y + (isLong ? 2 * LINE : 0);
  const cells = await Promise.all(
    mistakes.map((index, i) =>
      drawCell(plot, index, {
        x: LEFT + (i % COLUMNS) * PITCH_X,
        y: Math.floor(i / COLUMNS) * pitch + 4,
        isLong,
      }),
    ),
  );
  const none = drawText('Nothing to show: every image was read right.', {
    x: PAGE_WIDTH / 2,
    y: 40,
    size: 15,
    anchor: 'middle',
  });
  const total = images.count.toLocaleString('en');
  const shown =
    mistakes.length === mistakeCount
      ? `All ${mistakeCount}`
      : `The worst ${mistakes.length} of ${mistakeCount}`;
  return drawPage({
    title:
      mistakeCount === 0
        ? `No mistakes in ${total} images`
        : `${shown} mistakes in ${total} images, least probable truth first`,
    caption: plot.caption,
    bodyHeight: mistakeCount === 0 ? 80 : Math.ceil(mistakes.length / COLUMNS) * pitch,
    body: mistakeCount === 0 ? none : cells.join('\n'),
  });
}

async function drawCell(
  plot: MistakesPlot,
  index: number,
  { x, y, isLong }: { x: number; y: number; isLong: boolean },
): Promise<string> {
  const { images, classes, predicted, probabilities } = plot;
  const actual = images.labels[index]!;
  const lines = isLong ? 2 : 1;
  const top = y + CELL + 18;
  const row = (k: number, n: number, fill: string, weight: 400 | 600) => {
    const place = { y: top + n * lines * LINE, size: 13, fill, weight };
    const probability = formatProbability(probabilities[index * classes.length + k]!);
    return [
      drawText(shorten(classes[k]!, isLong ? 66 : 24, 13), { x: x + 17, ...place }),
      drawText(probability, { x: x + CELL + 4, anchor: 'end', ...place, y: place.y + (lines - 1) * LINE }),
    ].join('');
  };
  return [
    await drawRaster(rasterOf(images, index), { x, y, width: CELL, height: CELL }),
    drawMark(false, x, y + CELL + 9),
    row(predicted[index]!, 0, style.wrong, 600),
    drawText('true', { x: x + 11, y: top + lines * LINE, size: 11, fill: style.muted, anchor: 'end' }),
    row(actual, 1, style.right, 400),
    drawText(`no. ${index}`, {
      x: x + CELL + 4,
      y: top + 2 * lines * LINE - 1,
      size: 11,
      fill: style.muted,
      anchor: 'end',
    }),
  ].join('');
}

/** `99.8%`; what would round to none or all of it says so. */
export function formatProbability(p: number): string {
  if (p < 0.0005) return '<0.1%';
  if (p > 0.9995) return '>99.9%';
  return `${(100 * p).toFixed(1)}%`;
}
