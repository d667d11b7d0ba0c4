import type { OnnxModel } from './read.js';
import { DATA_TYPE } from './types.js';

/** What a model computes with. */
export type ModelPrecision = 'fp32' | 'fp16' | 'int8';

/** Operators on 8 bits, ONNX's own and onnxruntime's. */
const INT8_OPS = /^(DequantizeLinear|DynamicQuantize\w+|(MatMul|Conv)Integer\w*|QLinear\w+|QGemm)$/;

/** A model's precision by its graph: int8 has operators on 8 bits, fp16 half-precision weights. */
export function precisionOf({ nodes, proto }: OnnxModel): ModelPrecision {
  if (nodes.some(({ op }) => INT8_OPS.test(op))) return 'int8';
  const halves = proto.graph?.initializer?.some(({ dataType }) => dataType === DATA_TYPE.float16);
  return halves ? 'fp16' : 'fp32';
}
