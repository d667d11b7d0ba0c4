import { expect, it, vi } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { tinyModel } from '../../../test/tiny-model.js';
import { whyMissing } from '../../../test/why-missing.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { measureRuntime } from '../benchmark/measure-runtime.js';
import { runRuntime } from '../parity/runtimes.js';
import { silentReporter } from '../reporter.js';
import { createNodeSession, createWebSession, hasCudaProvider } from './index.js';

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

it('without onnxruntime-node a model keeps the threads that it was given', async () => {
  const { env } = await import('onnxruntime-web');
  for (const threads of [2, undefined]) {
    await (await createNodeSession(tinyModel(), { threads })).release();
    expect(env.wasm.numThreads).toBe(threads ?? 1);
  }
});

it('without onnxruntime-node there is no CUDA', async () => {
  expect(hasCudaProvider()).toBe(false);
  await expect(createNodeSession(tinyModel(), { device: 'cuda' })).rejects.toThrow(
    '--device cuda: onnxruntime-node is not installed here',
  );
});

it('without onnxruntime-node nothing is compared or measured under its name', async () => {
  const bytes = tinyModel();
  const session = await createWebSession(bytes);
  const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };
  const model = { path: 'tiny.onnx', sha256: '', sizeBytes: bytes.length, bytes, info, session };
  const images = tinyDataset().test;
  const compared = async () =>
    runRuntime('node', { model, images, softwareLimit: 1, reporter: silentReporter });
  expect(await whyMissing(compared())).toBe('onnxruntime-node is not installed here');
  const measured = async () => measureRuntime('node', { model, options: { batchSizes: [], durationMs: 1 } });
  expect(await whyMissing(measured())).toBe('onnxruntime-node is not installed here');
  await session.release();
});
