import { messageOf, UserError } from '../../core/errors.js';
import type { Reporter } from '../reporter.js';
import { findBindings } from './bindings.js';
import { type LoadedTensorFlow, loadNative } from './native.js';
import { findPackage } from './packages.js';
import { setupTensorFlow } from './setup/setup.js';
import { bindingStateKey, NOT_INSTALLED, readState } from './state.js';

export type { LoadedTensorFlow, TensorFlow } from './native.js';

/** Which TensorFlow computes: `auto` is native where it can be had, else WASM. */
export type BackendChoice = 'auto' | 'native' | 'wasm';

export interface LoadOptions {
  readonly backend: BackendChoice;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
  /** Whether the setup may run, by default yes; without it `auto` takes what is ready. */
  readonly prepare?: boolean;
}

/**
 * Loads TensorFlow.js on the backend that was asked for. The first time, `auto` and `native` run the setup;
 * `auto` goes on with WASM where native TensorFlow could not be had, and remembers that.
 *
 * @throws UserError if `native` was asked for and cannot be had, or if the setup was interrupted.
 */
export async function loadTensorFlow(options: LoadOptions): Promise<LoadedTensorFlow> {
  const { backend, reporter, signal, prepare = true } = options;
  if (backend === 'wasm') return startWasm();
  const ready = await findVerifiedBinding();
  if (ready) return startNative(ready);
  if (!prepare) {
    if (backend === 'auto') return startWasm();
    throw new UserError('native TensorFlow is not ready', { hint: 'Run mnist-onnx setup.' });
  }
  const { wasm } = await readState();
  const tfjsNode = findPackage('@tensorflow/tfjs-node')?.version ?? NOT_INSTALLED;
  if (backend === 'auto' && wasm?.tfjsNode === tfjsNode) {
    reporter.note(
      `TensorFlow runs as WASM, as setup left it on ${wasm.date} (mnist-onnx setup tries native TensorFlow again).`,
    );
    return startWasm();
  }
  reporter.note('Preparing TensorFlow, once for all checkouts (mnist-onnx setup) ...');
  const { binding } = await setupTensorFlow({ backend, reporter, signal });
  return binding ? startNative(binding) : startWasm();
}

/** The first binding that a setup has seen working on this Node. */
async function findVerifiedBinding(): Promise<string | undefined> {
  const tfjsNode = findPackage('@tensorflow/tfjs-node');
  const { verified } = await readState();
  for (const { path } of tfjsNode ? await findBindings(tfjsNode) : []) {
    if ((await bindingStateKey(path)) in verified) return path;
  }
  return undefined;
}

function startNative(binding: string): LoadedTensorFlow {
  try {
    return loadNative(binding);
  } catch (error) {
    throw new UserError(`native TensorFlow does not load: ${messageOf(error).split('\n')[0]}`, {
      cause: error,
      hint: 'Run mnist-onnx setup, or train with --backend wasm.',
    });
  }
}

async function startWasm(): Promise<LoadedTensorFlow> {
  // Imported only here: native training needs none of it.
  const { loadWasm } = await import('./wasm.js');
  try {
    return await loadWasm();
  } catch (error) {
    throw new UserError(`TensorFlow's WASM backend does not start: ${messageOf(error).split('\n')[0]}`, {
      cause: error,
      hint: 'It needs a processor with SIMD (SSE4.1 or NEON); mnist-onnx setup tries native TensorFlow.',
    });
  }
}
