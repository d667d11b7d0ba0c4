import { messageOf } from '../../../src/core/errors.js';
import type { InferenceSession } from '../../../src/core/session.js';
import { loadPart } from '../load-part.js';
import type { RuntimeKind } from './protocol.js';
import { createWasmSession, WASM_RUNTIME_NAME } from './wasm-session.js';

// Its WebAssembly is twice as large as the plain one, so that it comes only where it was chosen.
const loadWebgpu = () => import('./webgpu-session.js');

/** A session with what it runs on in the end. */
export interface StartedSession {
  readonly session: InferenceSession;
  readonly runtime: RuntimeKind;
  readonly runtimeName: string;
  /** Why it does not run on what was wished for. */
  readonly fallbackReason: string | undefined;
}

/**
 * Loads a model into the runtime that is wished for; where WebGPU does not start, into WASM.
 *
 * @throws UserError if WASM does not take it either.
 */
export async function startSession(model: Uint8Array, wished: RuntimeKind): Promise<StartedSession> {
  let fallbackReason: string | undefined;
  if (wished === 'webgpu') {
    try {
      const { createWebgpuSession, WEBGPU_RUNTIME } = await loadPart(loadWebgpu);
      const session = await createWebgpuSession(model);
      return { session, runtime: 'webgpu', runtimeName: WEBGPU_RUNTIME, fallbackReason };
    } catch (error) {
      fallbackReason = messageOf(error);
    }
  }
  const session = await createWasmSession(model);
  return { session, runtime: 'wasm', runtimeName: WASM_RUNTIME_NAME, fallbackReason };
}

/** Makes one more session on the runtime that a model got. */
export async function createSessionOn(runtime: RuntimeKind, model: Uint8Array): Promise<InferenceSession> {
  if (runtime === 'wasm') return createWasmSession(model);
  const { createWebgpuSession } = await loadPart(loadWebgpu);
  return createWebgpuSession(model);
}
