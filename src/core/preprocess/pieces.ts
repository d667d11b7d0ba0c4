import { type Component, findComponents } from './components.js';
import type { InkDensity } from './ink-density.js';
import { rankInCounts } from './rank.js';
import { outlineAt } from './stroke.js';

/** A connected piece of ink. */
export interface Piece extends Component {
  /** The density of its strokes. */
  readonly contrast: number;
  /** The mean width of its strokes in pixels. */
  readonly strokeWidth: number;
}

/** The pieces of a picture, and all that was looked through for them. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** [height, width]: 0 for paper; others are ink, of these pieces or of specks. */
  readonly strokes: Uint8Array;
}

/** Pieces of fewer pixels are noise. */
const MIN_AREA = 6;
/** Somewhere a piece exceeds the limit so many times; what only just reaches it is grain. */
const CLEARLY = 2;
/** A piece's strokes are what reaches this share of its own contrast, so that pale ink is found and dark ink is not swollen. */
const EDGE = 0.42;
/** In pictures whose shorter side is below this, strokes are hardly wider than a pixel, which they then only grey... */
const TINY = 48;
/** ...so that less makes them. */
const TINY_EDGE = 0.2;
/** The share of a piece's pixels that is paler than its contrast: edges, thin ends, lines that it touches. */
const PALER = 0.85;
/** The same for what hangs together before that threshold: little ink on a large shadow's edge. */
const ROUGHLY_PALER = 0.95;

/** Finds the connected pieces of ink, each by a threshold of its own. */
export function findPieces({ width, height, density, limit }: InkDensity): Pieces {
  const edge = Math.min(width, height) < TINY ? TINY_EDGE : EDGE;
  const above = exceeding(density, limit);
  const strokes = new Uint8Array(above.length);
  for (const { pixels } of findComponents(above, width, height)) {
    if (pixels.length < MIN_AREA || !exceedsClearly(pixels, above, limit)) continue;
    copyFrom(edge * contrastOf(pixels, above, ROUGHLY_PALER), above, pixels, strokes);
  }
  const pieces = findComponents(strokes, width, height)
    .filter(({ pixels }) => pixels.length >= MIN_AREA)
    .map((component) => ({
      ...component,
      contrast: contrastOf(component.pixels, strokes, PALER),
      strokeWidth: (2 * component.pixels.length) / Math.max(1, outlineOf(component, strokes, width, height)),
    }));
  return { pieces, strokes };
}

// Loops over all pixels stand alone: within a long function V8 may run them as plain code for good.

/** The density where it exceeds its limit, 0 elsewhere. */
function exceeding(density: Uint8Array, limit: Uint8Array): Uint8Array {
  const above = new Uint8Array(density.length);
  for (let i = 0; i < above.length; i++) if (density[i]! > limit[i]!) above[i] = density[i]!;
  return above;
}

/** Copies the density of those of a piece's pixels where it is at least so much. */
function copyFrom(least: number, density: Uint8Array, pixels: Uint32Array, strokes: Uint8Array): void {
  for (const at of pixels) if (density[at]! >= least) strokes[at] = density[at]!;
}

function exceedsClearly(pixels: Uint32Array, density: Uint8Array, limit: Uint8Array): boolean {
  for (const at of pixels) if (density[at]! > CLEARLY * limit[at]!) return true;
  return false;
}

/** The density that this share of a piece's pixels stay below. */
function contrastOf(pixels: Uint32Array, density: Uint8Array, share: number): number {
  const counts = new Uint32Array(256);
  for (const at of pixels) counts[density[at]!]! += 1;
  return rankInCounts(counts, Math.floor(share * (pixels.length - 1)));
}

/** The length of a piece's outline in pixels. */
function outlineOf({ pixels }: Component, strokes: Uint8Array, width: number, height: number): number {
  let outline = 0;
  for (const at of pixels) {
    const x = at % width;
    const open =
      Number(x === 0 || strokes[at - 1] === 0) +
      Number(x === width - 1 || strokes[at + 1] === 0) +
      Number(at < width || strokes[at - width] === 0) +
      Number(at >= (height - 1) * width || strokes[at + width] === 0);
    outline += outlineAt(open);
  }
  return outline;
}
