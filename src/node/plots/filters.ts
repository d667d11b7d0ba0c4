import { drawColourBar, mosaic, type Planes } from './channels.js';
import { divergingColour } from './colours.js';
import { drawPage, drawText, PAGE_WIDTH } from './page.js';
import { drawRaster } from './raster.js';

/** A convolution's kernel; `data` is [outputs, inputs, height, width]. */
export interface KernelLayer {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

const LEFT = 24;
const WIDTH = PAGE_WIDTH - 2 * LEFT;
/** More would be too small to be seen. */
const MAX_OUTPUTS = 32;
const MAX_INPUTS = 16;
const MAX_SINGLE = 64;

/** Draws the kernels of convolutions, each layer in one block, as SVG. */
export async function drawFilters({
  layers,
  caption,
}: {
  layers: readonly KernelLayer[];
  caption: string;
}): Promise<string> {
  const parts: string[] = [];
  let y = 0;
  for (const layer of layers) {
    const block = await drawLayer(layer, y);
    parts.push(block.svg);
    y += block.height + 26;
  }
  return drawPage({
    title: 'Kernels of the first layers',
    caption,
    bodyHeight: y - 22,
    body: parts.join('\n'),
  });
}

async function drawLayer(layer: KernelLayer, y: number): Promise<{ svg: string; height: number }> {
  const outputs = Math.min(layer.outputs, layer.inputs === 1 ? MAX_SINGLE : MAX_OUTPUTS);
  const inputs = Math.min(layer.inputs, MAX_INPUTS);
  const strongest = layer.data.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9);
  const planes: Planes = {
    count: outputs * inputs,
    height: layer.height,
    width: layer.width,
    data: layer.data,
  };
  // One input: the kernels in rows of 16. Several: a column a kernel, a row an input.
  const columns = inputs === 1 ? Math.min(outputs, 16) : outputs;
  const indexAt =
    inputs === 1
      ? (cell: number) => cell * layer.inputs
      : (cell: number) => (cell % columns) * layer.inputs + Math.floor(cell / columns);
  const raster = mosaic(planes, columns, (v) => divergingColour(v / strongest), 1, indexAt);
  const unit = Math.min(14, WIDTH / raster.width);
  const [width, height] = [raster.width * unit, raster.height * unit];
  const value = Number(strongest.toPrecision(2));
  const svg = [
    drawText(heading(layer, outputs, inputs), { x: LEFT, y: y + 14, size: 14, weight: 600 }),
    drawColourBar({
      x: PAGE_WIDTH - LEFT - 136,
      y: y + 4,
      from: `−${value}`,
      to: String(value),
      colour: (share) => divergingColour(2 * share - 1),
    }),
    await drawRaster(
      raster,
      { x: (PAGE_WIDTH - width) / 2, y: y + 26, width, height },
      Math.max(2, Math.round(2 * unit)),
    ),
  ];
  return { svg: svg.join('\n'), height: height + 30 };
}

function heading(
  { name, outputs, inputs, height, width }: KernelLayer,
  rows: number,
  columns: number,
): string {
  const size = `${height}×${width}`;
  if (inputs === 1) return `${name}: ${rows < outputs ? `${rows} of ` : ''}${outputs} kernels of ${size}`;
  const all = `${name}: ${outputs} kernels (columns) of ${size} for ${inputs} channels (rows)`;
  return rows < outputs || columns < inputs ? `${all}, the first ${rows} by ${columns}` : all;
}
