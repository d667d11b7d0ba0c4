import { expect, it } from 'vitest';
import { halfToNumber, numberToHalf } from './half.js';

it('halfToNumber: zero, one, the smallest and largest, infinity and not a number', () => {
  const values = [0, 0x8000, 0x3c00, 0x0001, 0x7bff, 0xfc00, 0x7e00].map(halfToNumber);
  expect(values).toEqual([0, -0, 1, 2 ** -24, 65504, Number.NEGATIVE_INFINITY, Number.NaN]);
});

it('numberToHalf undoes halfToNumber for every half-precision number', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToNumber(bits);
    if (!Number.isNaN(value)) expect(numberToHalf(value)).toBe(bits);
  }
});

it('numberToHalf takes the nearest, of two equally near the even one', () => {
  expect(halfToNumber(numberToHalf(1 + 0.4 / 1024))).toBe(1);
  expect(halfToNumber(numberToHalf(1 + 0.6 / 1024))).toBe(1 + 1 / 1024);
  expect(halfToNumber(numberToHalf(1 + 0.5 / 1024))).toBe(1);
  expect(halfToNumber(numberToHalf(1 + 1.5 / 1024))).toBe(1 + 2 / 1024);
  expect(halfToNumber(numberToHalf(2047.9))).toBe(2048);
  expect([65519, 65520, -1e9].map((value) => halfToNumber(numberToHalf(value)))).toEqual([
    65504,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});
