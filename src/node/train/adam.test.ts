import { expect, test } from 'vitest';
import { createRandom, randomNormal } from '../../core/random.js';
import { adamUpdate, beginAdamStep, compiledStep, createAdam, plainStep } from './adam.js';

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

test.each([1, 2, 4095, 4096, 4097, 9001])(
  'compiled, the step moves %i weights as in plain JavaScript, to the last bit',
  (count) => {
    const random = createRandom(count);
    const values = (scale: number) =>
      Float32Array.from({ length: count }, () => scale * randomNormal(random));
    const make = () => ({
      weights: new Float32Array(count),
      m: new Float32Array(count),
      v: new Float32Array(count),
    });
    const [plain, compiled] = [make(), make()];
    const step = compiledStep();
    // Where a network is sure, gradients are 0 or hardly more.
    for (const scale of [1, 1e-3, 0, 1e-20, 1e-30]) {
      const gradient = values(scale);
      plainStep({ weights: plain.weights, gradient, rate: 1e-3 }, plain.m, plain.v);
      step({ weights: compiled.weights, gradient, rate: 1e-3 }, compiled.m, compiled.v);
    }
    expect(compiled).toEqual(plain);
    expect(plain.weights.every((weight) => weight !== 0)).toBe(true);
  },
);
