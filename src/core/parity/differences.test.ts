import { expect, it } from 'vitest';
import { addAgreement, addDifference, NO_DIFFERENCE } from './differences.js';

const array = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

it('addDifference keeps the largest difference and the largest expected value', () => {
  const first = addDifference(NO_DIFFERENCE, array(1, -4), array(1.5, -4));
  expect(first).toEqual({ maxDifference: 0.5, maxValue: 4 });
  expect(addDifference(first, array(9), array(8.75))).toEqual({ maxDifference: 0.5, maxValue: 8.75 });
});

it('a NaN on one side is an infinite difference, and is not forgotten', () => {
  const found = addDifference(NO_DIFFERENCE, array(Number.NaN), array(1));
  expect(addDifference(found, array(1), array(1)).maxDifference).toBe(Number.POSITIVE_INFINITY);
  expect(addDifference(NO_DIFFERENCE, array(1), array(Number.NaN)).maxDifference).toBe(
    Number.POSITIVE_INFINITY,
  );
  expect(addDifference(NO_DIFFERENCE, array(Number.NaN), array(Number.NaN)).maxDifference).toBe(0);
});

it('an infinite value that both have is no difference, and not what others are measured by', () => {
  const both = addDifference(
    NO_DIFFERENCE,
    array(Number.POSITIVE_INFINITY, 2),
    array(Number.POSITIVE_INFINITY, 3),
  );
  expect(both).toEqual({ maxDifference: 1, maxValue: 3 });
});

it('another shape is an infinite difference', () => {
  const row = { shape: [1, 2], data: Float32Array.of(1, 2) };
  expect(addDifference(NO_DIFFERENCE, array(1, 2), row).maxDifference).toBe(Number.POSITIVE_INFINITY);
});

it('addAgreement counts rows with the same largest place, given as scores or as places', () => {
  const scores = { shape: [2, 3], data: Float32Array.of(0, 1, 0, 5, 1, 2) };
  const other = { shape: [2, 3], data: Float32Array.of(0, 3, 0, 1, 2, 0) };
  expect(addAgreement({ count: 3, of: 4 }, other, scores)).toEqual({ count: 4, of: 6 });
  expect(addAgreement({ count: 0, of: 0 }, array(1, 0), scores)).toEqual({ count: 2, of: 2 });
});
