import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { loadDataset } from './index.js';

const home = process.cwd();
let folder: string;
let said: string[];
/** A machine without MNIST, whose only mirror is refused before anything is asked of it. */
beforeEach(async () => {
  folder = await temporaryFolder();
  said = [];
  process.chdir(folder);
  vi.stubEnv('MNIST_ONNX_DATA', '');
  vi.stubEnv('MNIST_ONNX_CACHE', join(folder, 'cache'));
  vi.stubEnv('MNIST_ONNX_MIRRORS', ' http://mirror.example/mnist ');
});
afterEach(() => {
  process.chdir(home);
  vi.unstubAllEnvs();
});

const load = (dataset: string, options: { dataDir?: string; signal?: AbortSignal } = {}) =>
  loadDataset({
    dataset,
    ...options,
    reporter: {
      ...silentReporter,
      note: (line) => said.push(`note: ${line}`),
      warn: (line) => said.push(`warning: ${line}`),
    },
  });

describe('MNIST that cannot be downloaded', () => {
  it('is loudly replaced by synthetic digits', async () => {
    const dataset = await load('auto');
    expect(said).toEqual([
      `note: MNIST is not on this machine: downloading it to ${join(folder, 'data/mnist')}`,
      expect.stringMatching(/^warning: MNIST cannot be had: cannot download train-images.*HTTPS/),
      expect.stringMatching(/^warning: USING SYNTHETIC DIGITS IN ITS PLACE/),
      'note: drawing 70000 synthetic digits',
    ]);
    expect(dataset).toMatchObject({ name: 'synthetic', classes: [...'0123456789'] });
    expect([dataset.train.count, dataset.test.count]).toEqual([60_000, 10_000]);
  });

  it('is not replaced where it was asked for', async () => {
    await expect(load('mnist', { dataDir: 'mine' })).rejects.toMatchObject({
      name: 'UserError',
      message:
        'cannot download train-images-idx3-ubyte.gz: http://mirror.example/mnist: only HTTPS is spoken',
      hint: expect.stringContaining(`into ${join(folder, 'mine')} by hand`),
    });
    expect(said).toEqual([`note: MNIST is not on this machine: downloading it to ${join(folder, 'mine')}`]);
  });

  it('is not replaced after Ctrl-C either', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(load('auto', { signal })).rejects.toThrow();
    expect(said.filter((line) => line.startsWith('warning'))).toEqual([]);
    expect(await readdir(folder)).not.toContain('cache');
  });
});
