import { expect, test } from 'vitest';
import { measureCalibration } from './calibration.js';

test('a case worked out by hand: the distance of confidence and accuracy, weighted by images', () => {
  // Confidences 0.9 (right), 0.9 (wrong) and 0.55 (right).
  const probabilities = new Float32Array([0.9, 0.1, 0.9, 0.1, 0.45, 0.55]);
  const { ece, bins } = measureCalibration(probabilities, [0, 1, 1], 2, 10);
  expect(ece).toBeCloseTo((2 * (0.9 - 0.5) + (1 - 0.55)) / 3, 6);
  expect(bins).toHaveLength(10);
  expect(bins[8]).toMatchObject({ count: 2, accuracy: 0.5 });
  expect(bins[5]).toMatchObject({ count: 1, accuracy: 1 });
  expect(bins[0]).toMatchObject({ count: 0, accuracy: 0, confidence: 0 });
});

test('full certainty lies in the last bin, also where rounding lifts it above 1', () => {
  const { ece, bins } = measureCalibration(new Float32Array([1.0000001, 0, 1, 0]), [0, 0], 2);
  expect(bins.at(-1)).toMatchObject({ count: 2, confidence: 1, accuracy: 1 });
  expect(ece).toBe(0);
});

test('no images have no error', () => {
  expect(measureCalibration(new Float32Array(0), [], 2).ece).toBe(0);
});
