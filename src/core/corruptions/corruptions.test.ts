import { expect, test } from 'vitest';
import { CORRUPTIONS, corruptImages } from './index.js';

/** A square of ink, 8 pixels a side, in the middle. */
const square = Uint8Array.from({ length: 784 }, (_, i) => {
  const [x, y] = [i % 28, Math.floor(i / 28)];
  return x >= 10 && x < 18 && y >= 10 && y < 18 ? 255 : 0;
});
const corrupt = (name: string, severity: number, pixels = square) =>
  corruptImages(pixels, CORRUPTIONS.find((c) => c.name === name)!, severity);
const ink = (pixels: Uint8Array) => pixels.reduce((sum, v) => sum + v / 255, 0);

function centre(pixels: Uint8Array): [number, number] {
  const total = ink(pixels);
  const mean = (of: (i: number) => number) =>
    pixels.reduce((sum, v, i) => sum + (v / 255) * of(i), 0) / total;
  return [mean((i) => i % 28) - 13.5, mean((i) => Math.floor(i / 28)) - 13.5];
}

test('shifted by its distance, and further the same way', () => {
  const [x, y] = centre(corrupt('shifted', 2));
  expect(Math.hypot(x, y)).toBeCloseTo(2, 1);
  const [farX, farY] = centre(corrupt('shifted', 4));
  expect(Math.atan2(farY, farX)).toBeCloseTo(Math.atan2(y, x), 1);
});

test('rotated about the middle: a square by 45 degrees keeps its ink and reaches further', () => {
  const turned = corrupt('rotated', 45);
  expect(ink(turned)).toBeCloseTo(64, -1);
  expect(Math.abs(centre(turned)[0])).toBeLessThan(0.1);
  // By hand, the upper half of its left corner; places are of the square: (−5, 0) turned is (−5/√2, −5/√2).
  const corner = 255 * (13.5 - 5 / Math.SQRT2 - 9);
  const beyond = 255 * (13.5 - 6 / Math.SQRT2 - 9) * (13.5 - 5 / Math.SQRT2 - 9);
  expect([...turned.subarray(13 * 28 + 7, 13 * 28 + 11)]).toEqual([
    0,
    ...[beyond, corner, 255].map(Math.round),
  ]);
});

test('scaled by area, about the middle', () => {
  expect(ink(corrupt('scaled', 0.5))).toBeCloseTo(16, 0);
  expect(ink(corrupt('scaled', 1.5))).toBeCloseTo(144, -1);
});

test('a square gets a pixel more or less on each side; half a pixel is half of it', () => {
  expect(ink(corrupt('thickened', 1))).toBe(64 + 4 * 8);
  expect(ink(corrupt('thinned', 1))).toBe(36);
  expect(ink(corrupt('thinned', 0.5))).toBeCloseTo((64 + 36) / 2, 0);
});

test('blurred keeps the ink where nothing leaves the image', () => {
  const blurred = corrupt('blurred', 1);
  expect(ink(blurred)).toBeCloseTo(64, 0);
  // Beside the square three of seven weights lie on ink.
  const weights = [1, 2, 3].map((distance) => Math.exp(-(distance ** 2) / 2));
  const half = weights.reduce((sum, weight) => sum + weight);
  expect(blurred[14 * 28 + 9]).toBe(Math.round((255 * half) / (1 + 2 * half)));
  expect(blurred[14 * 28 + 13]).toBe(255);
});

test('noise has its strength; contrast and inversion are as they say', () => {
  const grey = new Uint8Array(784).fill(128);
  const noisy = corrupt('noisy', 0.1, grey);
  const variance = noisy.reduce((sum, v) => sum + (v - 128) ** 2, 0) / 784;
  expect(Math.sqrt(variance)).toBeGreaterThan(23);
  expect(Math.sqrt(variance)).toBeLessThan(28);
  expect([...new Set(corrupt('low contrast', 0.5))].sort((a, b) => a - b)).toEqual([64, 191]);
  expect(corrupt('inverted', 1)).toEqual(square.map((v) => 255 - v));
});

test('seeded: the same each time, another for each image', () => {
  const two = new Uint8Array(2 * 784);
  two.set(square);
  two.set(square, 784);
  for (const corruption of CORRUPTIONS) {
    const severity = corruption.severities[0]!;
    expect(corruptImages(two, corruption, severity)).toEqual(corruptImages(two, corruption, severity));
  }
  const noisy = corrupt('noisy', 0.2, two);
  expect(noisy.subarray(0, 784)).not.toEqual(noisy.subarray(784));
});
