import { describe, expect, test } from 'vitest';
import { keepDigits } from './keep-digits.js';
import type { Piece } from './pieces.js';

const [WIDTH, HEIGHT] = [400, 300];

/** A piece in a box: a stroke of some width through it, black unless said otherwise. */
function piece(
  box: [x: number, y: number, width: number, height: number],
  {
    contrast = 250,
    strokeWidth = 8,
    pixels = 400,
    touchesBorder,
  }: Partial<Omit<Piece, 'box' | 'pixels'>> & { pixels?: number } = {},
): Piece {
  const [x, y, width, height] = box;
  const touches = x === 0 || y === 0 || x + width === WIDTH || y + height === HEIGHT;
  return {
    box: { x, y, width, height },
    pixels: new Uint32Array(pixels),
    contrast,
    strokeWidth,
    touchesBorder: touchesBorder ?? touches,
  };
}

const DIGIT = piece([100, 100, 40, 60], { pixels: 401 });

const keeps = (...pieces: Piece[]) => keepDigits(pieces, WIDTH, HEIGHT);

/** Whether a piece is kept beside a digit 60 pixels high, whose strokes are 8 wide and black. */
function isKept(other: Piece): boolean {
  const kept = keeps(DIGIT, other);
  expect(kept).toContain(DIGIT);
  return kept.includes(other);
}

test('digits are kept, the one of most ink first; of nothing nothing is', () => {
  const small = piece([200, 100, 35, 50], { pixels: 300 });
  const large = piece([300, 100, 35, 50], { pixels: 500 });
  expect(keeps(small, DIGIT, large)).toEqual([large, DIGIT, small]);
  expect(keeps()).toEqual([]);
});

describe('beside a digit that is 60 pixels high, of strokes 8 wide, in black', () => {
  test.each<[string, boolean, Piece]>([
    ['ink of 100 of 255 is hers too', true, piece([200, 100, 40, 60], { contrast: 100 })],
    ['paler ink is the back of the page', false, piece([200, 100, 40, 60], { contrast: 99 })],
    ['a piece 16 high is a part', true, piece([200, 100, 5, 16], { strokeWidth: 4, pixels: 40 })],
    ['a dash 16 wide is one', true, piece([200, 100, 16, 5], { strokeWidth: 4, pixels: 40 })],
    ['a speck of 15 both ways is none', false, piece([200, 100, 15, 15], { strokeWidth: 4, pixels: 40 })],
    ['156 high it may be', true, piece([200, 100, 50, 156])],
    ['157 high it is too tall', false, piece([200, 100, 50, 157])],
    ['a line of a wide stretch is not too tall', true, piece([150, 200, 200, 30])],
  ])('%s', (_, expected, other) => {
    expect(isKept(other)).toBe(expected);
  });
});

describe('the digits, by most of the ink', () => {
  test('are not measured by many small pieces', () => {
    const specks = Array.from({ length: 12 }, (_, i) =>
      piece([20 * i + 5, 250, 6, 6], { strokeWidth: 2, pixels: 20 }),
    );
    expect(keeps(DIGIT, ...specks)).toEqual([DIGIT]);
  });

  test('nor by what runs off the picture', () => {
    const table = piece([0, 0, 390, 60], { pixels: 9000, strokeWidth: 50, contrast: 60 });
    expect(keeps(DIGIT, table)).toEqual([DIGIT]);
  });

  test('nor by pale pieces, however large', () => {
    // Of the digits' ink most is 100 high; with the smear, 60 would be in the middle.
    const digits = [piece([20, 50, 60, 100], { pixels: 401 }), piece([100, 50, 40, 60], { pixels: 250 })];
    const smear = piece([200, 50, 100, 30], { contrast: 90, pixels: 390 });
    const speck = piece([300, 200, 20, 20], { strokeWidth: 4, pixels: 40 });
    expect(keeps(...digits, smear, speck)).toEqual(digits);
  });

  test('the middle one of them by height is what others are compared with', () => {
    const heights = [
      [60, 400],
      [100, 390],
      [55, 380],
    ] as const;
    const digits = heights.map(([height, pixels], i) => piece([20 + 80 * i, 50, 40, height], { pixels }));
    const part = piece([300, 200, 16, 16], { strokeWidth: 4, pixels: 40 });
    expect(keeps(...digits, part)).toEqual([...digits, part]);
  });
});

