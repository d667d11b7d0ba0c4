/** The element types of the models that we make and run. */
export type TensorType = 'float32' | 'uint8' | 'int32' | 'int64';

/** A dense tensor; `data` is row-major and holds as many elements as `shape` multiplies to. */
export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array;
}

/** A model's input or output; a dimension that a run decides carries its name, or '', instead of a number. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** What onnxruntime-web says of a dimension without a name: -1, as an unsigned number. */
const UNNAMED = 2 ** 32 - 1;

/** A shape as onnxruntime-web reports it, its dimensions without a name as onnxruntime-node has them. */
export function toShape(reported: readonly (number | string)[]): readonly (number | string)[] {
  return reported.map((dimension) => (dimension === UNNAMED ? '' : dimension));
}

/**
 * What the core needs of a runtime. onnxruntime-node and onnxruntime-web are adapted to it outside the core,
 * so that the same classification code runs in both.
 */
export interface InferenceSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs the model; `outputs` names those that are wanted, by default all. */
  run(feeds: Readonly<Record<string, Tensor>>, outputs?: readonly string[]): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}
