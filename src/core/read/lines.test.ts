import { expect, it } from 'vitest';
import type { InkPiece } from '../preprocess/find-ink.js';
import { findLines } from './lines.js';

/** A piece of ink that fills a box. */
function piece(x: number, y: number, width = 20, height = 40): InkPiece {
  const pixels = new Uint32Array(0);
  return { box: { x, y, width, height }, pixels, contrast: 1, strokeWidth: 5, touchesBorder: false };
}

/** The left edges of each line's pieces. */
const edges = (pieces: readonly InkPiece[]) =>
  findLines(pieces).map((line) => line.pieces.map(({ box }) => box.x));

it('no ink has no line', () => {
  expect(findLines([])).toEqual([]);
});

it('lines go from top to bottom and their pieces from left to right, in whatever order they were found', () => {
  const pieces = [piece(60, 100), piece(70, 0), piece(0, 100), piece(0, 2), piece(35, 1)];
  expect(edges(pieces)).toEqual([
    [0, 35, 70],
    [0, 60],
  ]);
});

it.each([0.4, -0.4])(
  'lines that slant together (%s) stay apart, however far their ends rise or fall',
  (slope) => {
    const row = (top: number) => [0, 80, 160, 240, 320].map((x) => piece(x, 200 + top + slope * x));
    const [xs] = edges(row(0));
    expect(xs).toHaveLength(5);
    expect(edges([...row(120), ...row(0)])).toEqual([xs, xs]);
  },
);

it('parts of a digit, one above the other, are one digit high together', () => {
  const fives = [0, 40, 80].flatMap((x) => [piece(x, 0, 20, 8), piece(x, 12, 20, 28)]);
  const pieces = [...fives, piece(120, 0, 8)];
  expect(edges(pieces)).toEqual([[0, 0, 40, 40, 80, 80, 120]]);
  expect(findLines(pieces)[0]!.digitHeight).toBe(40);
});

it('a small piece joins the line that it is nearest to, and one far from all is a line of its own', () => {
  const lines = [piece(0, 0), piece(40, 0), piece(0, 100), piece(40, 100)];
  expect(edges([...lines, piece(66, 130, 4, 6)])).toEqual([
    [0, 40],
    [0, 40, 66],
  ]);
  expect(edges([...lines, piece(70, 400, 4, 6)])).toEqual([[0, 40], [0, 40], [70]]);
});

it('a line tells the height of its digits, which a dot on it does not change', () => {
  const heights = findLines([piece(0, 0), piece(40, 0), piece(66, 34, 4, 6)]).map((line) => line.digitHeight);
  expect(heights).toEqual([40]);
});
