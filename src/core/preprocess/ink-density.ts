import type { GrayImage } from '../image.js';
import { closing, minFilter, weightedMean, withoutSpecks } from './filters.js';
import { type InkPolarity, inkPolarity } from './polarity.js';
import { invert, resize, shrinkToFit } from './resize.js';

/** How much of the paper's light each pixel takes away. */
export interface InkDensity {
  readonly width: number;
  readonly height: number;
  /** [height, width]: 0 bare paper, 255 no light left, the paper's own grain taken off. */
  readonly density: Uint8Array;
  /** [height, width]: what exceeds this is hardly the paper's grain. */
  readonly limit: Uint8Array;
}

/** Of pictures with no longer side, lone specks are left out of account; in larger ones shrinking averages them away. */
const SPECKED_SIDE = 800;
/** The paper's light is followed on a picture of this longer side. */
const PAPER_SIDE = 320;
/** Strokes up to twice this share of the longer side are ink; wider dark parts are ground. */
const WIDEST = 0.11;
/** The paper round a place is averaged over this share of the longer side. */
const NEAR = 0.04;
/** ...or so many pixels, the more. */
const NEAR_PIXELS = 4;
/** Ground darker than this holds too little light to divide by. */
const MIN_LIGHT = 40;
/** Ink takes at least this share of the light (of 255)... */
const MIN_DENSITY = 0.065 * 255;
/** ...and so many standard deviations of the paper's grain more than the paper. */
const GRAIN_SIGMAS = 4;
/** Places lighter than the paper count down to minus this. */
const LIGHTER = 128;
/** Grain is measured in tiles of this share of the longer side. */
const TILE = 1 / 12;
/** Of nine tiles side by side, this share may be calmer than what counts. */
const CALM = 0.2;
/** A tile whose median loss of light (of 255) is more is full of ink, and tells nothing of the paper. */
const FULL = 33;
/** The median of |x| of a normal distribution times this is its standard deviation. */
const MAD_TO_SIGMA = 1.4826;

/**
 * Divides the light out of a picture: what remains of shadows, vignettes and the paper's colour is 0, ink is
 * what is darker than the paper beside it (or lighter, on a dark ground).
 */
export function inkDensity(image: GrayImage): InkDensity {
  const calm = Math.max(image.width, image.height) <= SPECKED_SIDE ? withoutSpecks(image) : image;
  const polarity = inkPolarity(calm);
  const dark = (picture: GrayImage) => (polarity === 'light' ? invert(picture) : picture);
  const paper = paperLight(dark(calm));
  const picture = dark(image);
  const { width, height, data } = picture;
  lostLight[polarity] ??= tabulateLostLight(polarity);
  const raw = lookUp(lostLight[polarity], paper, data);
  return { width, height, ...withoutGrain(raw, width, height) };
}

// Loops over all pixels stand alone here: within a longer function V8 runs many of them as slow code for good.

/** The table's [256, 256] values for each two bytes. */
function lookUp(table: Int16Array, rows: Uint8Array, columns: Uint8Array): Int16Array {
  const values = new Int16Array(rows.length);
  for (let i = 0; i < values.length; i++) values[i] = table[256 * rows[i]! + columns[i]!]!;
  return values;
}

/** [256 greys of paper, 256 of a pixel]: the share of the light that is lost, -LIGHTER to 255; made when first needed. */
const lostLight: Partial<Record<InkPolarity, Int16Array>> = {};

function tabulateLostLight(polarity: InkPolarity): Int16Array {
  // Light ink adds to a dark ground rather than taking a share, and a board's black varies little.
  const least = polarity === 'light' ? Math.max(MIN_LIGHT, 128) : MIN_LIGHT;
  return Int16Array.from({ length: 256 * 256 }, (_, i) => {
    const [paper, grey] = [i >> 8, i & 255];
    return Math.max(-LIGHTER, Math.min(255, Math.round((255 * (paper - grey)) / Math.max(least, paper))));
  });
}

