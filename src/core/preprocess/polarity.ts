import type { GrayImage } from '../image.js';
import { closing, opening } from './filters.js';
import { estimatePaper } from './paper.js';
import { rankInCounts } from './rank.js';
import { shrinkToFit } from './resize.js';

/** Strokes are looked for on a picture of this longer side... */
const SIDE = 400;
/**
 * ...up to twice these radii wide in pixels, the thinnest first: the gaps between and inside digits are
 * hardly ever thinner than their strokes.
 */
const RADII = [1, 2, 3, 5, 8, 13];
const WIDEST = RADII.at(-1)!;
/** Up to the radius at this index strokes are thin: what lies between thick ones is hardly ever so narrow. */
const THIN = 2;
/** In pictures below this side no stroke is thin beside their pixels' grain. */
const TINY = 48;
/** Differences of fewer grey values are grain, or of so many times those that half the picture has... */
const MIN_GRAIN = 10;
const GRAIN = 3;
/** ...or of less than this share of what the strongest have, which are this share of the picture. */
const PALE = 0.15;
const STRONGEST = 0.001;
/** One side must have so many times the other's strokes to decide by them... */
const CLEAR = 1.4;
/** ...and they must cover at least this share of the picture, in full contrast... */
const ENOUGH = 0.0003;
/**
 * ...and be this share of what their own side has at the widest, or this one of the other's: the corners inside a
 * thick stroke are narrow too, but few...
 */
const OWN_BODY = 0.4;
const OTHER_BODY = 0.05;
/** ...and this share of all that the widest radius takes for ink, lest rough edges decide... */
const BODY = 0.3;
/** ...or grow to no more than so many times with the next radius: those are strokes, however much lies round a small sheet. */
const STEADY = 1.5;
/**
 * ...and, unless they are thin, have at least this share of the mass of the other side's strokes up to MARKER pixels in
 * radius: what has less are the gaps in the broad strokes of a marker.
 */
const GAPS = 0.13;
const MARKER = 21;

/** Which side of the paper the ink lies on. */
export type InkPolarity = 'dark' | 'light';

/** How much strokes up to some width differ from what lies round them, summed over all pixels. */
type StrokeMasses = Readonly<Record<InkPolarity, number>>;

/** Each side with its rival. */
const SIDES = [
  ['dark', 'light'],
  ['light', 'dark'],
] as const;

/**
 * Tells dark ink on light paper from light ink on dark. Thin strokes decide, whatever lies round the sheet;
 * where there are none (or of both kinds), what disagrees with the picture's rim is ink.
 */
export function inkPolarity(image: GrayImage): InkPolarity {
  const small = shrinkToFit(image, SIDE);
  return sideOfStrokes(small, RADII.length - 1) ?? estimatePaper(small).ink;
}

/** The side of the thin strokes alone; `undefined` where there are none, or of both kinds. */
export function thinStrokes(image: GrayImage): InkPolarity | undefined {
  return sideOfStrokes(shrinkToFit(image, SIDE), THIN);
}

/** The side that has the strokes, up to the radius at index `last`, if one has. */
function sideOfStrokes(small: GrayImage, last: number): InkPolarity | undefined {
  if (Math.max(small.width, small.height) < TINY) return undefined;
  const masses = strokeMasses(small);
  const widest = masses(WIDEST);
  const enough = ENOUGH * 255 * small.data.length;
  const body = BODY * Math.min(widest.dark, widest.light);
  const isGap = (i: number, mass: number, rival: InkPolarity) =>
    i > THIN && mass < GAPS * masses(MARKER)[rival];
  for (let i = 0; i <= last; i++) {
    for (const [side, rival] of SIDES) {
      const mass = masses(RADII[i]!)[side];
      if (mass < enough || mass <= CLEAR * masses(RADII[i]!)[rival]) continue;
      if (mass <= OWN_BODY * widest[side] && mass <= OTHER_BODY * widest[rival]) continue;
      // At the widest radius the first holds: the side has more than its rival.
      const isStroke = mass >= body || masses(RADII[i + 1]!)[side] <= STEADY * mass;
      if (isStroke && !isGap(i, mass, rival)) return side;
    }
  }
  return undefined;
}

/** The masses up to each radius, computed when first asked for. */
function strokeMasses(image: GrayImage): (radius: number) => StrokeMasses {
  const count = image.data.length;
  const finest = countDifferences(closing(image, RADII[0]!), image);
  const grain = Math.max(MIN_GRAIN, GRAIN * rankInCounts(finest, count >> 1));
  const known = new Map<number, StrokeMasses>();
  return (radius) => {
    const found = known.get(radius) ?? measure(radius);
    known.set(radius, found);
    return found;
  };

  function measure(radius: number): StrokeMasses {
    const dark = radius === RADII[0] ? finest : countDifferences(closing(image, radius), image);
    const light = countDifferences(image, opening(image, radius));
    const strongest = Math.floor((1 - STRONGEST) * (count - 1));
    const contrast = Math.max(rankInCounts(dark, strongest), rankInCounts(light, strongest));
    const pale = Math.max(grain, PALE * contrast);
    return { dark: sumAbove(pale, dark), light: sumAbove(pale, light) };
  }
}

/** How many pixels differ by each number of grey values, [256]. */
function countDifferences(upper: GrayImage, lower: GrayImage): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = 0; i < upper.data.length; i++) counts[upper.data[i]! - lower.data[i]!]! += 1;
  return counts;
}

function sumAbove(least: number, counts: Uint32Array): number {
  return counts.reduce((sum, count, value) => (value > least ? sum + count * value : sum), 0);
}
