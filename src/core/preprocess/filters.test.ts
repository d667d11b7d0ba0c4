import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { closing, maxFilter, minFilter, opening, weightedMean, withoutSpecks } from './filters.js';

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

test('lone specks go, the border and all else stays, as does the picture that was given', () => {
  const expected = data.map((value, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    if (x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1) return value;
    const others = near(data.with(at, 0), at, 1).sort((a, b) => a - b);
    // The pixel itself counted as 0, which stands first.
    return Math.max(others[1]!, Math.min(others.at(-1)!, value));
  });
  expect(expected).not.toEqual(data);
  const given = data.slice();
  expect(withoutSpecks(image).data).toEqual(expected);
  expect(data).toEqual(given);
});

describe('the weighted mean', () => {
  const weights = data.map((_, at) => (at % 5 === 0 ? 3 : at % 3));

  /** By its definition: near a border within less, as much to each side, but within a pixel at least. */
  function defined(at: number, radius: number): number {
    const reach = (place: number, count: number) =>
      Math.min(radius, Math.max(1, Math.min(place, count - 1 - place)));
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    let [mass, sum] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      if (Math.abs((i % WIDTH) - x) > reach(x, WIDTH)) continue;
      if (Math.abs(Math.floor(i / WIDTH) - y) > reach(y, HEIGHT)) continue;
      mass += weights[i]!;
      sum += weights[i]! * data[i]!;
    }
    return sum / mass;
  }

  test.each([1, 2, 5, 40])('within %i pixels', (radius) => {
    const means = weightedMean(data, weights, WIDTH, HEIGHT, radius);
    expect(means).toHaveLength(data.length);
    for (let at = 0; at < data.length; at++) expect(means[at]).toBeCloseTo(defined(at, radius), 3);
  });

  test('a slope keeps its values, up to the border', () => {
    const slope = Float32Array.from({ length: 60 }, (_, i) => 3 * (i % 10) + 2 * Math.floor(i / 10));
    const means = weightedMean(slope, new Uint8Array(60).fill(1), 10, 6, 2);
    for (const [x, y] of [
      [1, 1],
      [4, 3],
      [8, 4],
    ] as const)
      expect(means[10 * y + x]).toBeCloseTo(slope[10 * y + x]!, 4);
  });

  test('is NaN where no weight is in reach', () => {
    const means = weightedMean([5, 5, 5, 5, 5], [1, 0, 0, 0, 0], 5, 1, 1);
    expect([...means]).toEqual([5, 5, Number.NaN, Number.NaN, Number.NaN]);
  });
});
