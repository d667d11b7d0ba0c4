import { expect, test } from 'vitest';
import { argmax, maxAbsDifference, measureClassification, topConfusions } from './metrics.js';

// Five images of classes 0, 0, 1, 2, 2; the second and the last are mistaken.
const LABELS = [0, 0, 1, 2, 2];
const logits = new Float32Array([2, 0, 0, 0, 2, 0, 0, 2, 0, 0, 0, 2, 2, 0, 0]);

test('counts, ratios and loss of a case worked out by hand', () => {
  const result = measureClassification(logits, LABELS, 3);
  expect(result).toMatchObject({ count: 5, correct: 3, accuracy: 0.6 });
  expect(result.confusion).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 1],
  ]);
  const logSum = Math.log(Math.exp(2) + 2);
  expect(result.loss).toBeCloseTo((3 * (logSum - 2) + 2 * logSum) / 5, 12);
  expect(result.perClass[0]).toEqual({ support: 2, precision: 0.5, recall: 0.5, f1: 0.5 });
  expect(result.perClass[1]).toEqual({ support: 1, precision: 0.5, recall: 1, f1: 2 / 3 });
  expect(result.perClass[2]).toEqual({ support: 2, precision: 1, recall: 0.5, f1: 2 / 3 });
});

test('a class that neither occurs nor is predicted has ratios of 0, not NaN', () => {
  const result = measureClassification(new Float32Array([1, 0, 0]), [0], 3);
  expect(result.perClass[2]).toEqual({ support: 0, precision: 0, recall: 0, f1: 0 });
});

test('large logits neither overflow nor lose the loss', () => {
  expect(measureClassification(new Float32Array([1000, 0]), [1], 2).loss).toBe(1000);
});

test('the first of equal values is the prediction', () => {
  expect(argmax([1, 3, 3])).toBe(1);
});

test('a NaN is no agreement', () => {
  expect(maxAbsDifference([1, 2], [1.5, 2])).toBe(0.5);
  expect(maxAbsDifference([Number.NaN, 1], [1, 2])).toBeNaN();
});

test('the most frequent mistakes first, never the right answers', () => {
  const confusion = [
    [90, 1, 0],
    [3, 7, 0],
    [0, 1, 9],
  ];
  expect(topConfusions(confusion, 2)).toEqual([
    { actual: 1, predicted: 0, count: 3, share: 0.3 },
    { actual: 0, predicted: 1, count: 1, share: 1 / 91 },
  ]);
});