/** The light that the bare paper sends at each pixel, [height, width], 0 to 255. */
function paperLight(image: GrayImage): Uint8Array {
  const small = shrinkToFit(image, PAPER_SIDE);
  const { width, height, data } = small;
  const side = Math.max(width, height);
  const bare = closing(small, Math.max(1, Math.round(WIDEST * side)));
  const isPaper = new Uint8Array(data.length);
  // Means of what share of the closing's light paper sends: so they do not blur a shadow's edge.
  const shares = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const most = bare.data[i]!;
    isPaper[i] = Number(most - data[i]! < 0.15 * most);
    shares[i] = data[i]! / Math.max(1, most);
  }
  const radius = Math.max(NEAR_PIXELS, Math.round(NEAR * side));
  const near = weightedMean(shares, isPaper, width, height, radius);
  const level = new Uint8Array(data.length);
  for (let i = 0; i < level.length; i++)
    level[i] = Math.round(bare.data[i]! * (Number.isNaN(near[i]!) ? 1 : near[i]!));
  // Between pixels of the small picture an edge is a slope; what is lit beside it must not pass for lit there.
  const cautious = minFilter({ width, height, data: level }, 1);
  return resize(cautious, image.width, image.height).data;
}

interface Grain {
  readonly median: number;
  readonly sigma: number;
}

/** Takes off the median of what the bare paper shows round each tile, and finds how far its grain reaches. */
function withoutGrain(raw: Int16Array, width: number, height: number) {
  const tile = Math.max(8, Math.round(TILE * Math.max(width, height)));
  const columns = Math.max(1, Math.round(width / tile));
  const rows = Math.max(1, Math.round(height / tile));
  const tiles: Grain[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const bounds = (k: number, count: number, length: number) => Math.round((k * length) / count);
      tiles.push(
        measureGrain(raw, width, {
          left: bounds(column, columns, width),
          right: bounds(column + 1, columns, width),
          top: bounds(row, rows, height),
          bottom: bounds(row + 1, rows, height),
        }),
      );
    }
  }
  const calm = tiles.map((_, i) => calmAround(tiles, columns, rows, i));
  const density = new Uint8Array(raw.length);
  const clamped = new Uint8ClampedArray(density.buffer);
  const limit = new Uint8Array(raw.length);
  const medians = new Int16Array(width);
  const limits = new Uint8Array(width);
  let last = -1;
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height);
    for (let x = 0; x < width && row !== last; x++) {
      const { median, sigma } = calm[row * columns + Math.floor((x * columns) / width)]!;
      medians[x] = median;
      limits[x] = Math.min(255, Math.max(MIN_DENSITY, GRAIN_SIGMAS * sigma));
    }
    last = row;
    limit.set(limits, y * width);
    takeOff(medians, raw, clamped, y * width);
  }
  return { density, limit };
}

/** Writes a row, from `start` on, less the medians. */
function takeOff(medians: Int16Array, raw: Int16Array, density: Uint8ClampedArray, start: number): void {
  for (let x = 0, at = start; x < medians.length; x++, at++) density[at] = raw[at]! - medians[x]!;
}

function measureGrain(
  raw: Int16Array,
  width: number,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): Grain {
  const histogram = new Uint32Array(LIGHTER + 256);
  const other = new Uint32Array(LIGHTER + 256);
  for (let y = top; y < bottom; y++) countValues(raw, y * width + left, y * width + right, histogram, other);
  for (let i = 0; i < histogram.length; i++) histogram[i]! += other[i]!;
  const half = ((right - left) * (bottom - top)) / 2;
  let median = 0;
  for (let below = histogram[0]!; below <= half; ) below += histogram[++median]!;
  let reach = 0;
  for (let within = histogram[median]!; within <= half; ) {
    reach++;
    within += (histogram[median - reach] ?? 0) + (histogram[median + reach] ?? 0);
  }
  return { median: median - LIGHTER, sigma: MAD_TO_SIGMA * reach };
}

/** Counts in two histograms by turns: neighbours are often alike, and each count waits for the last of its kind. */
function countValues(
  raw: Int16Array,
  start: number,
  end: number,
  histogram: Uint32Array,
  other: Uint32Array,
): void {
  let at = start;
  for (; at + 1 < end; at += 2) {
    histogram[LIGHTER + raw[at]!]! += 1;
    other[LIGHTER + raw[at + 1]!]! += 1;
  }
  if (at < end) histogram[LIGHTER + raw[at]!]! += 1;
}

/** The grain of the calmer tiles in a tile's neighbourhood, or else in the picture, so that ink is not taken for paper. */
function calmAround(tiles: readonly Grain[], columns: number, rows: number, index: number): Grain {
  const column = index % columns;
  const row = (index - column) / columns;
  const near: Grain[] = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      near.push(tiles[y * columns + x]!);
    }
  }
  const isPaper = ({ median }: Grain) => median <= FULL;
  const paper = [near.filter(isPaper), tiles.filter(isPaper), near].find((some) => some.length > 0)!;
  const lowest = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(CALM * values.length)]!;
  return { median: lowest(paper.map((g) => g.median)), sigma: lowest(paper.map((g) => g.sigma)) };
}
