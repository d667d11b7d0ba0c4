import type { LabelledImages } from '../../core/dataset/dataset.js';
import { drawMark, drawPage, drawText, PAGE_WIDTH, shorten } from './page.js';
import { drawRaster, rasterOf } from './raster.js';
import { style } from './style.js';

/** What was read of images. */
export interface ReadImages {
  readonly images: LabelledImages;
  readonly classes: readonly string[];
  /** [N] class indices */
  readonly predicted: readonly number[];
}

export interface PredictionsPlot extends ReadImages {
  readonly caption: string;
  /** Indices of images. */
  readonly sample: readonly number[];
  readonly mistakes: readonly number[];
  readonly mistakeCount: number;
}

const COLUMNS = 10;
const CELL = 62;
const PITCH_X = 78;
const PITCH_Y = 94;
/** Names longer than this get a line each. */
const SHORT_NAME = 2;
const LINE = 16;
const LEFT = (PAGE_WIDTH - COLUMNS * PITCH_X + PITCH_X - CELL) / 2;
const HEADING = 34;

/** Draws images with what was read and what is true: a sample of all, and some of the mistakes, as SVG. */
export async function drawPredictions(plot: PredictionsPlot): Promise<string> {
  const { sample, mistakes, mistakeCount, images } = plot;
  const parts: string[] = [legend()];
  const isLong = plot.classes.some((name) => name.length > SHORT_NAME);
  const pitch = PITCH_Y + (isLong ? LINE : 0);
  let y = 30;
  const add = async (heading: string, indices: readonly number[]) => {
    parts.push(drawText(heading, { x: LEFT, y: y + 16, size: 14, weight: 600 }));
    const top = y + HEADING;
    const cells = indices.map((index, i) => drawCell(plot, index, cellPlace(i, top, pitch), isLong));
    parts.push(...(await Promise.all(cells)));
    y = top + Math.ceil(indices.length / COLUMNS) * pitch;
  };
  await add(`${sample.length} of all ${images.count.toLocaleString('en')} images, drawn by chance`, sample);
  const heading =
    mistakes.length === mistakeCount
      ? `All ${mistakeCount} mistakes`
      : `${mistakes.length} of the ${mistakeCount} mistakes, drawn by chance`;
  await add(mistakeCount === 0 ? 'No image was mistaken' : heading, mistakes);
  return drawPage({
    title: 'What the model reads',
    caption: plot.caption,
    bodyHeight: y,
    body: parts.join('\n'),
  });
}

function cellPlace(i: number, top: number, pitch: number) {
  return { x: LEFT + (i % COLUMNS) * PITCH_X, y: top + Math.floor(i / COLUMNS) * pitch };
}

function legend(): string {
  const y = 14;
  const middle = PAGE_WIDTH / 2;
  return [
    drawMark(true, middle - 178, y - 10),
    drawText('right: predicted = true', { x: middle - 162, y, size: 13, fill: style.right }),
    drawMark(false, middle + 12, y - 10),
    drawText('wrong: predicted ≠ true', { x: middle + 28, y, size: 13, fill: style.wrong }),
  ].join('');
}

async function drawCell(
  { images, classes, predicted }: ReadImages,
  index: number,
  { x, y }: { x: number; y: number },
  isLong: boolean,
): Promise<string> {
  const actual = images.labels[index]!;
  const isRight = predicted[index] === actual;
  const colour = isRight ? style.right : style.wrong;
  const size = isLong ? 12 : 14;
  const name = (k: number) => shorten(classes[k]!, isLong ? 58 : 26, size);
  const truth = `${isRight ? '=' : '≠'} ${name(actual)}`;
  const lines = isLong ? [name(predicted[index]!), truth] : [`${name(predicted[index]!)} ${truth}`];
  // Right and wrong differ in the frame's dashes and the mark too, not in colour alone.
  const frame = isRight ? 'stroke-width="1.5"' : 'stroke-width="3" stroke-dasharray="6 3"';
  return [
    await drawRaster(rasterOf(images, index), { x, y, width: CELL, height: CELL }),
    `<rect x="${x - 1.5}" y="${y - 1.5}" width="${CELL + 3}" height="${CELL + 3}" fill="none" stroke="${colour}" ${frame}/>`,
    drawMark(isRight, x + 4, y + CELL + 8),
    ...lines.map((line, i) =>
      drawText(line, {
        x: x + (i === 0 ? 21 : 8),
        y: y + CELL + 18 + i * LINE,
        size,
        fill: colour,
        ...(isRight ? {} : { weight: 600 }),
      }),
    ),
  ].join('');
}
