import type * as ort from 'onnxruntime-web';
import {
  type InferenceSession,
  type Tensor,
  type TensorInfo,
  type TensorType,
  toShape,
} from '../../../src/core/session.js';

/** onnxruntime writes its own lines to the console from this level up; the page says what matters. */
export const LOG_FATAL_ONLY = 4;

/** Adapts a session of onnxruntime-web, whichever of its builds made it. */
export function adaptSession(
  session: ort.InferenceSession,
  TensorClass: ort.TensorConstructor,
): InferenceSession {
  return {
    inputs: session.inputMetadata.map(toTensorInfo),
    outputs: session.outputMetadata.map(toTensorInfo),
    run: (feeds, outputs) =>
      inTurn(async () => {
        const given: Record<string, ort.Tensor> = {};
        for (const [name, { type, data, shape }] of Object.entries(feeds)) {
          given[name] = new TensorClass(type as 'float32', data as Float32Array, shape);
        }
        const results = await (outputs ? session.run(given, outputs) : session.run(given));
        const entries = Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor)] as const);
        return Object.fromEntries(entries);
      }),
    release: () => inTurn(() => session.release()),
  };
}

let last: Promise<unknown> = Promise.resolve();

/** WebGPU's build takes one call at a time, over all its sessions. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}

function fromRuntime({ type, dims, data }: ort.Tensor): Tensor {
  return { type: type as TensorType, shape: dims, data: data as Tensor['data'] };
}

function toTensorInfo(info: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!info.isTensor) return { name: info.name, type: 'no tensor', shape: [] };
  return { name: info.name, type: info.type, shape: toShape(info.shape) };
}
