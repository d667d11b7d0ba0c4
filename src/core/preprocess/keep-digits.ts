import type { Box } from '../image.js';
import type { Piece } from './pieces.js';

/** Ink paler than this share of the digits' is no digit: lines, the back of the page, shadows' edges. */
const MIN_CONTRAST = 0.4;
/** Pieces smaller than this share of a digit's height, both ways, are specks and full stops. */
const SPECK = 0.26;
/** Pieces higher than so many digits are no digits. */
const TALLEST = 2.6;
/** A digit is longer than so many of its strokes' widths. */
const MIN_STROKES = 2.2;
/** What touches the border is a digit only if its height and its strokes' width are within this factor of the others'. */
const ALIKE = 1.8;
/** Paler than this share of black, a piece that runs off the picture with none beside it is a shadow's edge. */
const MIN_EDGE_CONTRAST = 0.3 * 255;
/** And what is not longer than so many of its strokes' widths is the corner of something dark. */
const MIN_EDGE_STROKES = 4;
/** A line this thin, as a share of the picture, along one side of it is the edge of the paper. */
const EDGE_LINE = 0.05;
/** A frame's strokes keep to this outer share of its box. */
const FRAME_RIM = 0.2;
/** The shortest side of a digit's, in pixels. */
const MIN_SIDE = 5;
/** The shortest side of a digit's, as a share of the picture's longer side. */
const MIN_SIDE_SHARE = 0.012;

/** Of more pieces than this, which are mostly grain, only the largest are looked at. */
const MOST_PIECES = 1200;

/** Keeps of a picture's pieces of ink those that may be digits, or parts of some. */
export function keepDigits(found: readonly Piece[], width: number, height: number): Piece[] {
  const pieces = [...found].sort((a, b) => b.pixels.length - a.pixels.length).slice(0, MOST_PIECES);
  const minSide = Math.max(MIN_SIDE, MIN_SIDE_SHARE * Math.max(width, height));
  const plausible = pieces.filter(
    (piece) => longer(piece.box) >= minSide && longer(piece.box) >= MIN_STROKES * piece.strokeWidth,
  );
  const unframed = withoutFrames(plausible, { width, height });
  const isFramed = new Set(plausible);
  for (const piece of unframed) isFramed.delete(piece);
  const free = unframed.filter((piece) => !piece.touchesBorder);
  const reference = free.length > 0 ? free : unframed;
  if (reference.length === 0) return [];
  const contrast = weightedMedian(reference, (piece) => piece.contrast);
  const strong = reference.filter((piece) => piece.contrast >= MIN_CONTRAST * contrast);
  const digitHeight = weightedMedian(strong, (piece) => piece.box.height);
  const strokeWidth = weightedMedian(strong, (piece) => piece.strokeWidth);
  return pieces.filter((piece) => {
    if (isFramed.has(piece)) return false;
    if (piece.contrast < MIN_CONTRAST * contrast) return false;
    if (longer(piece.box) < SPECK * digitHeight || piece.box.height > TALLEST * digitHeight) return false;
    if (!piece.touchesBorder) return true;
    if (free.length === 0) return isCutOff(piece) && !isEdgeLine(piece.box, { width, height });
    return alike(piece.box.height, digitHeight) && alike(piece.strokeWidth, strokeWidth);
  });
}

/** Whether a piece that runs off the picture, with none beside it, may be a digit's. */
function isCutOff({ contrast, box, strokeWidth }: Piece): boolean {
  return contrast >= MIN_EDGE_CONTRAST && longer(box) >= MIN_EDGE_STROKES * strokeWidth;
}

/** Whether it is a thin line along one side of the picture, and not on both as a tightly cut 1. */
function isEdgeLine({ x, y, ...size }: Box, picture: { width: number; height: number }): boolean {
  const along = (start: number, thickness: number, length: number, side: number) =>
    (start === 0) !== (start + thickness === side) && thickness < EDGE_LINE * side && length > 5 * thickness;
  return (
    along(x, size.width, size.height, picture.width) || along(y, size.height, size.width, picture.height)
  );
}

function longer(box: Box): number {
  return Math.max(box.width, box.height);
}

function alike(a: number, b: number): boolean {
  return a <= ALIKE * b && b <= ALIKE * a;
}

/** Leaves out what runs round other pieces without anything in its own middle, and edges along the border. */
function withoutFrames(pieces: readonly Piece[], picture: { width: number; height: number }): Piece[] {
  return pieces.filter((piece) => {
    const { box } = piece;
    const spans = box.width >= 0.9 * picture.width || box.height >= 0.9 * picture.height;
    const isThinEdge =
      piece.touchesBorder &&
      spans &&
      Math.min(box.width, box.height) < 0.12 * longer(box) &&
      pieces.length > 1;
    if (isThinEdge) return false;
    const inside = pieces.filter((other) => other !== piece && contains(box, other.box));
    const holds = inside.some(
      (other) => other.box.height >= 0.3 * box.height && other.pixels.length > 0.08 * piece.pixels.length,
    );
    const isHollow =
      piece.pixels.length < 4 * FRAME_RIM * box.width * box.height && piece.strokeWidth < 0.1 * longer(box);
    return !(holds && isHollow);
  });
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x > outer.x &&
    inner.y > outer.y &&
    inner.x + inner.width < outer.x + outer.width &&
    inner.y + inner.height < outer.y + outer.height
  );
}

/** The median over all ink, so that a few large pieces outweigh many specks. */
function weightedMedian(pieces: readonly Piece[], value: (piece: Piece) => number): number {
  const sorted = pieces
    .map((piece) => ({ value: value(piece), weight: piece.pixels.length }))
    .sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  for (const { value: at, weight } of sorted) {
    below += weight;
    if (below >= half) return at;
  }
  return 0;
}
