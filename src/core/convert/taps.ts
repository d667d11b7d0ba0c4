import type { Graph } from '../onnx/types.js';
import { writeOnnx } from '../onnx/write.js';
import type { ConvertedModel } from './convert.js';
import type { Value } from './value.js';

/** A layer call's result, as an output of a graph that shows all of them. */
export interface Tap {
  readonly layer: string;
  readonly className: string;
  /** Which of the layer's calls, from 0. */
  readonly call: number;
  /** The place among the layer's outputs. */
  readonly index: number;
  readonly value: Value;
}

/**
 * The unoptimized model with every layer's result as an output: where the converted model differs from tfjs,
 * the first result that differs names the layer.
 */
export function tapLayers(
  { unoptimized, trace }: ConvertedModel,
  opset: number,
): { bytes: Uint8Array; taps: readonly Tap[] } {
  const made = new Set(unoptimized.nodes.flatMap((node) => node.outputs));
  const taps = trace.flatMap(({ values, ...call }) =>
    values.map((value, index) => ({ ...call, index, value })).filter((tap) => made.has(tap.value.name)),
  );
  const outputs = new Map(taps.map(({ value: { name, type, shape } }) => [name, { name, type, shape }]));
  const graph: Graph = { ...unoptimized, outputs: [...outputs.values()] };
  return { bytes: writeOnnx(graph, { opset, producerVersion: '', metadata: {} }), taps };
}
