import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { messageOf, UserError } from '../../../src/core/errors.js';
import type { InferenceSession, Tensor, TensorInfo, TensorType } from '../../../src/core/session.js';
import { texts } from '../texts.js';
import { explainMissing } from './fetch-file.js';

/** The runtime and its version. */
export const RUNTIME = `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common} WASM`;

/**
 * Loads an ONNX model into onnxruntime-web's WebAssembly.
 *
 * @throws UserError if the WebAssembly file is missing or does not take the model.
 */
export async function createWebSession(model: Uint8Array): Promise<InferenceSession> {
  ort.env.logLevel = 'fatal';
  // More threads would need a page served with special headers.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: wasmUrl };
  try {
    return adaptSession(await ort.InferenceSession.create(model, { executionProviders: ['wasm'] }));
  } catch (cause) {
    const missing = await explainMissing(wasmUrl, texts.errors.files.wasm);
    if (missing) throw missing;
    const [reason] = messageOf(cause).split('\n', 1);
    throw new UserError(texts.errors.runtime(reason ?? ''), { hint: texts.errors.runtimeHint, cause });
  }
}

function adaptSession(session: ort.InferenceSession): InferenceSession {
  return {
    inputs: session.inputMetadata.map(toTensorInfo),
    outputs: session.outputMetadata.map(toTensorInfo),
    run: async (feeds, outputs) => {
      const given: Record<string, ort.Tensor> = {};
      for (const [name, { type, data, shape }] of Object.entries(feeds)) {
        given[name] = new ort.Tensor(type as 'float32', data as Float32Array, shape);
      }
      const results = await (outputs ? session.run(given, outputs) : session.run(given));
      const entries = Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor)] as const);
      return Object.fromEntries(entries);
    },
    release: () => session.release(),
  };
}

function fromRuntime({ type, dims, data }: ort.Tensor): Tensor {
  return { type: type as TensorType, shape: dims, data: data as Tensor['data'] };
}

function toTensorInfo(info: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!info.isTensor) return { name: info.name, type: 'no tensor', shape: [] };
  return { name: info.name, type: info.type, shape: info.shape };
}
