import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { closing, maxFilter, minFilter, opening } from './filters.js';

const WIDTH = 23;
const HEIGHT = 17;
const random = createRandom(3);
const data = Uint8Array.from({ length: WIDTH * HEIGHT }, () => Math.floor(256 * random()));
const image = { width: WIDTH, height: HEIGHT, data };

/** What lies within the radius of a pixel, inside the picture. */
function near(values: Uint8Array, at: number, radius: number): number[] {
  const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
  return [...values].filter(
    (_, i) => Math.abs((i % WIDTH) - x) <= radius && Math.abs(Math.floor(i / WIDTH) - y) <= radius,
  );
}

test.each([1, 2, 3, 4, 5, 8, 13, 30])('the extremes within %i pixels', (radius) => {
  const most = data.map((_, at) => Math.max(...near(data, at, radius)));
  const least = data.map((_, at) => Math.min(...near(data, at, radius)));
  expect(maxFilter(image, radius).data).toEqual(most);
  expect(minFilter(image, radius).data).toEqual(least);
  expect(closing(image, radius).data).toEqual(most.map((_, at) => Math.min(...near(most, at, radius))));
  expect(opening(image, radius).data).toEqual(least.map((_, at) => Math.max(...near(least, at, radius))));
});
