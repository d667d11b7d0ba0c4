import type * as ort from 'onnxruntime-node';
import {
  type InferenceSession,
  type Tensor,
  type TensorInfo,
  type TensorType,
  toShape,
} from '../../core/session.js';

/** The processor that a model runs on. */
export type Device = 'auto' | 'cpu' | 'cuda';

/** A session together with what it runs on. */
export interface RuntimeSession extends InferenceSession {
  /** The package and its version, for example `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  readonly device: 'cpu' | 'cuda' | 'wasm';
}

/** onnxruntime writes its own lines to stderr from this level up; ours say what matters. */
export const LOG_FATAL_ONLY = 4;

/** Adapts a session of either onnxruntime package: both give the same classes. */
export function adaptSession(
  session: ort.InferenceSession,
  TensorClass: ort.TensorConstructor,
  description: Pick<RuntimeSession, 'runtime' | 'device'>,
): RuntimeSession {
  return {
    ...description,
    inputs: session.inputMetadata.map(toTensorInfo),
    outputs: session.outputMetadata.map(toTensorInfo),
    run: async (feeds, outputs) => {
      const given: Record<string, ort.Tensor> = {};
      for (const [name, { type, data, shape }] of Object.entries(feeds)) {
        given[name] = new TensorClass(type as 'float32', data as Float32Array, shape);
      }
      const results = await (outputs ? session.run(given, outputs) : session.run(given));
      const entries = Object.entries(results).map(([name, tensor]) => [name, fromRuntime(tensor)] as const);
      return Object.fromEntries(entries);
    },
    release: () => session.release(),
  };
}

function fromRuntime(tensor: ort.Tensor): Tensor {
  return { type: tensor.type as TensorType, shape: tensor.dims, data: tensor.data as Tensor['data'] };
}

function toTensorInfo(info: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!info.isTensor) return { name: info.name, type: 'no tensor', shape: [] };
  return { name: info.name, type: info.type, shape: toShape(info.shape) };
}
