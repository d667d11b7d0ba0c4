import { expect, test } from 'vitest';
import { adamUpdate, beginAdamStep, createAdam } from './adam.js';

test('the first step moves each weight by the learning rate against its gradient’s sign', () => {
  const state = createAdam([2]);
  const rate = beginAdamStep(state, 0.01);
  const weights = Float32Array.of(1, 1);
  adamUpdate(state, 0, { weights, gradient: Float32Array.of(3, -0.5), rate });
  expect(weights[0]).toBeCloseTo(0.99, 5);
  expect(weights[1]).toBeCloseTo(1.01, 5);
});

test('two steps agree with the formulas worked by hand', () => {
  const state = createAdam([1]);
  const weights = Float32Array.of(0);
  for (const gradient of [1, 0]) {
    const rate = beginAdamStep(state, 0.1);
    adamUpdate(state, 0, { weights, gradient: Float32Array.of(gradient), rate });
  }
  // m = 0.09 / (1 - 0.81), v = 0.000999 / (1 - 0.998001): the second step is 0.1 * 0.47368 / sqrt(0.49975)
  expect(weights[0]).toBeCloseTo(-0.1 - 0.1 * (0.09 / 0.19 / Math.sqrt(0.000999 / 0.001999)), 5);
});
