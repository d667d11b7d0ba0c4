import { expect, it } from 'vitest';
import { compareScores } from './compare.js';

const scores = (...values: number[]) => Float32Array.from(values);

it('finds the largest and the mean difference, and the images whose labels differ', () => {
  const found = compareScores(scores(0, 4, 2, 1), scores(0, 4, 1, 3), 2);
  expect(found).toEqual({
    images: 2,
    notFinite: 0,
    maxDifference: 2,
    meanDifference: 0.75,
    maxValue: 4,
    sameLabels: { count: 1, of: 2 },
    disagreeing: [{ index: 1, first: 0, second: 1 }],
  });
});

it('compares on the images that both have', () => {
  const found = compareScores(scores(0, 1, 1, 0, 5, 9), scores(0, 1), 2);
  expect(found).toMatchObject({ images: 1, maxDifference: 0, sameLabels: { count: 1, of: 1 } });
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'counts %d, on one side or on both, and leaves it out of the figures',
  (value) => {
    const found = compareScores(scores(0, value, 3, value), scores(0, 1, -4, value), 2);
    expect(found).toMatchObject({ notFinite: 2, maxDifference: 7, meanDifference: 3.5, maxValue: 4 });
  },
);
