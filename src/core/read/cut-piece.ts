import type { Blob } from '../preprocess/crop-ink.js';
import type { InkDensity } from '../preprocess/ink-density.js';

/** The parts of a piece between cuts, from left to right. */
export interface Cuts {
  readonly parts: readonly Blob[];
  /** What each cut between neighbouring parts runs through, in strokes' widths. */
  readonly costs: readonly number[];
}

/** A place to cut is looked for at every so many digits' heights... */
const STEP = 0.12;
/** ...and within so many to each side of it. */
const REACH = 0.14;
/** No part is narrower than this. */
const NARROWEST = 0.14;
/** A cut runs through at most so many strokes' widths of ink. */
const MAX_COST = 2.5;
/** A step aside costs as if there were so much ink. */
const ASIDE = 0.02;

interface Seam {
  /** By row of the piece's box, the first column right of the cut. */
  readonly columns: Int16Array;
  readonly cost: number;
  readonly mean: number;
}

/**
 * Looks for ways to cut a piece from top to bottom where little ink is in the way: the cheapest paths, which
 * may slant and bend.
 *
 * @param digitHeight of the line that it stands on
 */
export function cutPiece(ink: InkDensity, blob: Blob, strokeWidth: number, digitHeight: number): Cuts {
  const raster = rasterize(ink, blob);
  const { width } = blob.box;
  const reach = Math.max(2, Math.round(REACH * digitHeight));
  const margin = NARROWEST * digitHeight;
  const seams: Seam[] = [];
  for (let centre = margin; centre <= width - margin; centre += Math.max(1, STEP * digitHeight)) {
    const seam = cheapestSeam(raster, blob.box.width, blob.box.height, Math.round(centre), reach);
    if (seam.cost <= MAX_COST * strokeWidth) seams.push(seam);
  }
  const kept = separate(seams, margin, width);
  const parts = split(ink, blob, kept);
  if (parts.some((part) => part === undefined)) return { parts: [blob], costs: [] };
  return { parts: parts as Blob[], costs: kept.map((seam) => seam.cost / strokeWidth) };
}

/** The cheapest seams first, each at least `margin` from those before it. */
function separate(seams: readonly Seam[], margin: number, width: number): Seam[] {
  const kept: Seam[] = [];
  for (const seam of [...seams].sort((a, b) => a.cost - b.cost)) {
    if (seam.mean < margin || seam.mean > width - margin) continue;
    const isApart = kept.every((other) => {
      const crosses = other.columns.some(
        (column, y) => (column - seam.columns[y]!) * (other.mean - seam.mean) < 0,
      );
      return Math.abs(other.mean - seam.mean) >= margin && !crosses;
    });
    if (isApart) kept.push(seam);
  }
  return kept.sort((a, b) => a.mean - b.mean);
}

/** [height, width] of the box: 1 for full ink. */
function rasterize({ width, density }: InkDensity, { pixels, box, contrast }: Blob): Float32Array {
  const raster = new Float32Array(box.width * box.height);
  for (const at of pixels) {
    const x = at % width;
    const y = (at - x) / width;
    raster[(y - box.y) * box.width + x - box.x] = Math.min(1, density[at]! / contrast);
  }
  return raster;
}

/** The path from top to bottom through the least ink, within `reach` of the column `centre`. */
function cheapestSeam(
  raster: Float32Array,
  width: number,
  height: number,
  centre: number,
  reach: number,
): Seam {
  const left = Math.max(0, centre - reach);
  const span = Math.min(width - 1, centre + reach) - left + 1;
  const costs = new Float32Array(span * height);
  const from = new Int8Array(span * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < span; x++) {
      let best = y === 0 ? 0 : Number.POSITIVE_INFINITY;
      if (y > 0) {
        for (let dx = -1; dx <= 1; dx++) {
          if (x + dx < 0 || x + dx >= span) continue;
          const cost = costs[(y - 1) * span + x + dx]! + (dx === 0 ? 0 : ASIDE);
          if (cost < best) {
            best = cost;
            from[y * span + x] = dx;
          }
        }
      }
      costs[y * span + x] = best + raster[y * width + left + x]!;
    }
  }
  let x = 0;
  const last = (height - 1) * span;
  for (let k = 1; k < span; k++) if (costs[last + k]! < costs[last + x]!) x = k;
  const cost = costs[last + x]!;
  const columns = new Int16Array(height);
  for (let y = height - 1; y >= 0; y--) {
    columns[y] = left + x;
    x += from[y * span + x]!;
  }
  return { columns, cost, mean: columns.reduce((sum, column) => sum + column, 0) / height };
}

function split({ width }: InkDensity, blob: Blob, seams: readonly Seam[]): (Blob | undefined)[] {
  const { box } = blob;
  const pixels: number[][] = Array.from({ length: seams.length + 1 }, () => []);
  for (const at of blob.pixels) {
    const x = (at % width) - box.x;
    const y = Math.floor(at / width) - box.y;
    let part = 0;
    while (part < seams.length && x >= seams[part]!.columns[y]!) part++;
    pixels[part]!.push(at);
  }
  return pixels.map((own) => {
    if (own.length < 4) return undefined;
    const xs = own.map((at) => at % width);
    const ys = own.map((at) => Math.floor(at / width));
    const x = xs.reduce((a, b) => Math.min(a, b));
    const y = ys.reduce((a, b) => Math.min(a, b));
    return {
      pixels: Uint32Array.from(own),
      contrast: blob.contrast,
      box: {
        x,
        y,
        width: xs.reduce((a, b) => Math.max(a, b)) - x + 1,
        height: ys.reduce((a, b) => Math.max(a, b)) - y + 1,
      },
    };
  });
}
