import { UserError } from '../../core/errors.js';
import type { OnnxModel } from '../../core/onnx/read.js';
import type { TensorInfo } from '../../core/session.js';

/** Triton's names of ONNX Runtime's types. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'TYPE_BOOL',
  uint8: 'TYPE_UINT8',
  int8: 'TYPE_INT8',
  int32: 'TYPE_INT32',
  int64: 'TYPE_INT64',
  float16: 'TYPE_FP16',
  float32: 'TYPE_FP32',
  float64: 'TYPE_FP64',
  string: 'TYPE_STRING',
};

/** Of images that the server may put together: more bring nothing on processors, and little on GPUs. */
const MAX_BATCH_SIZE = 256;

export interface TritonConfig {
  /** Of the model's folder too. */
  readonly name: string;
  readonly model: Pick<OnnxModel, 'inputs' | 'outputs'>;
  /** The file of the classes' names, and how many there are; for classifiers. */
  readonly labels?: { readonly fileName: string; readonly count: number } | undefined;
}

/**
 * The `config.pbtxt` of a model for Triton Inference Server (ModelConfig as protobuf text). Where the first axis
 * of every tensor is the batch, which `dims` then leaves out, the server may put requests together.
 *
 * Source: Triton Inference Server's "Model Configuration" (docs/user_guide/model_configuration.md).
 *
 * @throws UserError if a tensor is of a type that Triton does not have.
 */
export function formatTritonConfig({ name, model, labels }: TritonConfig): string {
  const { inputs, outputs } = model;
  const batch = inputs[0]?.shape[0];
  const isBatched =
    typeof batch === 'string' && [...inputs, ...outputs].every(({ shape }) => shape[0] === batch);
  const port = (info: TensorInfo, extra: readonly string[] = []) =>
    ['  {', ...[...describeTensor(info, isBatched), ...extra].map((line) => `    ${line}`), '  }'].join('\n');
  const withLabels = (info: TensorInfo) => {
    const isScores = info.shape.length === 2 && info.shape[1] === labels?.count;
    return port(info, labels && isScores ? [`label_filename: ${quote(labels.fileName)}`] : []);
  };
  return `${[
    `name: ${quote(name)}`,
    'backend: "onnxruntime"',
    `max_batch_size: ${isBatched ? MAX_BATCH_SIZE : 0}`,
    `input [\n${inputs.map((info) => port(info)).join(',\n')}\n]`,
    `output [\n${outputs.map(withLabels).join(',\n')}\n]`,
    ...(isBatched ? ['dynamic_batching { }'] : []),
  ].join('\n')}\n`;
}

function describeTensor({ name, type, shape }: TensorInfo, isBatched: boolean): string[] {
  const dataType = TYPES[type];
  if (!dataType) throw new UserError(`Triton has no tensors of ${type}, as ${name} is`);
  const dims = (isBatched ? shape.slice(1) : shape).map((dim) => (typeof dim === 'number' ? dim : -1));
  return [
    `name: ${quote(name)}`,
    `data_type: ${dataType}`,
    // Triton allows no empty shape: one number an image is [1] outside the model.
    ...(dims.length === 0 ? ['dims: [ 1 ]', 'reshape: { shape: [ ] }'] : [`dims: [ ${dims.join(', ')} ]`]),
  ];
}

/** A string of protobuf's text format. */
function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (c) => {
    return `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${escaped}"`;
}
