import type { OnnxModel } from './read.js';
import { DATA_TYPE } from './types.js';

/** What a model computes with. */
export type ModelPrecision = 'fp32' | 'fp16' | 'int8';

/** A model's precision by its graph: int8 has dequantized values, fp16 half-precision weights. */
export function precisionOf({ nodes, proto }: OnnxModel): ModelPrecision {
  if (nodes.some(({ op }) => op === 'DequantizeLinear' || op === 'QLinearConv')) return 'int8';
  const halves = proto.graph?.initializer?.some(({ dataType }) => dataType === DATA_TYPE.float16);
  return halves ? 'fp16' : 'fp32';
}
