import { describe, expect, test } from 'vitest';
import { typed } from '../../../test/drawings.js';
import type { GrayImage } from '../image.js';
import { createRandom } from '../random.js';
import { crop, invert, pad, resize, shrinkToFit } from './resize.js';

function noise(width: number, height: number): GrayImage {
  const random = createRandom(width + 100 * height);
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height }, () => Math.floor(256 * random())),
  };
}

/** What a pixel of a side takes of each pixel of the source's, by its definition: shares of area, or linear. */
function share(target: number, to: number, source: number, from: number): number {
  if (from >= to) {
    const [begin, end] = [(target * from) / to, ((target + 1) * from) / to];
    return (Math.max(0, Math.min(end, source + 1) - Math.max(begin, source)) * to) / from;
  }
  const centre = Math.max(0, Math.min(from - 1, ((target + 0.5) * from) / to - 0.5));
  return Math.max(0, 1 - Math.abs(centre - source));
}

function defined(image: GrayImage, width: number, height: number): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    let sum = 0;
    for (let y = 0; y < image.height; y++) {
      const row = share(Math.floor(i / width), height, y, image.height);
      for (let x = 0; x < image.width; x++)
        sum += row * share(i % width, width, x, image.width) * image.data[y * image.width + x]!;
    }
    return sum;
  });
}

describe('each side is averaged by area where it shrinks, linear between pixels where it grows', () => {
  test.each([
    [9, 7, 4, 3],
    [8, 8, 4, 2],
    [5, 11, 5, 4],
    [13, 3, 1, 1],
    [4, 3, 9, 7],
    [3, 5, 3, 6],
    [1, 1, 4, 4],
    [7, 4, 3, 9],
    [4, 9, 11, 5],
  ])('%i x %i to %i x %i', (width, height, toWidth, toHeight) => {
    const image = noise(width, height);
    const resized = resize(image, toWidth, toHeight);
    expect([resized.width, resized.height]).toEqual([toWidth, toHeight]);
    // Within the rounding of a grey value and of 32-bit floats.
    const expected = defined(image, toWidth, toHeight);
    const off = expected.map((value, i) => Math.abs(value - resized.data[i]!));
    expect(off).toHaveLength(resized.data.length);
    expect(Math.max(...off)).toBeLessThan(0.501);
  });
});

test('white stays white and black black', () => {
  for (const value of [0, 255]) {
    const image = { width: 7, height: 5, data: new Uint8Array(35).fill(value) };
    expect(new Set(resize(image, 3, 4).data)).toEqual(new Set([value]));
    expect(new Set(resize(image, 17, 11).data)).toEqual(new Set([value]));
  }
});

test('at its own size an image is itself; where one side differs it is not', () => {
  const image = noise(4, 6);
  expect(resize(image, 4, 6)).toBe(image);
  expect(resize(image, 4, 3).height).toBe(3);
  expect(resize(image, 2, 6).width).toBe(2);
});

test('a crop is the rectangle, a padded image lies in the middle of its ground, inverting turns each grey', () => {
  const image = typed('012', '345', '678');
  expect(crop(image, { x: 1, y: 1, width: 2, height: 1 })).toEqual(typed('45'));
  expect(crop(image, { x: 0, y: 1, width: 1, height: 2 })).toEqual(typed('3', '6'));
  expect(crop(image, { x: 1, y: 0, width: 2, height: 3 })).toEqual(typed('12', '45', '78'));
  expect(pad(typed('12', '34', '56'), 1)).toEqual(typed('....', '.12.', '.34.', '.56.', '....'));
  expect(pad(typed('1'), 2, 50)).toEqual(typed('22222', '22222', '22122', '22222', '22222'));
  expect([...invert(typed('.#4')).data]).toEqual([255, 0, 155]);
});

test.each([
  [[40, 20], 10, [10, 5]],
  [[20, 40], 10, [5, 10]],
  [[100, 1], 10, [10, 1]],
  [[30, 20], 20, [20, 13]],
])('%j is shrunk to fit %i as %j', ([width, height], side, expected) => {
  const small = shrinkToFit(noise(width!, height!), side);
  expect([small.width, small.height]).toEqual(expected);
});

test('what fits is left alone', () => {
  const image = noise(10, 4);
  expect(shrinkToFit(image, 10)).toBe(image);
  expect(shrinkToFit(image, 400)).toBe(image);
});