describe('of a lone piece', () => {
  test.each<[string, boolean, Piece]>([
    ['5 pixels are enough', true, piece([30, 30, 2, 5], { strokeWidth: 2 })],
    ['5 across too', true, piece([30, 30, 5, 2], { strokeWidth: 2 })],
    ['4 are not', false, piece([30, 30, 4, 4], { strokeWidth: 1 })],
    ['a blob is no stroke', false, piece([30, 30, 21, 21], { strokeWidth: 10 })],
    ['2.2 times as long as wide it is', true, piece([30, 30, 22, 22], { strokeWidth: 10 })],
  ])('%s', (_, expected, lone) => {
    expect(keepDigits([lone], 60, 60).length > 0).toBe(expected);
  });

  test('on a large picture it must be larger: 1.2% of the longer side', () => {
    const lone = (side: number) => piece([30, 30, 2, side], { strokeWidth: 2 });
    expect(keepDigits([lone(12)], 1000, 100)).toHaveLength(1);
    expect(keepDigits([lone(11)], 1000, 100)).toEqual([]);
    expect(keepDigits([lone(11)], 100, 1000)).toEqual([]);
  });
});

describe('what touches the border beside a free digit', () => {
  test.each<[string, boolean, Piece]>([
    ['alike it is a digit that was cut off', true, piece([0, 100, 30, 60])],
    ['as high as 108', true, piece([0, 100, 30, 108])],
    ['109 high it is something else', false, piece([0, 100, 30, 109])],
    ['34 high', true, piece([0, 100, 30, 34])],
    ['33 high', false, piece([0, 100, 30, 33])],
    ['strokes of 14.4', true, piece([0, 100, 40, 60], { strokeWidth: 14.4 })],
    ['strokes of 14.5', false, piece([0, 100, 40, 60], { strokeWidth: 14.5 })],
    ['strokes of 4.5', true, piece([0, 100, 40, 60], { strokeWidth: 4.5 })],
    ['strokes of 4.4', false, piece([0, 100, 40, 60], { strokeWidth: 4.4 })],
  ])('%s', (_, expected, other) => {
    expect(isKept(other)).toBe(expected);
  });
});

describe('what touches the border with nothing free beside it', () => {
  test.each<[string, boolean, Piece]>([
    ['may be a digit', true, piece([0, 100, 40, 60])],
    ['dark enough, at 0.3 of black', true, piece([0, 100, 40, 60], { contrast: 77 })],
    ["paler it is a shadow's edge", false, piece([0, 100, 40, 60], { contrast: 76 })],
    ['4 strokes long', true, piece([0, 100, 20, 40], { strokeWidth: 10 })],
    ['shorter it is the corner of something', false, piece([0, 100, 20, 39], { strokeWidth: 10 })],
    [
      'a thin line along the left is the edge of the paper',
      false,
      piece([0, 50, 15, 200], { strokeWidth: 8 }),
    ],
    ['along the right', false, piece([385, 50, 15, 200], { strokeWidth: 8 })],
    ['along the top', false, piece([50, 0, 200, 10], { strokeWidth: 8 })],
    ['along the bottom', false, piece([50, 290, 200, 10], { strokeWidth: 8 })],
    ['a line into the picture is not', true, piece([0, 100, 200, 10], { strokeWidth: 8 })],
    ['nor what is as thick as 5% of the picture', true, piece([0, 50, 20, 200], { strokeWidth: 8 })],
    ['nor what is no longer than 5 times its thickness', true, piece([0, 50, 10, 50], { strokeWidth: 8 })],
    ['longer, it is', false, piece([0, 50, 10, 51], { strokeWidth: 8 })],
  ])('%s', (_, expected, lone) => {
    expect(keeps(lone).length > 0).toBe(expected);
  });

  test('a 1 that is cut tightly on both sides is a digit', () => {
    const one = piece([0, 5, 4, 50], { strokeWidth: 4, touchesBorder: true });
    expect(keepDigits([one], 4, 60)).toEqual([one]);
    const lying = piece([5, 0, 50, 4], { strokeWidth: 4, touchesBorder: true });
    expect(keepDigits([lying], 60, 4)).toEqual([lying]);
  });
});

