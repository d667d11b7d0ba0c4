import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { createConfig } from './config.js';

const checkpoint: Checkpoint = {
  config: createConfig({ seed: 5 }),
  dataset: { name: 'Ziffern', sha256: 'ab' },
  source: { dataset: '/daten/größe' },
  backend: 'tensorflow',
  topology: { class_name: 'Sequential', config: { name: 'größe' } },
  history: [],
  step: 3,
  sums: { count: 9, loss: 0.1, correct: 4 },
  weights: [Float32Array.of(1, 2.5, -0), Float32Array.of(3)],
  adam: { step: 12, m: [Float32Array.of(1e-30)], v: [Float32Array.of(7)] },
  average: [Float32Array.of(4, 5, 6)],
  best: { epoch: 2, weights: [Float32Array.of(8, 9)] },
};

test('a checkpoint is read back bit for bit, whatever the place of its bytes', () => {
  const bytes = encodeCheckpoint(checkpoint);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(decodeCheckpoint(shifted.subarray(1), 'x')).toEqual(checkpoint);
});

test('a checkpoint before the first epoch has no best weights, and often no average', () => {
  const early = { ...checkpoint, best: undefined, average: undefined };
  expect(decodeCheckpoint(encodeCheckpoint(early), 'x')).toEqual(early);
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

/** Changes the header and makes the digest fit again, which a broken disk does not, but a person can. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Uint8Array {
  const file = Buffer.from(encodeCheckpoint(checkpoint));
  const [magic, length] = [file.subarray(0, 16), file.readUInt32LE(16)];
  const json = Buffer.from(JSON.stringify(change(JSON.parse(file.toString('utf8', 20, 20 + length)))));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(json.length);
  const body = Buffer.concat([magic, size, json, file.subarray(20 + length, -32)]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

test.each<[string, (header: Record<string, unknown>) => unknown]>([
  ['no header', () => null],
  ['no lengths', ({ lengths, ...header }) => header],
  ['lengths that are no lists', (header) => ({ ...header, lengths: [1, 2, 3, 4, 5] })],
  ['a length of terabytes', (header) => ({ ...header, lengths: [[2 ** 40], [], [], [], []] })],
  ['a length below 0', (header) => ({ ...header, lengths: [[-1, 8], [], [], [], []] })],
  ['no configuration', (header) => ({ ...header, config: null })],
  ['a history of something else', (header) => ({ ...header, history: [null] })],
])('a checkpoint with %s is refused, although its digest fits', (_, change) => {
  expect(
    decodeCheckpoint(
      withHeader((header) => header),
      'x',
    ),
  ).toEqual(checkpoint);
  expect(() => decodeCheckpoint(withHeader(change), 'c.bin')).toThrow('the checkpoint c.bin is damaged');
});
