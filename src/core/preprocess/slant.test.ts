import { describe, expect, test } from 'vitest';
import { typed } from '../../../test/drawings.js';
import type { GrayImage } from '../image.js';
import { slantOf, straighten } from './slant.js';

/** A stroke from the lower left to the upper right. */
function stroke(lean: number) {
  const [width, height] = [120, 60];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const middle = 60 + lean * (height / 2 - y);
    for (let x = 0; x < width; x++) if (Math.abs(x - middle) < 4) data[y * width + x] = 255;
  }
  return { width, height, data };
}

test.each([0.2, -0.3, 0.6])('a digit that leans like MNIST comes back as it is (%d)', (lean) => {
  const ink = stroke(lean);
  expect(slantOf(ink)).toBeCloseTo(lean, 1);
  expect(straighten(ink)).toBe(ink);
});

test.each([
  [0.9, 0.65],
  [-0.8, -0.5],
])('one that leans by %d is sheared back to %d, all its ink kept', (lean, expected) => {
  const ink = stroke(lean);
  const straight = straighten(ink);
  expect(slantOf(straight)).toBeCloseTo(expected, 1);
  const mass = (data: Uint8Array) => data.reduce((sum, v) => sum + v, 0);
  expect(mass(straight.data) / mass(ink.data)).toBeCloseTo(1, 2);
});

describe('a sheared digit', () => {
  // A line of single pixels, a pixel to the right for each row upwards: its slant is 1, 0.35 more than MNIST's.
  const line = typed('....#', '...#.', '..#..', '.#...', '#....');
  const sums = ({ width, data }: GrayImage) =>
    Array.from({ length: data.length / width }, (_, y) =>
      data.subarray(y * width, (y + 1) * width).reduce((sum, v) => sum + v, 0),
    );
  const centres = ({ width, data }: GrayImage) =>
    Array.from({ length: data.length / width }, (_, y) => {
      const row = data.subarray(y * width, (y + 1) * width);
      return row.reduce((sum, v, x) => sum + v * x, 0) / row.reduce((sum, v) => sum + v, 0);
    });

  test('has each row moved by its height, in parts of pixels, to the left where it leant to the right', () => {
    const straight = straighten(line);
    expect([straight.width, straight.height]).toEqual([7, 5]);
    // Five rows of 0.65 a row, the lowest moved furthest to the right.
    const rows = centres(straight);
    for (let y = 0; y < 4; y++) expect(rows[y]! - rows[y + 1]!).toBeCloseTo(0.65, 2);
    expect(rows[0]).toBeCloseTo(4, 2);
    expect(rows[4]).toBeCloseTo(0.35 * 4, 2);
  });

  test('and to the right where it leant to the left', () => {
    const straight = straighten(typed('#....', '.#...', '..#..', '...#.', '....#'));
    expect([straight.width, straight.height]).toEqual([7, 5]);
    const rows = centres(straight);
    for (let y = 0; y < 4; y++) expect(rows[y + 1]! - rows[y]!).toBeCloseTo(0.5, 2);
    expect(rows[4]).toBeCloseTo(4, 2);
  });

  test('keeps the ink of every row, that at the borders too', () => {
    for (const ink of [line, typed('##..', '.##.', '..##', '...#')])
      for (const [y, sum] of sums(straighten(ink)).entries())
        expect(Math.abs(sum - sums(ink)[y]!)).toBeLessThan(2);
  });
});

test('a single row, and a picture without ink, lean nowhere', () => {
  for (const ink of [typed('.##.'), typed('....', '....')]) {
    expect(slantOf(ink)).toBe(0);
    expect(straighten(ink)).toBe(ink);
  }
});
