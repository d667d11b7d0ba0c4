import { expect, test } from 'vitest';
import { drawDigit } from '../dataset/synthetic/index.js';
import { createRandom } from '../random.js';
import { augmentGently, augmentImage } from './augment.js';

const digit = (n: number, seed = 1) => drawDigit({ digit: n, random: createRandom(seed, n) }).data;
const variants = (pixels: Uint8Array, count: number, neighbour?: Uint8Array) =>
  Array.from({ length: count }, (_, i) =>
    augmentImage(pixels, { side: 28, random: createRandom(7, i), neighbour }),
  );
const massCentre = (pixels: Uint8Array) => {
  let [sum, x, y] = [0, 0, 0];
  for (const [i, value] of pixels.entries()) {
    sum += value;
    x += value * (i % 28);
    y += value * Math.floor(i / 28);
  }
  return { sum, x: x / sum, y: y / sum };
};

test('the same seed gives the same image, another seed another, and the original stays', () => {
  const original = digit(5);
  const before = original.slice();
  const [first, again] = [variants(original, 2), variants(original, 2)];
  expect(again).toEqual(first);
  expect(first[0]).not.toEqual(first[1]);
  expect(original).toEqual(before);
});

test('a digit stays whole and near the middle', () => {
  for (const n of [0, 3, 7]) {
    const { sum } = massCentre(digit(n));
    for (const variant of variants(digit(n), 200)) {
      const moved = massCentre(variant);
      expect(Math.abs(moved.x - 14)).toBeLessThan(7);
      expect(Math.abs(moved.y - 14)).toBeLessThan(7);
      expect(moved.sum / sum).toBeGreaterThan(0.3);
      expect(moved.sum / sum).toBeLessThan(2.5);
    }
  }
});

test('shift, size, stroke and ink all vary', () => {
  const centres = variants(digit(8), 300).map(massCentre);
  const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
  expect(spread(centres.map(({ x }) => x))).toBeGreaterThan(4);
  expect(spread(centres.map(({ y }) => y))).toBeGreaterThan(4);
  expect(spread(centres.map(({ sum }) => sum)) / centres[0]!.sum).toBeGreaterThan(0.5);
});

test('of a neighbour only the edge shows, now and then', () => {
  const nothing = new Uint8Array(784);
  const full = new Uint8Array(784).fill(255);
  const shown = variants(nothing, 300, full).map((variant) =>
    Array.from({ length: 28 }, (_, x) => variant[14 * 28 + x]! > 100).map(Number),
  );
  const columns = shown.map((row) => row.reduce((sum, bit) => sum + bit, 0));
  const withEdge = columns.filter((count) => count > 0);
  // 6 of a hundred, give or take three deviations.
  expect(withEdge.length).toBeGreaterThan(18 - 12);
  expect(withEdge.length).toBeLessThan(18 + 12);
  // It begins 18 to 22 of 28 columns away, on either side.
  expect(Math.max(...withEdge)).toBe(10);
  expect(Math.min(...withEdge)).toBe(6);
  for (const row of shown) expect(row.slice(10, 18)).toEqual(new Array(8).fill(0));
  for (const side of [0, 27]) expect(shown.some((row) => row[side] === 1)).toBe(true);
});

test('the gentle way moves a digit by about half as much, and changes neither its ink nor its strokes', () => {
  const original = digit(8);
  const random = (i: number) => createRandom(7, i);
  const made = Array.from({ length: 200 }, (_, i) =>
    augmentGently(original, { side: 28, random: random(i) }),
  );
  const { x, y, sum } = massCentre(original);
  const shifts = made.map(massCentre).map((moved) => Math.hypot(moved.x - x, moved.y - y));
  shifts.sort((a, b) => a - b);
  // Two coordinates of 0.65 pixels' deviation and the field's part: the strong way's median is about 1.8.
  expect(shifts[100]).toBeGreaterThan(0.5);
  expect(shifts[100]).toBeLessThan(1.2);
  expect(new Set(made.map((image) => image.join())).size).toBe(200);
  for (const image of made) {
    expect(massCentre(image).sum / sum).toBeGreaterThan(0.75);
    expect(massCentre(image).sum / sum).toBeLessThan(1.3);
  }
});
