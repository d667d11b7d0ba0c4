import { type ModelScores, scoreImages } from '../../core/classify.js';
import { sliceImages } from '../../core/dataset/dataset.js';
import { messageOf } from '../../core/errors.js';
import { comparableScores } from '../../core/parity/comparable-scores.js';
import type { BrowserProvider } from '../browser/protocol.js';
import { runInBrowser } from '../browser/run-in-browser.js';
import {
  createNodeSession,
  createWebSession,
  hasCudaProvider,
  type RuntimeSession,
} from '../runtime/index.js';
import { RuntimeMissing, requireOnnxRuntimeNode } from '../runtime/runtime-missing.js';
import type { RuntimeName } from './names.js';
import { concat, type RuntimeContext, type RuntimeScores } from './runtime-scores.js';
import { classifyWithTfjs } from './tfjs.js';

const BROWSER_TIMEOUT_MS = 600_000;

/**
 * Classifies the images with one runtime.
 *
 * @throws RuntimeMissing if this machine has none.
 */
export function runRuntime(name: RuntimeName, context: RuntimeContext): Promise<RuntimeScores> {
  const { bytes } = context.model;
  switch (name) {
    case 'tfjs':
      return classifyWithTfjs(context);
    case 'node':
      return withSession(() => createCpuSession(bytes), context);
    case 'wasm':
      return withSession(() => createWebSession(bytes), context);
    case 'cuda':
      return withSession(() => createCudaSession(bytes), context);
    case 'browser-wasm':
      return classifyInBrowser('wasm', context);
    case 'browser-webgpu':
      return classifyInBrowser('webgpu', context);
  }
}

async function createCpuSession(bytes: Uint8Array): Promise<RuntimeSession> {
  requireOnnxRuntimeNode();
  return createNodeSession(bytes, { device: 'cpu' });
}

async function createCudaSession(bytes: Uint8Array): Promise<RuntimeSession> {
  if (!hasCudaProvider())
    throw new RuntimeMissing('onnxruntime-node has no CUDA provider here (mnist-onnx setup --cuda)');
  return createNodeSession(bytes, { device: 'cuda' }).catch((error: unknown) => {
    throw new RuntimeMissing(messageOf(error));
  });
}

/** Images between two looks at the signal: WASM computes without ever giving the event loop a turn. */
const PART = 256;

async function withSession(
  create: () => Promise<RuntimeSession>,
  { model, images, onProgress, signal }: RuntimeContext,
): Promise<RuntimeScores> {
  const session = await create();
  try {
    const parts: ModelScores[] = [];
    for (let start = 0; start < images.count; start += PART) {
      signal?.throwIfAborted();
      const part = sliceImages(images, start, start + PART);
      parts.push(await scoreImages(session, model.info, part.pixels));
      onProgress?.(start + part.count);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Of no images it does not matter.
    const kind = parts[0]?.kind ?? 'logits';
    const device = session.device === 'wasm' ? 'WASM, in Node' : session.device.toUpperCase();
    return {
      description: `${session.runtime} on ${device}`,
      processor: session.device === 'cuda' ? 'cuda' : 'cpu',
      ...comparableScores(
        { kind, values: concat(parts.map(({ values }) => values)) },
        model.info.classes.length,
      ),
    };
  } finally {
    await session.release();
  }
}

async function classifyInBrowser(
  provider: BrowserProvider,
  { model, images, browser, softwareLimit, signal }: RuntimeContext,
): Promise<RuntimeScores> {
  const { description, logits, probabilities } = await runInBrowser({
    browser,
    job: { provider, threads: 1, info: model.info, task: { kind: 'classify', softwareLimit } },
    model: model.bytes,
    pixels: images.pixels,
    timeoutMs: BROWSER_TIMEOUT_MS,
    signal,
  });
  if (!probabilities) throw new Error('the page sent no scores');
  return { description, processor: provider === 'wasm' ? 'cpu' : 'gpu', logits, probabilities };
}
