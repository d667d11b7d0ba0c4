import type { DataId, TensorInfo } from '@tensorflow/tfjs';
import type { Attribute, NodeBackend } from '../native-kernels.js';

/** A call of an op of the TensorFlow library; tensors by what identifies their data. */
export interface RecordedOp {
  readonly op: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly DataId[];
  readonly outputs: readonly DataId[];
}

/** A tensor as the library keeps it. */
export interface RecordedTensor {
  readonly shape: readonly number[];
  /** TensorFlow's number. */
  readonly type: number;
  /** Of those that no op of the recording has made. */
  readonly values?: Float32Array | Int32Array | Uint8Array;
}

/** The ops that some work has run. */
export interface Recording {
  /** In their order; a new part begins where the work has looked at a result. */
  readonly parts: readonly (readonly RecordedOp[])[];
  readonly tensors: ReadonlyMap<DataId, RecordedTensor>;
}

/**
 * Records the ops that `work` runs on native TensorFlow.
 *
 * @returns also what the work returns; no recording where an op took what is no tensor of tfjs.
 */
export function recordOps<T>(
  backend: NodeBackend,
  work: () => T,
): { readonly result: T; readonly recording: Recording | undefined } {
  const parts: RecordedOp[][] = [[]];
  const tensors = new Map<DataId, RecordedTensor>();
  const made = new Set<DataId>();
  let isComplete = true;
  const note = (
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
  ) => {
    for (const { dataId } of inputs) {
      const known = dataId && backend.tensorMap.get(dataId);
      if (!known) isComplete = false;
      else if (!tensors.has(dataId)) {
        const { shape, dtype: type, id } = known;
        tensors.set(dataId, { shape, type, values: backend.binding.tensorDataSync(id) });
      }
    }
    for (const { dataId } of outputs) {
      const { shape, dtype: type } = backend.tensorMap.get(dataId)!;
      tensors.set(dataId, { shape, type });
      made.add(dataId);
    }
    const dataIds = (list: readonly TensorInfo[]) => list.map(({ dataId }) => dataId);
    parts.at(-1)!.push({ op, attributes, inputs: dataIds(inputs), outputs: dataIds(outputs) });
  };
  const { executeSingleOutput, executeMultipleOutputs, readSync } = backend;
  // The backend's own property hides its class's method for as long as the work lasts.
  const recorded: Partial<NodeBackend> = {
    executeSingleOutput(op, attributes, inputs) {
      const output = executeSingleOutput.call(backend, op, attributes, inputs);
      note(op, attributes, inputs, [output]);
      return output;
    },
    executeMultipleOutputs(op, attributes, inputs, count) {
      const outputs = executeMultipleOutputs.call(backend, op, attributes, inputs, count);
      note(op, attributes, inputs, outputs);
      return outputs;
    },
    readSync(dataId) {
      if (made.has(dataId)) parts.push([]);
      return readSync.call(backend, dataId);
    },
  };
  Object.assign(backend, recorded);
  try {
    const result = work();
    return { result, recording: isComplete ? { parts, tensors } : undefined };
  } finally {
    for (const name of Object.keys(recorded)) delete (backend as unknown as Record<string, unknown>)[name];
  }
}
