import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chromiumPath } from '../../../test/browser.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { whyMissing } from '../../../test/why-missing.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { hasCudaProvider } from '../runtime/index.js';
import { type MeasureContext, measureRuntime } from './measure-runtime.js';
import type { BenchmarkedName } from './names.js';

vi.mock('node:child_process', async (original) => {
  const own = await original<typeof import('node:child_process')>();
  return { ...own, spawn: vi.fn(own.spawn) };
});
beforeEach(() => void vi.mocked(spawn).mockClear());

async function measure(name: BenchmarkedName, bytes = tinyModel(), changes: Partial<MeasureContext> = {}) {
  const path = join(await temporaryFolder(), 'model.onnx');
  await writeFile(path, bytes);
  const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };
  const options = { batchSizes: [2], durationMs: 10 };
  return measureRuntime(name, { model: { path, bytes, info }, options, browser: chromiumPath, ...changes });
}

const noChromium = chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)';

describe.each([
  // A process of Node holds tens of megabytes; a page tells of its JavaScript and WASM alone.
  ['node', '', /^onnxruntime-node [\d.]+ on CPU$/, 1e7],
  ['wasm', '', /^onnxruntime-web [\d.]+ on WASM, in Node$/, 1e7],
  ['browser-wasm', noChromium, /^onnxruntime-web [\d.]+ on WASM, in Chrome/, 1e5],
] as const)('%s', (name, skip, description, leastBytes) => {
  it.skipIf(skip)(`is measured where it runs${skip}`, async () => {
    const figures = await measure(name, tinyModel(), { threads: 1 });
    expect(figures.description).toMatch(description);
    expect(figures.batches).toEqual([expect.objectContaining({ batchSize: 2 })]);
    expect(figures.coldStartMs).toBeGreaterThan(figures.firstRunMs);
    expect(figures.memoryBytes).toBeGreaterThan(leastBytes);
  });
});

it('a process that fails says why in a sentence', async () => {
  const error = await measure('node', Uint8Array.of(1, 2, 3)).catch((error: unknown) => error);
  expect(error).toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/^onnxruntime-node cannot load the model: [^\n]*$/),
  });
});

it('a process is ended by the signal', async () => {
  const controller = new AbortController();
  const options = { batchSizes: [2], durationMs: 60_000 };
  const measuring = measure('wasm', tinyModel(), { options, signal: controller.signal });
  const child = await vi.waitUntil(() => vi.mocked(spawn).mock.results.at(-1)?.value as ChildProcess);
  onTestFinished(() => void child.kill());
  const gone = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  controller.abort(new Error('enough'));
  await expect(measuring).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  expect(await gone).toBe('SIGTERM');
});

it.skipIf(hasCudaProvider())('cuda without its provider is missing', async () => {
  expect(await whyMissing(measure('cuda'))).toBe(
    'onnxruntime-node has no CUDA provider here (mnist-onnx setup --cuda)',
  );
});
