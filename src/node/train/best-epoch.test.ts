import { describe, expect, test } from 'vitest';
import type { EpochRecord } from '../../core/training-record.js';
import { bestEpoch, isFinished } from './best-epoch.js';

describe('the best epoch', () => {
  const epoch = (epoch: number, accuracy: number, loss: number): EpochRecord => {
    const validation = { accuracy, loss };
    // The test scores run against validation: they must not matter.
    return {
      epoch,
      learningRate: 1,
      training: validation,
      validation,
      test: { accuracy: 1 - accuracy, loss: -loss },
    };
  };

  test('has the highest validation accuracy, then the lowest loss, then comes first', () => {
    const history = [epoch(1, 0.8, 0.1), epoch(2, 0.9, 0.3), epoch(3, 0.9, 0.2), epoch(4, 0.9, 0.2)];
    expect(bestEpoch(history)!.epoch).toBe(3);
    expect(bestEpoch([])).toBeUndefined();
  });

  test('is waited for as long as patience says', () => {
    const history = [epoch(1, 0.9, 0.1), epoch(2, 0.8, 0.1), epoch(3, 0.8, 0.1)];
    expect(isFinished(history, { epochs: 9, patience: 3 })).toBe(false);
    expect(isFinished(history, { epochs: 9, patience: 2 })).toBe(true);
    expect(isFinished(history, { epochs: 9, patience: 0 })).toBe(false);
  });
});
