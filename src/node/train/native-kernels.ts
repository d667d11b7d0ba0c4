import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';

/** What this file uses of tfjs-node's backend: any op of the TensorFlow library can be run by its name. */
export interface NodeBackend {
  readonly binding: Readonly<
    Record<
      'TF_ATTR_TYPE' | 'TF_ATTR_STRING' | 'TF_ATTR_FLOAT' | 'TF_ATTR_INT' | 'TF_ATTR_BOOL' | 'TF_FLOAT',
      number
    >
  > & {
    tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  };
  /** Types by TensorFlow's numbers; `id` once the library has the values. */
  readonly tensorMap: {
    get(
      dataId: DataId,
    ): { readonly shape: number[]; readonly dtype: number; readonly id: number } | undefined;
  };
  executeSingleOutput(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
  ): TensorInfo;
  executeMultipleOutputs(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
    outputCount: number,
  ): TensorInfo[];
  readSync(dataId: DataId): unknown;
  /** Loads a folder's SavedModel; returns its number. */
  loadSavedModelMetaGraph(path: string, tags: string): number;
  /** Runs a loaded graph as far as these outputs ("node:0") need it. */
  runSavedModel(
    model: number,
    inputs: readonly TensorInfo[],
    inputNames: readonly { readonly name: string }[],
    outputNames: readonly string[],
  ): Tensor[];
  deleteSavedModel(model: number): void;
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** tfjs-node's name of its backend. */
export const BACKEND = 'tensorflow';

/** Makes an op of the TensorFlow library a kernel of tfjs. */
export function registerNativeKernel(
  tf: TensorFlow,
  kernelName: string,
  run: (
    inputs: Record<string, TensorInfo | undefined>,
    backend: NodeBackend,
    attrs: Record<string, unknown>,
  ) => TensorInfo | TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      run(
        inputs as Record<string, TensorInfo | undefined>,
        backend as unknown as NodeBackend,
        (attrs ?? {}) as Record<string, unknown>,
      ),
  });
}

/** The type attribute of an op on float32 tensors. */
export function floatType({ binding }: NodeBackend) {
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
