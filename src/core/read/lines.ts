import type { Box } from '../image.js';
import { uniteBoxes } from '../preprocess/crop-ink.js';
import type { InkPiece } from '../preprocess/find-ink.js';

/** A line of writing: its pieces from left to right. */
export interface WrittenLine {
  readonly pieces: readonly InkPiece[];
  /** The height of a digit on it, in pixels. */
  readonly digitHeight: number;
}

/** Pieces of at least this share of a digit's height tell where the lines run; smaller ones join them. */
const TALL = 0.55;
/** The neighbour on the same line has its centre within this share of a digit's height, up or down... */
const LEVEL = 0.5;
/** ...and lies within so many digits' heights to the right. */
const NEIGHBOUR = 2.5;
/** A line goes on where it was left off, if its next digit's centre is off it by this share of a digit's height. */
const ON_LINE = 0.6;

/** Parts of a broken digit are no further apart than these shares of a digit's height, across and down... */
const BESIDE = 0.1;
const ABOVE = 0.2;
/** ...and together neither much higher than a digit nor wider. */
const STACKED = 1.3;
const STACKED_WIDTH = 1.1;

/** Pieces that stand one above the other and make one digit's height. */
interface Stack {
  readonly pieces: InkPiece[];
  readonly box: Box;
}

/** Groups pieces of ink into lines, top to bottom, which may slant together. */
export function findLines(pieces: readonly InkPiece[]): WrittenLine[] {
  if (pieces.length === 0) return [];
  const stacks = stackPieces(pieces);
  const digitHeight = medianHeight(stacks);
  const tall = stacks.filter(({ box }) => box.height >= TALL * digitHeight);
  const slope = lineSlope(tall, digitHeight);
  const level = ({ box }: Stack) => centreY(box) - slope * centreX(box);
  const lines: Stack[][] = [];
  for (const stack of tall.sort((a, b) => centreX(a.box) - centreX(b.box))) {
    const distance = (line: Stack[]) => Math.abs(lineLevel(line, level) - level(stack));
    const nearest = lines.reduce<Stack[] | undefined>(
      (best, line) => (best === undefined || distance(line) < distance(best) ? line : best),
      undefined,
    );
    if (nearest && distance(nearest) <= ON_LINE * digitHeight) nearest.push(stack);
    else lines.push([stack]);
  }
  for (const stack of stacks) if (!tall.includes(stack)) joinNearest(lines, stack, digitHeight);
  return lines
    .sort((a, b) => mean(a.map(level)) - mean(b.map(level)))
    .map((line) => ({
      pieces: line.flatMap((stack) => stack.pieces).sort((a, b) => centreX(a.box) - centreX(b.box)),
      digitHeight: medianHeight(line),
    }));
}

/** Joins pieces with those below them where both together are no higher than the highest digits. */
function stackPieces(pieces: readonly InkPiece[]): Stack[] {
  const highest = weightedHeight(pieces, 0.8);
  const stacks: Stack[] = [];
  for (const piece of [...pieces].sort((a, b) => a.box.y - b.box.y)) {
    const at = stacks.findIndex(({ box }) => standsBelow(box, piece.box, highest));
    const upper = stacks[at];
    if (upper) stacks[at] = { pieces: [...upper.pieces, piece], box: uniteBoxes([upper.box, piece.box]) };
    else stacks.push({ pieces: [piece], box: piece.box });
  }
  return stacks;
}

function standsBelow(upper: Box, lower: Box, highest: number): boolean {
  const across = Math.max(upper.x, lower.x) - Math.min(upper.x + upper.width, lower.x + lower.width);
  const down = lower.y - (upper.y + upper.height);
  const both = uniteBoxes([upper, lower]);
  return (
    across <= BESIDE * highest &&
    down <= ABOVE * highest &&
    both.height <= STACKED * highest &&
    both.width <= STACKED_WIDTH * highest
  );
}

/** Where the last pieces of a line stand. */
function lineLevel(line: readonly Stack[], level: (stack: Stack) => number): number {
  return mean(line.slice(-3).map(level));
}

/** A small piece belongs to the line whose nearest piece is closest to it, if any is close. */
function joinNearest(lines: Stack[][], piece: Stack, digitHeight: number): void {
  let nearest: { line: Stack[]; distance: number } | undefined;
  for (const line of lines) {
    for (const { box } of line) {
      const distance = gapBetween(box, piece.box);
      if (!nearest || distance < nearest.distance) nearest = { line, distance };
    }
  }
  if (nearest && nearest.distance <= digitHeight) nearest.line.push(piece);
  else lines.push([piece]);
}

function gapBetween(a: Box, b: Box): number {
  const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
  const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
  return Math.hypot(Math.max(0, across), Math.max(0, down));
}

/** How far the lines fall from left to right, in pixels a pixel: the median over neighbours. */
function lineSlope(pieces: readonly Stack[], digitHeight: number): number {
  const slopes: number[] = [];
  for (const piece of pieces) {
    const at = { x: centreX(piece.box), y: centreY(piece.box) };
    let best: { dx: number; dy: number } | undefined;
    for (const other of pieces) {
      const dx = centreX(other.box) - at.x;
      const dy = centreY(other.box) - at.y;
      if (dx < 0.3 * digitHeight || dx > NEIGHBOUR * digitHeight) continue;
      if (Math.abs(dy) > LEVEL * Math.max(digitHeight, dx)) continue;
      if (!best || dx < best.dx) best = { dx, dy };
    }
    if (best) slopes.push(best.dy / best.dx);
  }
  if (slopes.length < 2) return 0;
  return slopes.sort((a, b) => a - b)[slopes.length >> 1]!;
}

/** The median height of the pieces, the larger ones weighing more. */
function medianHeight(pieces: readonly { readonly box: Box }[]): number {
  return weightedHeight(pieces, 0.5);
}

/** The height below which the pieces hold this share of the sum of all heights. */
function weightedHeight(pieces: readonly { readonly box: Box }[], share: number): number {
  const heights = pieces.map(({ box }) => box.height).sort((a, b) => a - b);
  const wanted = share * heights.reduce((sum, height) => sum + height, 0);
  let below = 0;
  for (const height of heights) {
    below += height;
    if (below >= wanted) return height;
  }
  return 0;
}

function centreX(box: Box): number {
  return box.x + box.width / 2;
}

function centreY(box: Box): number {
  return box.y + box.height / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** The box around all pieces. */
export function boxAround(pieces: readonly { readonly box: Box }[]): Box {
  return uniteBoxes(pieces.map(({ box }) => box));
}
