import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from '../../../test/browser.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { whyMissing } from '../../../test/why-missing.js';
import { MNIST_PREPROCESSING } from '../../core/model-info.js';
import { hasCudaProvider } from '../runtime/index.js';
import { type MeasureContext, measureRuntime } from './measure-runtime.js';
import type { BenchmarkedName } from './names.js';

async function measure(name: BenchmarkedName, bytes = tinyModel(), changes: Partial<MeasureContext> = {}) {
  const path = join(await temporaryFolder(), 'model.onnx');
  await writeFile(path, bytes);
  const info = { classes: ['left', 'middle', 'right'], preprocessing: MNIST_PREPROCESSING };
  const options = { batchSizes: [2], durationMs: 10 };
  return measureRuntime(name, { model: { path, bytes, info }, options, browser: chromiumPath, ...changes });
}

const noChromium = chromiumPath ? '' : ' (skipped: no Chromium; set CHROMIUM_PATH)';

describe.each([
  ['node', '', /^onnxruntime-node [\d.]+ on CPU$/],
  ['wasm', '', /^onnxruntime-web [\d.]+ on WASM, in Node$/],
  ['browser-wasm', noChromium, /^onnxruntime-web [\d.]+ on WASM, in Chrome/],
] as const)('%s', (name, skip, description) => {
  it.skipIf(skip)(`is measured where it runs${skip}`, async () => {
    const figures = await measure(name, tinyModel(), { threads: 1 });
    expect(figures.description).toMatch(description);
    expect(figures.batches).toEqual([expect.objectContaining({ batchSize: 2 })]);
    expect(figures.coldStartMs).toBeGreaterThan(figures.firstRunMs);
    expect(figures.memoryBytes).toBeGreaterThan(1e5);
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
  const signal = AbortSignal.abort();
  await expect(measure('wasm', tinyModel(), { signal })).rejects.toMatchObject({ name: 'AbortError' });
});

it.skipIf(hasCudaProvider())('cuda without its provider is missing', async () => {
  expect(await whyMissing(measure('cuda'))).toBe(
    'onnxruntime-node has no CUDA provider here (mnist-onnx setup --cuda)',
  );
});
