import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import * as ort from 'onnxruntime-web/webgpu';
import { UserError } from '../../../src/core/errors.js';
import type { InferenceSession } from '../../../src/core/session.js';
import { texts } from '../texts.js';
import { adaptSession, inTurn, LOG_FATAL_ONLY } from './adapt-session.js';
import { explainStart } from './explain-start.js';

// Imported only where WebGPU was chosen: the WebAssembly beside it is twice as large as the plain one.

export const WEBGPU_RUNTIME = `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common} WebGPU`;

/**
 * Loads an ONNX model into onnxruntime-web on WebGPU.
 *
 * @throws UserError if there is no WebGPU, its WebAssembly file is missing, or it does not take the model.
 */
export async function createWebgpuSession(model: Uint8Array): Promise<InferenceSession> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  if (!gpu) throw new UserError(self.isSecureContext ? texts.errors.noWebgpu : texts.errors.unsafeWebgpu);
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) throw new UserError(texts.errors.noAdapter);
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: wasmUrl };
  try {
    const session = await inTurn(() =>
      ort.InferenceSession.create(model, {
        executionProviders: ['webgpu'],
        logSeverityLevel: LOG_FATAL_ONLY,
      }),
    );
    return adaptSession(session, ort.Tensor);
  } catch (cause) {
    throw await explainStart(cause, wasmUrl);
  }
}
