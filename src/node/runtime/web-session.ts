import { messageOf, UserError } from '../../core/errors.js';
import { adaptSession, LOG_FATAL_ONLY, type RuntimeSession } from './runtime-session.js';

/**
 * Loads an ONNX model into onnxruntime-web's WebAssembly, in Node: the runtime that browsers use.
 *
 * @param options.threads of WebAssembly, default 1; fixed by the first session of a process
 * @throws UserError if onnxruntime cannot load the model.
 */
export async function createWebSession(
  model: Uint8Array,
  { threads = 1 }: { threads?: number | undefined } = {},
): Promise<RuntimeSession> {
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = threads;
  try {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      logSeverityLevel: LOG_FATAL_ONLY,
    });
    const runtime = `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common}`;
    return adaptSession(session, ort.Tensor, { runtime, device: 'wasm' });
  } catch (error) {
    throw new UserError(`onnxruntime-web cannot load the model: ${messageOf(error).split('\n', 1)[0]}`, {
      cause: error,
      hint: 'Check that the file was copied whole, or make it again with: mnist-onnx export',
    });
  }
}
