import { describe, expect, test } from 'vitest';
import { findPieces } from './pieces.js';

/** Ink of a density in rectangles, on a picture where what exceeds `limit` is ink. */
function find(
  [width, height]: readonly [number, number],
  rectangles: readonly (readonly [x: number, y: number, width: number, height: number, density: number])[],
  limit = 20,
) {
  const density = new Uint8Array(width * height);
  for (const [x, y, across, down, value] of rectangles)
    for (let row = y; row < y + down; row++) density.fill(value, row * width + x, row * width + x + across);
  const { pieces, strokes } = findPieces({
    width,
    height,
    density,
    limit: new Uint8Array(density.length).fill(limit),
  });
  const boxes = pieces.map(({ box }) => [box.x, box.y, box.width, box.height]);
  return { pieces, boxes, strokes: (x: number, y: number) => strokes[y * width + x] };
}

const LARGE = [60, 50] as const;
const TINY = [60, 47] as const;

test('each connected piece is found, with its own contrast', () => {
  const { pieces, boxes } = find(LARGE, [
    [5, 5, 4, 20, 240],
    [20, 10, 10, 3, 90],
    [0, 40, 3, 10, 60],
  ]);
  expect(boxes).toEqual([
    [5, 5, 4, 20],
    [20, 10, 10, 3],
    [0, 40, 3, 10],
  ]);
  expect(
    pieces.map(({ contrast, pixels, touchesBorder }) => [contrast, pixels.length, touchesBorder]),
  ).toEqual([
    [240, 80, false],
    [90, 30, false],
    [60, 30, true],
  ]);
});

describe('grain is no piece', () => {
  test.each([
    ['6 pixels are enough', [10, 10, 6, 1, 200], 1],
    ['5 are not', [10, 10, 5, 1, 200], 0],
    ['ink that only just exceeds the limit', [10, 10, 9, 9, 40], 0],
    ['more than twice the limit', [10, 10, 9, 9, 41], 1],
    ['nothing', [10, 10, 9, 9, 20], 0],
  ] as const)('%s', (_, rectangle, count) => {
    const { pieces, strokes } = find(LARGE, [rectangle]);
    expect(pieces).toHaveLength(count);
    expect(strokes(12, 10)).toBe(count * rectangle[4]);
  });

  test('what only just exceeds the limit is, where some of it exceeds it clearly', () => {
    const { boxes } = find(LARGE, [
      [10, 10, 9, 9, 40],
      [12, 12, 1, 1, 80],
    ]);
    expect(boxes).toEqual([[10, 10, 9, 9]]);
  });

  test('nor is what remains of a piece above its own threshold', () => {
    // A shadow's edge with a few dark pixels: its own contrast is the shadow's.
    const { boxes } = find(LARGE, [
      [10, 10, 20, 20, 50],
      [40, 10, 3, 1, 250],
    ]);
    expect(boxes).toEqual([[10, 10, 20, 20]]);
  });
});

describe('the strokes of a piece are what reaches a share of its contrast', () => {
  const soft = (density: number) =>
    [
      [9, 9, 12, 12, density],
      [10, 10, 10, 10, 200],
    ] as const;

  test.each([
    ['42% of it', LARGE, 84, true],
    ['less is its soft edge', LARGE, 83, false],
    ['on a tiny picture 20% do', TINY, 40, true],
    ['and less does not', TINY, 39, false],
  ] as const)('%s', (_, size, density, isStroke) => {
    const { strokes, boxes } = find(size, soft(density));
    expect(strokes(9, 9)).toBe(isStroke ? density : 0);
    expect(strokes(10, 10)).toBe(200);
    expect(boxes).toEqual([isStroke ? [9, 9, 12, 12] : [10, 10, 10, 10]]);
  });

  test('a picture 47 pixels wide is tiny too', () => {
    expect(find([47, 60], soft(40)).boxes).toEqual([[9, 9, 12, 12]]);
    expect(find([48, 48], soft(40)).boxes).toEqual([[10, 10, 10, 10]]);
  });

  test('the darkest 5% of what hangs together do not say its contrast', () => {
    // 400 pixels, of which 20 are much darker.
    const { strokes } = find(LARGE, [
      [10, 10, 20, 20, 60],
      [10, 10, 20, 1, 250],
    ]);
    expect(strokes(20, 20)).toBe(60);
    const { strokes: more } = find(LARGE, [
      [10, 10, 20, 20, 60],
      [10, 10, 20, 2, 250],
    ]);
    expect(more(20, 20)).toBe(0);
  });

  test('nor do the darkest 15% of its strokes say theirs', () => {
    const contrast = (dark: number) =>
      find(LARGE, [
        [10, 10, 20, 20, 120],
        [10, 10, 20, dark, 250],
      ]).pieces[0]!.contrast;
    expect(contrast(3)).toBe(120);
    expect(contrast(4)).toBe(250);
  });
});

describe('the width of its strokes', () => {
  const width = (...rectangles: (readonly [number, number, number, number])[]) =>
    find(
      LARGE,
      rectangles.map(([x, y, across, down]) => [x, y, across, down, 200] as const),
    ).pieces[0]!.strokeWidth;

  test('of a bar is twice its area over its outline, corners counting as slants', () => {
    const expected = (2 * 3 * 20) / (2 * 18 + 2 + 4 * Math.SQRT2);
    expect(width([10, 10, 3, 20])).toBeCloseTo(expected, 9);
    expect(width([10, 10, 20, 3])).toBeCloseTo(expected, 9);
    expect(width([10, 10, 20, 1])).toBeCloseTo((2 * 20) / (20 * Math.SQRT2), 9);
  });

  test.each([
    ['left', [0, 10, 3, 20]],
    ['right', [57, 10, 3, 20]],
    ['top', [10, 0, 3, 20]],
    ['bottom', [10, 30, 3, 20]],
  ] as const)('at the %s border the outline goes on', (_, bar) => {
    expect(width(bar)).toBeCloseTo((2 * 3 * 20) / (2 * 18 + 2 + 4 * Math.SQRT2), 9);
  });

  test('does not see what stands at the other end of the next row', () => {
    const alone = width([0, 10, 1, 20]);
    expect(width([0, 10, 1, 20], [59, 9, 1, 20])).toBeCloseTo(alone, 9);
  });
});
