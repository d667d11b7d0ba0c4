import { expect, test } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { createConfig } from './config.js';

const checkpoint: Checkpoint = {
  config: createConfig({ seed: 5 }),
  dataset: { name: 'Ziffern', sha256: 'ab' },
  source: { dataset: '/daten/größe' },
  backend: 'tensorflow',
  history: [],
  step: 3,
  sums: { count: 9, loss: 0.1, correct: 4 },
  weights: [Float32Array.of(1, 2.5, -0), Float32Array.of(3)],
  adam: { step: 12, m: [Float32Array.of(1e-30)], v: [Float32Array.of(7)] },
  best: { epoch: 2, weights: [Float32Array.of(8, 9)] },
};

test('a checkpoint is read back bit for bit, whatever the place of its bytes', () => {
  const bytes = encodeCheckpoint(checkpoint);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(decodeCheckpoint(shifted.subarray(1), 'x')).toEqual(checkpoint);
});

test('a checkpoint before the first epoch has no best weights', () => {
  expect(decodeCheckpoint(encodeCheckpoint({ ...checkpoint, best: undefined }), 'x').best).toBeUndefined();
});

test('a checkpoint with any bit changed, or cut off anywhere, is refused', () => {
  const bytes = encodeCheckpoint(checkpoint);
  for (let i = 0; i < bytes.length; i += 7) {
    const changed = Uint8Array.from(bytes);
    changed[i]! ^= 1;
    expect(() => decodeCheckpoint(changed, 'c.bin')).toThrow('the checkpoint c.bin is damaged');
    expect(() => decodeCheckpoint(bytes.subarray(0, i), 'c.bin')).toThrow('the checkpoint c.bin is damaged');
  }
});
