import { formatPercent } from '../format/percent.js';
import { drawColourBar, mosaic, type Planes } from './channels.js';
import { sequentialColour } from './colours.js';
import { drawPage, drawText, PAGE_WIDTH, shorten } from './page.js';
import { drawRaster, type Raster } from './raster.js';
import { style } from './style.js';

export interface FeatureMapsPlot {
  readonly input: Raster;
  readonly actual: string;
  /** The most probable classes, the best first. */
  readonly read: readonly { readonly name: string; readonly probability: number }[];
  readonly layers: readonly (Planes & { readonly name: string })[];
  readonly caption: string;
}

const LEFT = 24;
const WIDTH = PAGE_WIDTH - 2 * LEFT;
const COLUMNS = 16;
const MAX_MAPS = 64;
const INPUT = 112;

/** Draws what the first layers answer to one image, as SVG. */
export async function drawFeatureMaps({
  input,
  actual,
  read,
  layers,
  caption,
}: FeatureMapsPlot): Promise<string> {
  const parts = [
    await drawRaster(input, { x: LEFT, y: 0, width: INPUT, height: INPUT }),
    reading(read, actual),
  ];
  let y = INPUT + 24;
  for (const layer of layers) {
    const count = Math.min(layer.count, MAX_MAPS);
    const highest = layer.data.reduce((most, v) => Math.max(most, v), 1e-9);
    const raster = mosaic(
      { ...layer, count },
      Math.min(COLUMNS, count),
      (v) => sequentialColour(v / highest),
      Math.max(1, Math.round(layer.width / 10)),
    );
    const unit = Math.min(WIDTH / raster.width, 60 / layer.width);
    const [width, height] = [raster.width * unit, raster.height * unit];
    const shown = count < layer.count ? `${count} of ` : '';
    const heading = `${layer.name}: ${shown}${layer.count} maps of ${layer.height}×${layer.width}`;
    parts.push(
      drawText(heading, { x: LEFT, y: y + 14, size: 14, weight: 600 }),
      drawColourBar({
        x: PAGE_WIDTH - LEFT - 136,
        y: y + 4,
        from: '0',
        to: String(Number(highest.toPrecision(2))),
        colour: sequentialColour,
      }),
      await drawRaster(raster, { x: LEFT, y: y + 26, width, height }, Math.max(2, Math.round(2 * unit))),
    );
    y += 26 + height + 28;
  }
  return drawPage({
    title: 'What the first layers answer to one image',
    caption,
    bodyHeight: y - 16,
    body: parts.join('\n'),
  });
}

/** The best classes as bars beside the image. */
function reading(read: FeatureMapsPlot['read'], actual: string): string {
  const x = LEFT + INPUT + 28;
  const barX = x + 26 + 8 * Math.min(10, Math.max(...read.map(({ name }) => name.length)));
  const barWidth = 260;
  const rows = read.map(({ name, probability }, i) => {
    const y = 46 + i * 24;
    return [
      drawText(shorten(name, 84, 14), { x: barX - 12, y: y + 12, size: 14, weight: 600, anchor: 'end' }),
      `<rect x="${barX}" y="${y}" width="${barWidth}" height="15" fill="none" stroke="${style.line}"/>`,
      `<rect x="${barX}" y="${y}" width="${Math.max(1, barWidth * probability).toFixed(1)}" height="15" fill="${style.right}"/>`,
      drawText(formatPercent(probability), { x: barX + barWidth + 10, y: y + 12, size: 13 }),
    ].join('');
  });
  return [
    drawText(`The input, a ${shorten(actual, 200, 14)}, and the model's probabilities`, {
      x,
      y: 22,
      size: 14,
      weight: 600,
    }),
    ...rows,
  ].join('\n');
}
