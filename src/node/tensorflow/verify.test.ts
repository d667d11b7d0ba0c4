import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { CommandError } from './setup/run-command.js';
import { verifyBinding } from './verify.js';

it('a file that is no binding does not load, and the reason is one line', async () => {
  const path = join(await temporaryFolder(), 'tfjs_binding.node');
  await writeFile(path, 'no library');
  await expect(verifyBinding(path)).rejects.toThrow(/^it does not load: [^\n]*Error: [^\n]*$/);
});

it('a binding that computes tells the version', async () => {
  expect(await verifyBinding('x.node', { run: async () => 'loading\nverified 2.21.0\n' })).toBe('2.21.0');
});

it.each([
  ['says nothing', async () => '', 'it loads but does not say its version'],
  [
    'crashes',
    () => Promise.reject(new CommandError('node was ended by SIGSEGV', 'failed', 'x')),
    'it crashes when it is loaded (SIGSEGV)',
  ],
  [
    'never comes back',
    () => Promise.reject(new CommandError('node took more than 120 s', 'timeout')),
    'it did not load within 120 s',
  ],
  [
    'is interrupted',
    () => Promise.reject(new DOMException('This operation was aborted', 'AbortError')),
    'This operation was aborted',
  ],
])('a binding that %s', async (_, run, message) => {
  await expect(verifyBinding('x.node', { run })).rejects.toThrow(message);
});
