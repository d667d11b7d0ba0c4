import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../test/tiny-model.js';
import { silentReporter } from '../../reporter.js';
import { readState } from '../state.js';
import { setupTensorFlow } from './setup.js';

// As npm leaves it where the package's own install script could not download.
vi.mock('../packages.js', () => ({
  findPackage: (name: string) => (name.endsWith('tfjs-node') ? undefined : { version: '4.22.0' }),
}));

it('without tfjs-node setup says how it can be had, and prepares WASM', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  const notes: string[] = [];
  const reporter = { ...silentReporter, note: (line: string) => void notes.push(line) };
  const { backend } = await setupTensorFlow({ backend: 'auto', reporter, overrides: { cache } });
  expect(backend).toBe('wasm');
  expect(notes[0]).toBe(
    '- present: the package @tensorflow/tfjs-node is not installed (npm install --ignore-scripts @tensorflow/tfjs-node)',
  );
  expect((await readState(cache)).wasm?.tfjsNode).toBe('not installed');
});

it('without tfjs-node native TensorFlow is refused with the command that adds it', async () => {
  const cache = join(await temporaryFolder(), 'cache');
  await expect(
    setupTensorFlow({ backend: 'native', reporter: silentReporter, overrides: { cache } }),
  ).rejects.toMatchObject({
    message: 'the package @tensorflow/tfjs-node is not installed',
    hint: 'Run npm install --ignore-scripts @tensorflow/tfjs-node.',
  });
});
