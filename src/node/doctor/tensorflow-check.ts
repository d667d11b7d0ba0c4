import { messageOf } from '../../core/errors.js';
import { findBindings } from '../tensorflow/bindings.js';
import { findPackage } from '../tensorflow/packages.js';
import { bindingStateKey, readState } from '../tensorflow/state.js';
import { verifyBinding } from '../tensorflow/verify.js';
import type { Finding } from './check.js';

const SETUP = 'npx mnist-onnx setup';

/** Native TensorFlow, verified in a child process unless setup has done so, or else WASM. */
export async function checkTensorFlow(): Promise<Finding> {
  const tfjsNode = findPackage('@tensorflow/tfjs-node');
  const { verified } = await readState();
  const bindings = tfjsNode ? await findBindings(tfjsNode) : [];
  let problem = 'native TensorFlow is not set up';
  for (const { path, source } of bindings) {
    try {
      const version = verified[await bindingStateKey(path)] ?? (await verifyBinding(path));
      return { status: 'ok', detail: `native ${version}, from ${source}` };
    } catch (error) {
      problem = `the native binding of ${source} fails: ${messageOf(error)}`;
    }
  }
  const wasm = findPackage('@tensorflow/tfjs-backend-wasm');
  if (wasm) return { status: 'limited', detail: `WASM ${wasm.version}, slower; ${problem}`, fix: SETUP };
  return {
    status: 'missing',
    detail: `${problem}, and the WASM backend is not installed`,
    fix: 'npm install',
  };
}