describe('a frame round digits', () => {
  const frame = (strokeWidth = 6, pixels = 1900) => piece([60, 60, 160, 150], { strokeWidth, pixels });

  test('is left out', () => {
    expect(keeps(frame(), DIGIT)).toEqual([DIGIT]);
  });

  test.each<[string, Piece, Piece]>([
    ['what it is round is too low for a digit', frame(), piece([100, 100, 60, 44])],
    ['what it is round has too little ink', frame(), piece([100, 100, 40, 60], { pixels: 152 })],
    ['its strokes are thick: a 0 with a stroke in it', frame(16), DIGIT],
    [
      'it is full of ink',
      frame(6, 0.8 * 160 * 150),
      piece([100, 100, 40, 60], { pixels: 0.08 * 0.8 * 160 * 150 + 1 }),
    ],
    ['what stands left of its own left side', frame(), piece([60, 100, 40, 60])],
    ['above', frame(), piece([100, 60, 40, 60])],
    ['right', frame(), piece([180, 100, 40, 60])],
    ['below', frame(), piece([100, 150, 40, 60])],
  ])('but not where %s', (_, round, within) => {
    expect(keeps(round, within)).toContain(round);
  });

  test.each<[string, Piece]>([
    ['just within its left side', piece([61, 100, 40, 60])],
    ['its top', piece([100, 61, 40, 60])],
    ['its right side', piece([179, 100, 40, 60])],
    ['its bottom', piece([100, 149, 40, 60])],
    ['just high enough', piece([100, 100, 40, 45])],
    ['of just enough ink', piece([100, 100, 40, 60], { pixels: 153 })],
  ])('%s something stands', (_, within) => {
    expect(keeps(frame(), within)).toEqual([within]);
  });

  test('does not tell what digits look like', () => {
    // Pale, of thin strokes and three times as high, with more ink than all digits.
    const large = piece([10, 50, 380, 190], { strokeWidth: 3, pixels: 4000, contrast: 60 });
    const digits = [DIGIT, piece([200, 100, 40, 60])];
    expect(keeps(large, ...digits)).toEqual(digits);
  });
});

describe('a thin edge along the whole border', () => {
  const digit = piece([0, 100, 40, 60], { pixels: 399 });

  test.each<[string, Piece]>([
    ['left', piece([0, 0, 20, 270])],
    ['top', piece([0, 0, 360, 20])],
  ])('is left out, %s', (_, edge) => {
    expect(keeps(edge, digit)).toEqual([digit]);
  });

  test.each<[string, Piece]>([
    ['shorter than 90% of the height', piece([0, 30, 20, 269])],
    ['of the width', piece([10, 0, 359, 20])],
    ['as thick as 12% of its length', piece([0, 0, 36, 300])],
  ])('not what is %s', (_, edge) => {
    expect(keeps(edge, digit)).toContain(edge);
  });
});

test('of more than 1200 pieces, the smallest are not looked at', () => {
  const grain = Array.from({ length: 1300 }, (_, i) =>
    piece([((7 * i) % 390) + 1, 10, 5, 20], { strokeWidth: 4, pixels: 50 + i }),
  );
  const kept = keeps(...grain);
  expect(kept).toHaveLength(1200);
  expect(Math.min(...kept.map(({ pixels }) => pixels.length))).toBe(150);
});
