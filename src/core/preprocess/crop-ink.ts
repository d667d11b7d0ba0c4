import type { Box, GrayImage } from '../image.js';
import type { InkDensity } from './ink-density.js';
import { BACKGROUND, inkBox, toMnistForm } from './mnist-form.js';
import { crop } from './resize.js';
import { straighten } from './slant.js';
import { widenThinStrokes } from './stroke.js';

/** Some of a picture's ink: part of a piece, a piece, or several. */
export interface Blob {
  /** Where its pixels are, as indices of the picture's. */
  readonly pixels: Uint32Array;
  readonly box: Box;
  /** The density of its strokes. */
  readonly contrast: number;
}

/** Several blobs as one. */
export function uniteBlobs(blobs: readonly Blob[]): Blob {
  if (blobs.length === 1) return blobs[0]!;
  const pixels = new Uint32Array(blobs.reduce((sum, blob) => sum + blob.pixels.length, 0));
  let next = 0;
  for (const blob of blobs) {
    pixels.set(blob.pixels, next);
    next += blob.pixels.length;
  }
  const largest = blobs.reduce((a, b) => (b.pixels.length > a.pixels.length ? b : a));
  return { pixels, box: uniteBoxes(blobs.map((blob) => blob.box)), contrast: largest.contrast };
}

/** The smallest box around all. */
export function uniteBoxes(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** How far round its pixels a blob's soft edge is looked for. */
const EDGE = 1;
/** Density below this share of the strokes' is paper. */
const EMPTY = 0.12;

/**
 * Brings a blob into MNIST's form.
 *
 * @param strokes [height, width]: not 0 for ink; that of other pieces is left out of its soft edge
 * @returns [28, 28] uint8: 0 background, 255 ink
 */
export function cropInk({ width, height, density }: InkDensity, strokes: Uint8Array, blob: Blob): Uint8Array {
  const { box, contrast } = blob;
  const across = box.width + 2 * EDGE;
  const data = new Uint8Array(across * (box.height + 2 * EDGE));
  const empty = EMPTY * contrast;
  const scale = 255 / (contrast - empty);
  const shades = new Uint8Array(256);
  for (let v = 0; v < 256; v++) shades[v] = Math.max(0, Math.min(255, Math.round((v - empty) * scale)));
  for (const at of blob.pixels) {
    const x = at % width;
    const y = (at - x) / width;
    data[(y - box.y + EDGE) * across + (x - box.x + EDGE)] = shades[density[at]!]!;
    const [fromX, toX] = [Math.max(0, x - EDGE), Math.min(width - 1, x + EDGE)];
    for (let ny = Math.max(0, y - EDGE); ny <= Math.min(height - 1, y + EDGE); ny++) {
      const row = (ny - box.y + EDGE) * across + EDGE - box.x;
      for (let nx = fromX; nx <= toX; nx++) {
        const near = ny * width + nx;
        if (strokes[near] === 0) data[row + nx] = shades[density[near]!]!;
      }
    }
  }
  const ink: GrayImage = { width: across, height: box.height + 2 * EDGE, data };
  return toMnistForm(widenThinStrokes(tighten(straighten(tighten(ink))))).data;
}

/** Cuts off the rim that holds hardly any ink. */
function tighten(image: GrayImage): GrayImage {
  const box = inkBox(image, BACKGROUND);
  return box ? crop(image, box) : image;
}
