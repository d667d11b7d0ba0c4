import { describe, expect, test } from 'vitest';
import { graphAxis, graphShape, isSameLayout, kerasShape, type Layout } from './value.js';

const order = (...features: number[]): Layout => ({ order: Uint32Array.from(features) });

describe('a value whose channels stand second', () => {
  test.each([
    [
      ['N', 3, 7],
      ['N', 7, 3],
    ],
    [
      ['N', 3, 5, 4],
      ['N', 5, 4, 3],
    ],
    [
      ['N', 3, 6, 5, 4],
      ['N', 6, 5, 4, 3],
    ],
  ])('in the graph %j is %j in tfjs', (inGraph, inTfjs) => {
    expect(kerasShape({ shape: inGraph, layout: 'NCHW' })).toEqual(inTfjs);
    expect(graphShape(inTfjs, 'NCHW')).toEqual(inGraph);
    for (const layout of ['plain', order(0, 1)] as const) {
      expect(kerasShape({ shape: inGraph, layout })).toEqual(inGraph);
      expect(graphShape(inGraph, layout)).toEqual(inGraph);
    }
  });

  test.each([
    [0, 0],
    [1, 2],
    [2, 3],
    [3, 1],
    [-1, 1],
    [-2, 3],
    [-4, 0],
  ])("has tfjs's axis %i at %i", (axis, expected) => {
    expect(graphAxis({ shape: ['N', 3, 5, 4], layout: 'NCHW' }, axis)).toBe(expected);
  });

  test('else an axis is itself, counted from the end where it is negative', () => {
    const value = { shape: ['N', 3, 5, 4], layout: 'plain' } as const;
    expect([0, 2, -1, -4].map((axis) => graphAxis(value, axis))).toEqual([0, 2, 3, 0]);
  });
});

test.each<[Layout, Layout, boolean]>([
  ['plain', 'plain', true],
  ['NCHW', 'NCHW', true],
  ['plain', 'NCHW', false],
  ['plain', order(0, 1), false],
  [order(0, 1), 'NCHW', false],
  [order(1, 0), order(1, 0), true],
  [order(1, 0), order(0, 1), false],
  [order(1, 0), order(1, 2), false],
  [order(1, 0), order(1, 0, 2), false],
  [order(1, 0, 2), order(1, 0), false],
])('%o and %o hold their elements in the same order: %s', (a, b, expected) => {
  expect(isSameLayout(a, b)).toBe(expected);
});
