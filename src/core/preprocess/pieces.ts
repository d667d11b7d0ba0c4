import { type Component, findComponents } from './components.js';
import type { InkDensity } from './ink-density.js';

/** A connected piece of ink. */
export interface Piece extends Component {
  /** The density of its strokes. */
  readonly contrast: number;
  /** The mean width of its strokes in pixels. */
  readonly strokeWidth: number;
}

/** The pieces of a picture and which pixel belongs to which. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** [height, width]: each pixel's piece by its `label`, 0 for paper. */
  readonly labels: Int32Array;
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
  const above = density.map((v, i) => (v > limit[i]! ? v : 0));
  const rough = findComponents(above, width, height, 1);
  const isInk = new Uint8Array(rough.components.length + 1);
  for (let i = 0; i < above.length; i++) if (above[i]! > CLEARLY * limit[i]!) isInk[rough.labels[i]!] = 1;
  for (const { label, area } of rough.components) if (area < MIN_AREA) isInk[label] = 0;
  const contrasts = contrastOf(rough.labels, above, rough.components, ROUGHLY_PALER);
  const strokes = above.map((v, i) => {
    const label = rough.labels[i]!;
    return isInk[label] && v >= edge * contrasts[label]! ? v : 0;
  });
  const fine = findComponents(strokes, width, height, 1);
  const fineContrasts = contrastOf(fine.labels, strokes, fine.components, PALER);
  const outlines = outlinesOf(fine.labels, width, height, fine.components.length);
  const pieces = fine.components
    .filter(({ area }) => area >= MIN_AREA)
    .map((component) => ({
      ...component,
      contrast: fineContrasts[component.label]!,
      strokeWidth: (2 * component.area) / Math.max(1, outlines[component.label]!),
    }));
  return { pieces, labels: fine.labels };
}

/** By label, the density that this share of a component's pixels stay below. */
function contrastOf(
  labels: Int32Array,
  density: Uint8Array,
  components: readonly Component[],
  share: number,
): Uint8Array {
  const starts = new Uint32Array(components.length + 2);
  for (const { label, area } of components) starts[label + 1] = area;
  for (let label = 1; label < starts.length; label++) starts[label]! += starts[label - 1]!;
  const values = new Uint8Array(starts[components.length + 1]!);
  const next = starts.slice();
  for (let i = 0; i < labels.length; i++) if (labels[i]! > 0) values[next[labels[i]!]!++] = density[i]!;
  const contrasts = new Uint8Array(components.length + 1);
  for (const { label, area } of components) {
    const own = values.subarray(starts[label]!, starts[label]! + area).sort();
    contrasts[label] = own[Math.floor(share * (area - 1))]!;
  }
  return contrasts;
}

/** By label, the length of its outline in pixels. */
function outlinesOf(labels: Int32Array, width: number, height: number, count: number): Float32Array {
  const outlines = new Float32Array(count + 1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const label = labels[at]!;
      if (label === 0) continue;
      const open =
        Number(x === 0 || labels[at - 1] !== label) +
        Number(x === width - 1 || labels[at + 1] !== label) +
        Number(y === 0 || labels[at - width] !== label) +
        Number(y === height - 1 || labels[at + width] !== label);
      outlines[label]! += open === 0 ? 0 : open === 1 ? 1 : Math.SQRT2;
    }
  }
  return outlines;
}
