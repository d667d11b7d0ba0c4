import { expect, test } from 'vitest';
import { addBatch, scoreOf } from './score.js';

test('loss is the mean cross-entropy, accuracy the fraction whose highest logit is right', () => {
  const sums = { count: 0, loss: 0, correct: 0 };
  addBatch(sums, Float32Array.of(0, 0, Math.log(3), 0), Int32Array.of(0, 1));
  // -ln(1/2) and -ln(1/4); of two equal logits the first counts as the answer.
  const { loss, accuracy } = scoreOf(sums);
  expect(loss).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 6);
  expect(accuracy).toBe(0.5);
});

test('huge logits do not overflow', () => {
  const sums = { count: 0, loss: 0, correct: 0 };
  expect(addBatch(sums, Float32Array.of(1e30, 0), Int32Array.of(0))).toBe(0);
});

test('a logit that is no number makes the loss none', () => {
  const sums = { count: 0, loss: 0, correct: 0 };
  expect(addBatch(sums, Float32Array.of(Number.NaN, 0), Int32Array.of(1))).toBeNaN();
});

test('images of no class count neither for the loss nor for the accuracy', () => {
  const sums = { count: 0, loss: 0, correct: 0 };
  addBatch(sums, Float32Array.of(0, 0, 9, 0), Int32Array.of(0, 255));
  expect(sums.count).toBe(1);
  expect(scoreOf(sums)).toEqual({ loss: Math.log(2), accuracy: 1 });
});
