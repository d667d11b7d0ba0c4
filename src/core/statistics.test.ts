import { expect, test } from 'vitest';
import { mcnemarTest, wilsonInterval } from './statistics.js';

test("Wilson's interval of a published example: 81 of 263", () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I.
  const { low, high } = wilsonInterval(81, 263);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2553', '0.3662']);
});

test('the interval of all right ends at 1 and starts below it', () => {
  const { low, high } = wilsonInterval(29, 29);
  expect(high).toBe(1);
  expect(low.toFixed(4)).toBe('0.8830');
  expect(wilsonInterval(0, 29).low).toBe(0);
});

test('no images say nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

const rights = (...counts: [boolean, number][]) =>
  counts.flatMap(([isRight, n]) => new Array<boolean>(n).fill(isRight));

test("McNemar's exact test by hand: 1 against 5", () => {
  // 2 * (1 + 6) / 64
  const first = rights([true, 10], [true, 1], [false, 5]);
  const second = rights([true, 10], [false, 1], [true, 5]);
  const result = mcnemarTest(first, second);
  expect(result).toMatchObject({ onlyFirst: 1, onlySecond: 5 });
  expect(result.pValue).toBeCloseTo(0.21875, 12);
});

test('classifiers that never differ, or evenly, are equally good', () => {
  expect(mcnemarTest([true, false], [true, false]).pValue).toBe(1);
  expect(mcnemarTest([true, false], [false, true]).pValue).toBe(1);
});

test('thousands of differences neither underflow nor overflow', () => {
  const { pValue } = mcnemarTest(rights([true, 1000], [false, 1100]), rights([false, 1000], [true, 1100]));
  expect(pValue).toBeCloseTo(0.0308, 3);
});
