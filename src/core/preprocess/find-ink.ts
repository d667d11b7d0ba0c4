import type { GrayImage } from '../image.js';
import type { Blob } from './crop-ink.js';
import { evenGround } from './even-ground.js';
import { evenInk } from './even-ink.js';
import { type InkDensity, inkDensity } from './ink-density.js';
import { keepDigits } from './keep-digits.js';
import { findPieces } from './pieces.js';
import { shrinkToFit } from './resize.js';
import { eraseRuling } from './ruling.js';

/** A piece of ink that may be a digit, part of one, or several. */
export interface InkPiece extends Blob {
  readonly strokeWidth: number;
  readonly touchesBorder: boolean;
}

/** What was written on a picture. */
export interface FoundInk {
  readonly ink: InkDensity;
  /** [height, width]: 0 for paper. */
  readonly strokes: Uint8Array;
  readonly pieces: readonly InkPiece[];
  /** A pixel here is so many pixels of the given picture, across and down. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Larger pictures are shrunk to this longer side before ink is looked for. */
const WORK_SIDE = 1024;

/**
 * Separates what was written from paper, light, ruling, frames and specks.
 *
 * @param ground the grey value of an even ground, where it is known
 */
export function findInk(image: GrayImage, ground?: number): FoundInk {
  const small = shrinkToFit(image, WORK_SIDE);
  const ink = ground === undefined ? eraseRuling(separateInk(small)) : evenInk(small, ground);
  const { pieces, strokes } = findPieces(ink);
  const kept = keepDigits(pieces, ink.width, ink.height);
  return {
    ink,
    strokes,
    pieces: kept.map(toInkPiece),
    scaleX: image.width / small.width,
    scaleY: image.height / small.height,
  };
}

function separateInk(image: GrayImage): InkDensity {
  const ground = evenGround(image);
  return ground === undefined ? inkDensity(image) : evenInk(image, ground);
}

/** Copies its pixels out of those of the whole picture. */
function toInkPiece({ pixels, box, contrast, strokeWidth, touchesBorder }: InkPiece): InkPiece {
  return { pixels: pixels.slice(), box, contrast, strokeWidth, touchesBorder };
}
