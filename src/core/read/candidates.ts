import { type Blob, uniteBlobs } from '../preprocess/crop-ink.js';
import type { InkDensity } from '../preprocess/ink-density.js';
import { cutPiece } from './cut-piece.js';
import { boxAround, type WrittenLine } from './lines.js';

/** The smallest part of a line's ink that is not cut further. */
export interface Atom {
  readonly blob: Blob;
  /** Its width, in usual digits. */
  readonly weight: number;
  /** What the cut before it runs through, in strokes' widths; `undefined` where there is paper before it. */
  readonly cut: number | undefined;
  /** The width of the piece that it is part of, in digits' heights. */
  readonly pieceWidth: number;
}

/** Neighbouring atoms that may be one digit. */
export interface Candidate {
  /** The first atom, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly blob: Blob;
  readonly weight: number;
  /** The paper between its atoms, in digits' heights. */
  readonly gap: number;
}

/** All ways to read a line's ink as digits. */
export interface LineCandidates {
  readonly digitHeight: number;
  readonly atoms: readonly Atom[];
  readonly candidates: readonly Candidate[];
}

/** Pieces narrower than this share of a digit's height are not cut. */
const CUT_WIDTH = 0.62;
/** A usual digit's width, in its heights; a narrow one still counts for part of one. */
const USUAL_WIDTH = 0.6;
const LEAST_WEIGHT = 0.35;
/** Only so many atoms make a digit, or so many whole pieces... */
const MAX_ATOMS = 5;
const MAX_PIECES = 4;
/** ...no wider than this, in digits' heights (a lone piece may be)... */
const MAX_WIDTH = 1.35;
/** ...nor higher... */
const MAX_HEIGHT = 1.7;
/** ...with no wider paper between them than this. */
const MAX_GAP = 0.3;

/** Lists the ways to read a line: pieces as they are, cut, and joined. */
export function listCandidates(ink: InkDensity, line: WrittenLine): LineCandidates {
  const { digitHeight } = line;
  const atoms: Atom[] = [];
  for (const piece of line.pieces) {
    const height = Math.max(digitHeight, piece.box.height);
    const toAtom = (blob: Blob, cut?: number): Atom => ({
      blob,
      weight: Math.max(LEAST_WEIGHT, Math.min(2, blob.box.width / (USUAL_WIDTH * digitHeight))),
      cut,
      pieceWidth: piece.box.width / height,
    });
    if (piece.box.width < CUT_WIDTH * digitHeight) {
      atoms.push(toAtom(piece));
      continue;
    }
    const { parts, costs } = cutPiece(ink, piece, piece.strokeWidth, digitHeight);
    atoms.push(...parts.map((part, i) => toAtom(part, i === 0 ? undefined : costs[i - 1])));
  }
  return { digitHeight, atoms, candidates: joinAtoms(atoms, digitHeight) };
}

function joinAtoms(atoms: readonly Atom[], digitHeight: number): Candidate[] {
  const candidates: Candidate[] = [];
  for (let start = 0; start < atoms.length; start++) {
    let begun = 1;
    for (let end = start + 1; end <= atoms.length; end++) {
      if (end > start + 1 && atoms[end - 1]!.cut === undefined) begun++;
      const own = atoms.slice(start, end);
      const box = boxAround(own.map(({ blob }) => blob));
      const gap = widestGap(own) / digitHeight;
      const isWide = box.width > MAX_WIDTH * digitHeight;
      if (begun > 1 && (begun > MAX_PIECES || gap > MAX_GAP || isWide)) break;
      const pieces = wholePieces(atoms, start, end);
      if (end > start + MAX_ATOMS && pieces === 0) continue;
      if (pieces !== 1 && end > start + 1 && (isWide || box.height > MAX_HEIGHT * digitHeight)) continue;
      const weight = own.reduce((sum, atom) => sum + atom.weight, 0);
      candidates.push({ start, end, blob: uniteBlobs(own.map(({ blob }) => blob)), weight, gap });
    }
  }
  return candidates;
}

/** How many pieces a run of atoms holds, 0 if it holds but part of one. */
function wholePieces(atoms: readonly Atom[], start: number, end: number): number {
  const isCut = (at: number) => at < atoms.length && atoms[at]!.cut !== undefined;
  if (isCut(start) || isCut(end)) return 0;
  return atoms.slice(start, end).filter(({ cut }) => cut === undefined).length;
}

/** The widest paper between neighbours, 0 where they overlap from the side. */
function widestGap(atoms: readonly Atom[]): number {
  let widest = 0;
  let right = Number.NEGATIVE_INFINITY;
  for (const { blob, cut } of atoms) {
    if (right > Number.NEGATIVE_INFINITY && cut === undefined) widest = Math.max(widest, blob.box.x - right);
    right = Math.max(right, blob.box.x + blob.box.width);
  }
  return widest;
}
