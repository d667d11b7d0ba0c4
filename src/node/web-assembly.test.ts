import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SOURCE_SHA256 as PNG } from './images/generated/png.js';
import { SOURCE_SHA256 as TRAINING } from './tensorflow/kernels/generated/simd.js';

test.each([
  ['simd/training.ts', TRAINING],
  ['simd/png.ts', PNG],
])('what was compiled of %s is of its last state: else run npm run generate:simd', (file, compiled) => {
  // As in the repository, whatever a checkout makes of its line ends.
  const source = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  expect(compiled).toBe(createHash('sha256').update(source).digest('hex'));
});
