import type { GrayImage } from '../image.js';
import { closing, opening } from './filters.js';
import { estimatePaper } from './paper.js';
import { valueAtRank } from './rank.js';
import { shrinkToFit } from './resize.js';

/** Strokes are looked for on a picture of this longer side... */
const SIDE = 400;
/**
 * ...up to twice these radii wide in pixels, the thinnest first: the gaps between and inside digits are
 * hardly ever thinner than their strokes.
 */
const RADII = [1, 2, 3, 5, 8, 13];
/** In pictures below this side no stroke is thin beside their pixels' grain. */
const TINY = 48;
/** Differences of fewer grey values are grain, or of so many times those that half the picture has. */
const MIN_GRAIN = 10;
const GRAIN = 3;
/** One side must have so many times the other's strokes to decide by them... */
const CLEAR = 1.4;
/** ...and they must cover at least this share of the picture, in full contrast... */
const ENOUGH = 0.001;
/** ...and be this share of all that the widest radius takes for ink, lest rough edges decide. */
const BODY = 0.3;
/**
 * ...and this share of what their own side has at the widest, or this one of the other's: the corners inside a
 * thick stroke are narrow too, but few.
 */
const OWN_BODY = 0.4;
const OTHER_BODY = 0.1;

/** Which side of the paper the ink lies on. */
export type InkPolarity = 'dark' | 'light';

/**
 * Tells dark ink on light paper from light ink on dark. Thin strokes decide, whatever lies round the sheet;
 * where there are none (or of both kinds), what disagrees with the picture's rim is ink.
 */
export function inkPolarity(image: GrayImage): InkPolarity {
  const small = shrinkToFit(image, SIDE);
  if (Math.max(small.width, small.height) < TINY) return estimatePaper(small).ink;
  const finest = closing(small, RADII[0]!);
  const grain = Math.max(MIN_GRAIN, GRAIN * medianDifference(finest, small));
  const massesAt = (radius: number) => ({
    dark: strokeMass(radius === RADII[0] ? finest : closing(small, radius), small, grain),
    light: strokeMass(small, opening(small, radius), grain),
  });
  const widest = massesAt(RADII.at(-1)!);
  const body = BODY * Math.min(widest.dark, widest.light);
  const enough = Math.max(ENOUGH * 255 * small.data.length, body);
  for (const radius of RADII) {
    const { dark, light } = massesAt(radius);
    if (Math.max(dark, light) < enough) continue;
    if (dark > CLEAR * light && isBody(dark, widest.dark, widest.light)) return 'dark';
    if (light > CLEAR * dark && isBody(light, widest.light, widest.dark)) return 'light';
  }
  return estimatePaper(small).ink;
}

function isBody(mass: number, own: number, other: number): boolean {
  return mass > OWN_BODY * own || mass > OTHER_BODY * other;
}

function medianDifference(upper: GrayImage, lower: GrayImage): number {
  const differences = new Uint8Array(upper.data.length);
  for (let i = 0; i < differences.length; i++) differences[i] = upper.data[i]! - lower.data[i]!;
  return valueAtRank(differences, differences.length >> 1);
}

function strokeMass(upper: GrayImage, lower: GrayImage, grain: number): number {
  let mass = 0;
  for (let i = 0; i < upper.data.length; i++) {
    const difference = upper.data[i]! - lower.data[i]!;
    if (difference > grain) mass += difference;
  }
  return mass;
}
