import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.js';
import type { LabelledImages } from '../dataset.js';
import { bell, sineOfTurns } from './chance.js';
import { createSyntheticSplits, generateSynthetic } from './index.js';

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array): string {
  let state = 0x811c9dc5;
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193);
  return (state >>> 0).toString(16).padStart(8, '0');
}

function countLabels({ labels }: LabelledImages): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** Sums of squared differences to each class's mean image decide. */
function nearestMeanAccuracy(train: LabelledImages, test: LabelledImages): number {
  const size = 28 * 28;
  const counts = countLabels(train);
  const means = Array.from({ length: 10 }, () => new Float64Array(size));
  for (let i = 0; i < train.pixels.length; i++) {
    const label = train.labels[Math.floor(i / size)]!;
    means[label]![i % size]! += train.pixels[i]! / counts[label]!;
  }
  let right = 0;
  for (let i = 0; i < test.count; i++) {
    const image = test.pixels.subarray(i * size, (i + 1) * size);
    const distances = means.map((mean) => mean.reduce((sum, value, p) => sum + (value - image[p]!) ** 2, 0));
    if (distances.indexOf(Math.min(...distances)) === test.labels[i]) right++;
  }
  return right / test.count;
}

describe('generateSynthetic', () => {
  it('draws the same bytes for the same seed, on every platform', () => {
    const { pixels, labels } = generateSynthetic({ seed: 7, count: 200 });
    expect({ pixels: hash(pixels), labels: hash(labels) }).toEqual({
      pixels: '911407fc',
      labels: 'c9d5deef',
    });
  });

  it('draws other images for another seed and for another part', () => {
    const hashes = [
      generateSynthetic({ seed: 7, count: 50 }),
      generateSynthetic({ seed: 8, count: 50 }),
      generateSynthetic({ seed: 7, count: 50, part: 1 }),
    ].map(({ pixels }) => hash(pixels));
    expect(new Set(hashes).size).toBe(3);
  });

  it('balances the classes and mixes their order', () => {
    const images = generateSynthetic({ seed: 1, count: 1003 });
    expect(countLabels(images)).toEqual([101, 101, 101, 100, 100, 100, 100, 100, 100, 100]);
    const sorted = images.labels.slice(0, 20).sort();
    expect([...images.labels.slice(0, 20)]).not.toEqual([...sorted]);
  });

  it("has about MNIST's brightness: mean 33.3, standard deviation 78.6", () => {
    const { pixels } = generateSynthetic({ seed: 2, count: 2000 });
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const variance = pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length;
    expect(Math.abs(mean - 33.3)).toBeLessThan(2);
    expect(Math.abs(Math.sqrt(variance) - 78.6)).toBeLessThan(2);
  });

  it('draws digits that even the nearest mean image tells apart mostly', () => {
    const accuracy = nearestMeanAccuracy(
      generateSynthetic({ seed: 3, count: 2000 }),
      generateSynthetic({ seed: 4, count: 500 }),
    );
    expect(accuracy).toBeGreaterThan(0.6);
    expect(accuracy).toBeLessThan(0.95);
  });
});

describe('createSyntheticSplits', () => {
  it('draws a training and a test set that share no image', () => {
    const { train, test } = createSyntheticSplits({ seed: 1, trainCount: 300, testCount: 100 });
    expect([train.count, test.count]).toEqual([300, 100]);
    const digest = ({ pixels, count }: LabelledImages) =>
      Array.from({ length: count }, (_, i) => hash(pixels.subarray(i * 784, (i + 1) * 784)));
    const seen = new Set(digest(train));
    expect(digest(test).filter((each) => seen.has(each))).toEqual([]);
  });
});

describe('chance', () => {
  it('has the sine to 4e-6', () => {
    for (let turns = -1.5; turns < 1.5; turns += 0.01)
      expect(Math.abs(sineOfTurns(turns) - Math.sin(turns * 2 * Math.PI))).toBeLessThan(4e-6);
  });

  it('draws bell-shaped numbers of mean 0 and standard deviation 1', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 20_000 }, () => bell(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(0.02);
  });
});

it.each([{ count: -1 }, { count: 1e12 }, { count: 0.5 }, { seed: Number.NaN }, { part: -1 }])(
  'refuses %j before it takes memory for it',
  (changed) => {
    expect(() => generateSynthetic({ seed: 1, count: 1, ...changed })).toThrow('of synthetic digits must be');
  },
);
