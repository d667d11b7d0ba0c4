import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { rankInCounts, valueAtRank } from './rank.js';

test('the value at each rank is the one that sorting puts there', () => {
  const random = createRandom(5);
  const values = Uint8Array.from({ length: 60 }, () => Math.floor(256 * random() ** 3));
  values.set([0, 255, 7, 7, 7]);
  const sorted = values.slice().sort();
  for (let rank = 0; rank < values.length; rank++) expect(valueAtRank(values, rank)).toBe(sorted[rank]);
});

test('beyond the last rank, the last value there can be', () => {
  expect(rankInCounts(Uint32Array.of(2, 1, 0), 9)).toBe(2);
});
