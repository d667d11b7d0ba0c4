import moduleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import type { InferenceSession } from '../../../src/core/session.js';
import { texts } from '../texts.js';
import { adaptSession, LOG_FATAL_ONLY } from './adapt-session.js';
import { explainStart } from './explain-start.js';

/** A network of this size gains nothing from more. */
const MAX_THREADS = 4;

/** Threads need a page that is isolated, which takes two special headers. */
const threads = self.crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;

export const WASM_RUNTIME = `onnxruntime-web ${ort.env.versions.web ?? ort.env.versions.common} WASM`;
export const WASM_RUNTIME_NAME = threads > 1 ? `${WASM_RUNTIME}, ${texts.threads(threads)}` : WASM_RUNTIME;

ort.env.logLevel = 'fatal';
ort.env.wasm.numThreads = threads;
// The threads start from a script of their own; one thread needs none but this.
ort.env.wasm.wasmPaths = threads > 1 ? { wasm: wasmUrl, mjs: moduleUrl } : { wasm: wasmUrl };

const OPTIONS = { executionProviders: ['wasm'], logSeverityLevel: LOG_FATAL_ONLY } as const;

/** Has the WebAssembly fetched and compiled, most of the wait for the first answer, before there is a model. */
export function prepareWasm(): void {
  // No model is refused, but only once the WebAssembly is there. What goes wrong is said when a model comes.
  ort.InferenceSession.create(new Uint8Array(), OPTIONS).catch(() => {});
}

/**
 * Loads an ONNX model into onnxruntime-web's WebAssembly.
 *
 * @throws UserError if the WebAssembly file is missing or does not take the model.
 */
export async function createWasmSession(model: Uint8Array): Promise<InferenceSession> {
  try {
    return adaptSession(await ort.InferenceSession.create(model, OPTIONS), ort.Tensor);
  } catch (cause) {
    throw await explainStart(cause, wasmUrl);
  }
}
