import { describe, expect, it } from 'vitest';
import { createRandom, createRandomBits, permutation, randomNormal } from './random.js';

const draw = (count: number, ...seed: number[]) => {
  const random = createRandom(...seed);
  return Array.from({ length: count }, random);
};

describe('seeded random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(draw(5, 1)).toEqual(draw(5, 1));
    for (const other of [[2], [1, 0], [1, 1], [0, 1], [1 + 2 ** 32], [-1]])
      expect(draw(5, ...other)).not.toEqual(draw(5, 1));
  });

  it('are the same in every version, so that a seed that was noted down still gives its result', () => {
    expect(draw(3, 1)).toEqual([0.9652367448434234, 0.5800582126248628, 0.24567303550429642]);
    expect(draw(2, 7, 2 ** 40 + 3, -5)).toEqual([0.970794017193839, 0.4547668530140072]);
  });

  it('come as bits too, of which each 32 are one of them, however many are fetched at a time', () => {
    const bits = createRandomBits(1, 2);
    const parts = [1, 30, 9].map((length) => new Uint32Array(length));
    for (const part of parts) bits.fill(part);
    const numbers = parts.flatMap((part) => [...part]).map((value) => value / 2 ** 32);
    expect(numbers).toEqual(draw(40, 1, 2));
  });

  it('lie in [0, 1) with the mean and variance of a uniform distribution', () => {
    const values = draw(100_000, 3);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 1000))).toBeLessThan(1);
    expect(mean).toBeCloseTo(1 / 2, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('of neighbouring seeds are not alike', () => {
    const first = Array.from({ length: 1000 }, (_, seed) => draw(1, seed)[0]!);
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(new Set(first).size).toBe(1000);
  });

  it('of the normal distribution have mean 0 and variance 1', () => {
    const random = createRandom(5);
    const values = Array.from({ length: 50_000 }, () => randomNormal(random));
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 1);
    expect(values.reduce((sum, value) => sum + value * value, 0) / values.length).toBeCloseTo(1, 1);
  });
});

describe('a permutation', () => {
  it('holds every number once, in an order of its own', () => {
    const order = permutation(1000, createRandom(1));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([...order]).not.toEqual([...permutation(1000, createRandom(2))]);
  });
});
