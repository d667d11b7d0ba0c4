import { expect, it, vi } from 'vitest';
import { tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { createNodeSession, hasCudaProvider } from './index.js';

// As npm leaves it where the package's own install script could not download.
vi.mock('../tensorflow/packages.js', () => ({ findPackage: () => undefined }));

it('without onnxruntime-node a model runs on onnxruntime-web, and says so', async () => {
  const notes: string[] = [];
  const reporter = { ...silentReporter, note: (line: string) => void notes.push(line) };
  const session = await createNodeSession(tinyModel(), { reporter });
  expect(session).toMatchObject({ device: 'wasm', runtime: expect.stringMatching(/^onnxruntime-web/) });
  expect(notes).toEqual([
    'onnxruntime-node is not installed here: running on onnxruntime-web, which is slower',
  ]);
  await session.release();
});

it('without onnxruntime-node there is no CUDA', async () => {
  expect(hasCudaProvider()).toBe(false);
  await expect(createNodeSession(tinyModel(), { device: 'cuda' })).rejects.toThrow(
    '--device cuda: onnxruntime-node is not installed here',
  );
});
