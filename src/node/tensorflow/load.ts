import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import type { Reporter } from '../reporter.js';
import { type LoadedTensorFlow, loadNative } from './native.js';
import { findPackage } from './packages.js';

export type { LoadedTensorFlow, TensorFlow } from './native.js';

export type BackendChoice = 'auto' | 'native' | 'wasm';

export interface LoadOptions {
  readonly backend: BackendChoice;
  readonly reporter: Reporter;
}

/**
 * Loads TensorFlow.js on the backend that was asked for.
 *
 * @throws UserError if `native` was asked for and cannot be had.
 */
export async function loadTensorFlow({ backend, reporter }: LoadOptions): Promise<LoadedTensorFlow> {
  if (backend !== 'wasm') {
    const dir = findPackage('@tensorflow/tfjs-node')?.dir;
    const binding = dir && join(dir, 'lib/napi-v8/tfjs_binding.node');
    if (binding && existsSync(binding)) {
      try {
        return loadNative(binding);
      } catch (error) {
        if (backend === 'native') throw new UserError(`native TensorFlow does not load: ${messageOf(error)}`);
        reporter.warn(`native TensorFlow does not load: ${messageOf(error)}`);
      }
    } else if (backend === 'native') {
      throw new UserError('native TensorFlow is not installed', { hint: 'Run mnist-onnx setup.' });
    }
  }
  const { loadWasm } = await import('./wasm.js');
  return loadWasm();
}
