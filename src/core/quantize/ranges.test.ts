import { expect, it } from 'vitest';
import { createRandom, randomNormal } from '../random.js';
import { RangeCollector } from './ranges.js';

function collected(...parts: number[][]): RangeCollector {
  const collector = new RangeCollector();
  for (const part of parts) collector.add(Float32Array.from(part));
  return collector;
}

it('minmax is everything seen, over several runs, and holds 0', () => {
  expect(collected([1, 2], [-0.5, 4]).range('minmax')).toEqual({ min: -0.5, max: 4 });
  expect(collected([3, 4]).range('minmax')).toEqual({ min: 0, max: 4 });
  expect(collected([]).range('entropy')).toEqual({ min: 0, max: 0 });
});

it.each(['percentile', 'entropy'] as const)('%s leaves a far outlier out and keeps the bulk', (method) => {
  const random = createRandom(1);
  const bulk = Array.from({ length: 50_000 }, () => randomNormal(random));
  const { min, max } = collected(bulk, [1000]).range(method);
  expect(max).toBeLessThan(200);
  expect(max).toBeGreaterThan(2);
  expect(min).toBeLessThan(-2);
});

it('entropy keeps the range of what is not 0, however many zeros an activation leaves', () => {
  const random = createRandom(1);
  const sizes = Array.from({ length: 20_000 }, () => Math.abs(randomNormal(random)));
  const zeros = Array<number>(200_000).fill(0);
  const range = collected(sizes).range('entropy');
  expect(collected(sizes, zeros).range('entropy')).toEqual(range);
  expect(range.max).toBeGreaterThan(2);
});
