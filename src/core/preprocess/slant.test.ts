import { expect, test } from 'vitest';
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
