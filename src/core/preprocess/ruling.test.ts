import { describe, expect, test } from 'vitest';
import { eraseRuling } from './ruling.js';

const [WIDTH, HEIGHT] = [150, 100];

/** Ink wherever `isInk` says so. */
function erase(isInk: (x: number, y: number) => boolean): (x: number, y: number) => boolean {
  const density = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    isInk(i % WIDTH, Math.floor(i / WIDTH)) ? 200 : 0,
  );
  const limit = new Uint8Array(density.length).fill(20);
  const erased = eraseRuling({ width: WIDTH, height: HEIGHT, density, limit }).density;
  return (x, y) => erased[y * WIDTH + x]! > 0;
}

test('a line through the picture goes, slightly aslant too', () => {
  const left = erase((x, y) => Math.abs(y - 40 - 0.08 * x) < 1.5);
  expect([10, 75, 140].some((x) => left(x, Math.round(40 + 0.08 * x)))).toBe(false);
});

test('a stroke that crosses it stays whole', () => {
  const left = erase((x, y) => Math.abs(y - 50) < 2 || (Math.abs(x - 77) < 3 && y > 30 && y < 70));
  for (let y = 35; y < 65; y++) expect(left(77, y)).toBe(true);
  expect(left(25, 50)).toBe(false);
});

test('the bar of a seven is no line, nor is a one', () => {
  const left = erase(
    (x, y) => (Math.abs(y - 20) < 3 && x > 40 && x < 110) || (Math.abs(x - 75) < 3 && y > 20 && y < 95),
  );
  expect(left(50, 20) && left(100, 20) && left(75, 75)).toBe(true);
});

