import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SOURCE_SHA256 } from './generated/simd.js';

test('the compiled kernels are those of simd/training.ts: else run npm run generate:simd', () => {
  // As in the repository, whatever a checkout makes of its line ends.
  const source = readFileSync('simd/training.ts', 'utf8').replaceAll('\r\n', '\n');
  expect(SOURCE_SHA256).toBe(createHash('sha256').update(source).digest('hex'));
});
