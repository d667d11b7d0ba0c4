import { expect, it } from 'vitest';
import { channelsFirstAxes, channelsLastAxes, HWIO_TO_OIHW, permute } from './permute.js';

it('permute: a 2×3 matrix becomes its transpose', () => {
  const matrix = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  expect(permute(matrix, [1, 0])).toEqual({ shape: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
});

it('permute: HWIO kernels become OIHW', () => {
  // Element [h, w, i, o] holds 1000h + 100w + 10i + o.
  const shape = [2, 3, 2, 2];
  const data: number[] = [];
  for (let h = 0; h < 2; h++)
    for (let w = 0; w < 3; w++)
      for (let i = 0; i < 2; i++) for (let o = 0; o < 2; o++) data.push(1000 * h + 100 * w + 10 * i + o);
  const result = permute({ shape, data: Float32Array.from(data) }, HWIO_TO_OIHW);
  expect(result.shape).toEqual([2, 2, 2, 3]);
  expect([...result.data.subarray(0, 6)]).toEqual([0, 100, 200, 1000, 1100, 1200]);
  expect(result.data[6]).toBe(10);
});

it('channels first and last undo each other at every rank', () => {
  for (const rank of [2, 3, 4, 5]) {
    const first = channelsFirstAxes(rank);
    expect(channelsLastAxes(rank).map((axis) => first[axis])).toEqual([...Array(rank).keys()]);
  }
});