describe('lines', () => {
  const row =
    (y: number, thick = 2) =>
    (_: number, at: number) =>
      at >= y && at < y + thick;
  const column =
    (x: number, thick = 2) =>
    (at: number) =>
      at >= x && at < x + thick;
  const either =
    (...all: ((x: number, y: number) => boolean)[]) =>
    (x: number, y: number) =>
      all.some((isInk) => isInk(x, y));

  /** The share of a line's own pixels that are left, with nothing else on the picture. */
  function share(isInk: (x: number, y: number) => boolean): number {
    const left = erase(isInk);
    let [all, kept] = [0, 0];
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        if (!isInk(x, y)) continue;
        all++;
        if (left(x, y)) kept++;
      }
    }
    return kept / all;
  }

  test.each<[string, (x: number, y: number) => boolean]>([
    ['from left to right', row(45)],
    ['from top to bottom', column(70)],
    ['along the upper border', row(0)],
    ['along the lower border', row(HEIGHT - 2)],
    ['along the left border', column(0)],
    ['along the right border', column(WIDTH - 2)],
    ['a pixel thick', row(25, 1)],
    ['5 pixels thick', row(25, 5)],
    ['through 90% of the picture', (x, y) => row(50)(x, y) && x >= 7 && x < 143],
    ['aslant, downwards', (x, y) => Math.abs(y - 85 + 0.15 * x) < 1.5],
    ['dashed, with gaps of 2 in 10', (x, y) => row(50)(x, y) && x % 10 < 8],
    ['both ways', either(row(30), row(60), column(50), column(100))],
  ])('%s go', (_, isInk) => {
    expect(share(isInk)).toBe(0);
  });

  test.each<[string, (x: number, y: number) => boolean]>([
    ['a lone one through 85% of the picture', (x, y) => row(50)(x, y) && x >= 10 && x < 137],
    ['a bar 7 pixels thick', row(50, 7)],
    ['one that climbs by more than 11 degrees', (x, y) => Math.abs(y - 10 - 0.4 * x) < 2],
    ['dots, 2 in 5', (x, y) => row(50)(x, y) && x % 5 < 2],
    ['three of half the width', (x, y) => [20, 45, 70].some((at) => row(at)(x, y)) && x < 75],
  ])('%s stay', (_, isInk) => {
    expect(share(isInk)).toBe(1);
  });

  test.each([
    ['wide', (x: number, y: number) => [x, y]],
    ['high', (x: number, y: number) => [y * 1.5, x / 1.5]],
  ] as const)('of a %s box that two sides of run through the picture, the others go too', (_, turn) => {
    const isBox = (x: number, y: number) =>
      x >= 3 && x < 147 && y >= 12 && y < 88 && (x < 5 || x >= 145 || y < 14 || y >= 86);
    const isOne = (x: number, y: number) => Math.abs(x - 75) < 2 && y >= 22 && y < 78;
    const isInk = (x: number, y: number) => isBox(x, y) || isOne(x, y);
    const left = erase((x, y) => isInk(...(turn(x, y) as [number, number])));
    let [all, kept] = [0, 0];
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        if (!isBox(...(turn(x, y) as [number, number]))) continue;
        all++;
        if (left(x, y)) kept++;
      }
    }
    // Specks at the corners may stay.
    expect(kept / all).toBeLessThan(0.05);
    expect(left(...(turn(75, 50) as [number, number]))).toBe(true);
  });

  test('a one at the end of a line is no side of a box', () => {
    const one = (x: number, y: number) => column(146)(x) && y >= 20 && y < 85;
    const left = erase(either(row(85), one));
    expect([left(75, 85), left(146, 50)]).toEqual([false, true]);
  });

  test('a short gap is passed over, a long one is not', () => {
    const broken = (from: number, to: number) => (x: number, y: number) =>
      row(50)(x, y) && (x < from || x >= to);
    expect(share(broken(70, 75))).toBe(0);
    expect(share(broken(60, 90))).toBe(1);
  });

  test('four together may be shorter, down to 40% of the longer side', () => {
    const lines = (count: number, length: number) => (x: number, y: number) =>
      [15, 35, 55, 75].slice(0, count).some((at) => row(at)(x, y)) && x >= 45 && x < 45 + length;
    expect(share(lines(4, 65))).toBe(0);
    expect(share(lines(4, 55))).toBe(1);
    expect(share(lines(3, 65))).toBe(1);
    const columns = (x: number, y: number) =>
      [30, 70, 110, 140].some((at) => column(at)(x)) && y >= 20 && y < 85;
    expect(share(columns)).toBe(0);
  });

  test('and among four, what is left of a hidden one goes too', () => {
    const four = (x: number, y: number) => [15, 35, 55, 75].some((at) => row(at)(x, y));
    const piece = (length: number) => (x: number, y: number) => row(92)(x, y) && x >= 50 && x < 50 + length;
    const leftOf = (length: number) => erase(either(four, piece(length)))(55, 92);
    expect([leftOf(35), leftOf(25)]).toEqual([false, true]);
  });

  test('a stroke along one keeps all of itself, since it is thicker', () => {
    const bar = (x: number, y: number) => x >= 40 && x < 80 && y >= 48 && y < 53;
    const left = erase(either(row(50), bar));
    for (let x = 40; x < 80; x++) expect([48, 50, 52].every((y) => left(x, y))).toBe(true);
    for (const x of [5, 100, 145]) expect([left(x, 50), left(x, 51)]).toEqual([false, false]);
  });

  test('what stands beside a line, without touching it, stays', () => {
    const dot = (x: number, y: number) => x >= 100 && x < 106 && y >= 56 && y < 62;
    const left = erase(either(row(50), dot));
    expect(left(103, 59)).toBe(true);
    expect(left(103, 50)).toBe(false);
  });
});

test('a line as wide as a small picture goes too, and where there is no ink there is nothing to do', () => {
  const density = new Uint8Array(60 * 40);
  density.fill(90, 20 * 60, 21 * 60);
  const limit = new Uint8Array(density.length).fill(20);
  const ink = { width: 60, height: 40, density, limit };
  const erased = eraseRuling(ink);
  expect(new Set(erased.density)).toEqual(new Set([0]));
  expect([erased.width, erased.height, erased.limit]).toEqual([60, 40, limit]);
  expect(density[20 * 60]).toBe(90);
  expect(eraseRuling({ ...ink, density: new Uint8Array(2400) }).density).toEqual(new Uint8Array(2400));
  // What is no ink is no line.
  const faint = density.map((v) => (v ? 20 : 0));
  expect(eraseRuling({ ...ink, density: faint }).density).toEqual(faint);
});
