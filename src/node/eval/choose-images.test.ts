import { expect, test } from 'vitest';
import { drawByChance, oneOfEach, someOf, worstMistakes } from './choose-images.js';
import type { EvaluationRun } from './evaluate.js';

const labels = Uint8Array.from({ length: 60 }, (_, i) => (i < 50 ? 0 : 1 + (i % 2)));

test('the sample takes of each class in turn, and goes on where one is used up', () => {
  const drawn = drawByChance(labels, 3, 30);
  expect(drawn.slice(0, 6).map((i) => labels[i])).toEqual([0, 1, 2, 0, 1, 2]);
  expect(new Set(drawn).size).toBe(30);
  expect(drawByChance(labels, 3, 30)).toEqual(drawn);
  expect(drawByChance(labels, 3, 100)).toHaveLength(60);
});

test('some of a list keep its order', () => {
  const list = Array.from({ length: 100 }, (_, i) => i * 3);
  const some = someOf(list, 10);
  expect(some).toHaveLength(10);
  expect(some).toEqual(some.toSorted((a, b) => a - b));
  expect(someOf([5, 1], 10)).toEqual([5, 1]);
});

test('of each class one that is read right, where there is any; absent classes are left out', () => {
  expect(oneOfEach(Uint8Array.from([0, 0, 1, 1]), [1, 0, 0, 0], 3)).toEqual([1, 2]);
});

test('mistakes stand in the order of the probability of the truth, right answers not among them', () => {
  const run = {
    evaluation: { classes: ['a', 'b'] },
    testSet: { images: { labels: Uint8Array.from([0, 0, 0, 1]) } },
    probabilities: new Float32Array([0.4, 0.6, 0.9, 0.1, 0.1, 0.9, 0.8, 0.2]),
  } as unknown as EvaluationRun;
  expect(worstMistakes(run, [1, 0, 1, 0])).toEqual([2, 3, 0]);
});
