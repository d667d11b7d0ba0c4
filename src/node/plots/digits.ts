import type { LabelledImages } from '../../core/dataset/dataset.js';
import { escapeXml } from './render.js';
import { style } from './style.js';

export interface DigitsPlot {
  readonly title: string;
  readonly caption: string;
  /** [count, height, width] */
  readonly images: LabelledImages;
  readonly classes: readonly string[];
  /** Rows of the grid, one class a row where there are at most ten; by default all classes in one page. */
  readonly perClass?: number;
}

const CELL = 60;
const GAP = 8;
const LABEL_WIDTH = 44;
const TOP = 52;
const BOTTOM = 36;
const MAX_CLASSES = 12;

/** Draws the first images of each class, a row for each class, as SVG. */
export async function drawSampleDigits({
  title,
  caption,
  images,
  classes,
  perClass = 12,
}: DigitsPlot): Promise<string> {
  const shown = classes.slice(0, MAX_CLASSES);
  const labelWidth = Math.max(LABEL_WIDTH, 16 + Math.max(...shown.map((name) => name.length)) * 9);
  const width = labelWidth + perClass * (CELL + GAP) + GAP;
  const height = TOP + shown.length * (CELL + GAP) + BOTTOM;
  const rows = await Promise.all(
    shown.map(async (name, label) => {
      const y = TOP + label * (CELL + GAP);
      const cells = await Promise.all(
        indicesOf(images.labels, label, perClass).map(async (index, column) => {
          const x = labelWidth + column * (CELL + GAP);
          return `<image x="${x}" y="${y}" width="${CELL}" height="${CELL}" href="${await imageUrl(images, index)}"/>`;
        }),
      );
      return `<text x="${labelWidth - 16}" y="${y + CELL / 2 + 7}" font-size="20" font-weight="600" text-anchor="end">${escapeXml(name)}</text>${cells.join('')}`;
    }),
  );
  const more =
    classes.length > shown.length ? ` (the first ${shown.length} of ${classes.length} classes)` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${style.font}" fill="${style.text}">
<rect width="${width}" height="${height}" fill="${style.background}"/>
<text x="${width / 2}" y="32" font-size="17" font-weight="600" text-anchor="middle">${escapeXml(title + more)}</text>
${rows.join('\n')}
<text x="${width / 2}" y="${height - 14}" font-size="12" text-anchor="middle" fill="${style.muted}">${escapeXml(caption)}</text>
</svg>`;
}

function indicesOf(labels: Uint8Array, label: number, count: number): number[] {
  const indices: number[] = [];
  for (let i = 0; i < labels.length && indices.length < count; i++) if (labels[i] === label) indices.push(i);
  return indices;
}

/** One image as a data address, enlarged without smoothing so that its pixels can be seen. */
async function imageUrl({ pixels, width, height }: LabelledImages, index: number): Promise<string> {
  const { default: sharp } = await import('sharp');
  const size = width * height;
  const png = await sharp(pixels.subarray(index * size, (index + 1) * size), {
    raw: { width, height, channels: 1 },
  })
    .resize(width * 4, height * 4, { kernel: 'nearest' })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
