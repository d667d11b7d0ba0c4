import { freeName } from '../onnx/builder.js';
import { roundToEven } from '../onnx/half.js';
import { removeUnused } from '../onnx/remove-unused.js';
import {
  type Constant,
  floatConstant,
  type Graph,
  type GraphNode,
  int,
  type TensorType,
  typeOf,
} from '../onnx/types.js';
import { findUses, type Uses } from '../onnx/uses.js';
import type { Range } from './ranges.js';

/** Operators that multiply by a constant kernel: the axis of the kernel's output channels. */
const KERNEL_AXIS: Readonly<Record<string, number>> = { Conv: 0, Gemm: 1, MatMul: 1 };
/** Operators that only move numbers or choose among them: their output is quantized as their input is. */
const MOVES = new Set(['MaxPool', 'Flatten', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze']);
/** Activations that are one with the operator before them once quantized: only their result is. */
const FUSED = new Set(['Relu', 'Clip']);

/** How a tensor's numbers become 8 bits: round(x / scale) + zeroPoint. */
interface Encoding {
  readonly scale: number;
  /** 0 to 255. */
  readonly zeroPoint: number;
}

/** The values whose ranges quantizing needs. */
export function calibrationTargets(graph: Graph): string[] {
  const uses = findUses(graph);
  return [
    ...new Set(
      graph.nodes
        .filter((node) => isQuantized(graph, node))
        .flatMap((node) => quantizedValues(graph, uses, node)),
    ),
  ];
}

function isQuantized(graph: Graph, node: GraphNode): boolean {
  const kernel = graph.constants.get(node.inputs[1] ?? '');
  return (
    node.op in KERNEL_AXIS &&
    kernel?.type === 'float32' &&
    (node.op !== 'MatMul' || kernel.shape.length === 2)
  );
}

/** A node's input, and its output where something quantized follows; the graph's outputs stay as they are. */
function quantizedValues(graph: Graph, uses: Uses, node: GraphNode): string[] {
  const result = [node.inputs[0]!];
  let value = node.outputs[0]!;
  for (;;) {
    const consumers = uses.consumers.get(value) ?? [];
    const [next] = consumers;
    if (consumers.length !== 1 || !next || !(FUSED.has(next.op) || MOVES.has(next.op))) break;
    if (!FUSED.has(next.op)) result.push(value);
    value = next.outputs[0]!;
  }
  return result.filter((name) => !uses.outputs.has(name) && !graph.constants.has(name));
}

/**
 * Quantizes a graph to 8 bits (QDQ, static): kernels int8, symmetric, one scale an output channel; activations
 * uint8 by their calibrated ranges; biases int32 with the product of both scales.
 *
 * @param ranges of each of `calibrationTargets`.
 */
export function toInt8(graph: Graph, ranges: ReadonlyMap<string, Range>): Graph {
  const uses = findUses(graph);
  const encodings = encode(graph, ranges);
  const nodes: GraphNode[] = [];
  const constants = new Map(graph.constants);
  const types = new Map(graph.types);
  const quantized = new Map<string, string>();
  // A layer may be named as the input, and have a scale too.
  const free = (name: string) => freeName({ ...graph, constants, types }, name);

  const addPair = (value: string): void => {
    const encoding = encodings.get(value);
    if (!encoding || quantized.has(value)) return;
    const parameters = [free(`${value}/scale`), free(`${value}/zero_point`)] as const;
    constants.set(parameters[0], floatConstant([], [encoding.scale]));
    constants.set(parameters[1], { type: 'uint8', shape: [], data: Uint8Array.of(encoding.zeroPoint) });
    const { shape } = typeOf(graph, value)!;
    const [q, dq] = [free(`${value}/QuantizeLinear`), free(`${value}/DequantizeLinear`)];
    nodes.push({
      op: 'QuantizeLinear',
      name: q,
      inputs: [value, ...parameters],
      outputs: [q],
      attributes: {},
    });
    nodes.push({
      op: 'DequantizeLinear',
      name: dq,
      inputs: [q, ...parameters],
      outputs: [dq],
      attributes: {},
    });
    types.set(q, { type: 'uint8', shape }).set(dq, { type: 'float32', shape });
    quantized.set(value, dq);
  };

  for (const input of graph.inputs) addPair(input.name);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => quantized.get(input) ?? input);
    const encoding = encodings.get(node.inputs[0]!);
    if (isQuantized(graph, node) && encoding) {
      const weights = quantizeWeights(graph, node, encoding, free);
      for (const [name, constant] of weights.constants) constants.set(name, constant);
      for (const [name, type] of weights.types) types.set(name, type);
      nodes.push(...weights.nodes, { ...node, inputs: [inputs[0]!, ...weights.inputs] });
    } else {
      nodes.push({ ...node, inputs });
    }
    for (const output of node.outputs) if (!uses.outputs.has(output)) addPair(output);
  }
  return removeUnused({ ...graph, nodes, constants, types });
}

/** The encodings by their ranges; through operators that only move numbers the encoding goes on unchanged. */
function encode(graph: Graph, ranges: ReadonlyMap<string, Range>): Map<string, Encoding> {
  const encodings = new Map([...ranges].map(([name, range]) => [name, encodingOf(range)]));
  for (const node of graph.nodes) {
    const before = encodings.get(node.inputs[0]!);
    if (before && MOVES.has(node.op) && encodings.has(node.outputs[0]!))
      encodings.set(node.outputs[0]!, before);
  }
  return encodings;
}

/** The range widened to hold 0, which then is one of the 256 numbers. */
export function encodingOf({ min, max }: Range): Encoding {
  const [low, high] = [Math.min(0, min), Math.max(0, max)];
  const scale = Math.fround((high - low) / 255) || 1;
  return { scale, zeroPoint: Math.max(0, Math.min(255, roundToEven(-low / scale))) };
}

interface QuantizedWeights {
  readonly inputs: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly types: ReadonlyMap<string, TensorType>;
}

/** Products of two uint8-by-int8 pairs are summed in 16 bits on processors without VNNI: 7 bits never overflow them. */
const MAX_WEIGHT = 64;
/** Leaves room in 32 bits for the products that are added to the bias. */
const MAX_BIAS = 2 ** 30;

function quantizeWeights(
  graph: Graph,
  node: GraphNode,
  { scale }: Encoding,
  free: (name: string) => string,
): QuantizedWeights {
  const axis = KERNEL_AXIS[node.op]!;
  const [, kernelName, biasName] = node.inputs as [string, string, string?];
  const kernel = graph.constants.get(kernelName)!;
  const channels = kernel.shape[axis]!;
  const stride = kernel.shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const channelOf = (i: number) => Math.floor(i / stride) % channels;
  const largest = new Float64Array(channels);
  for (const [i, value] of kernel.data.entries()) {
    largest[channelOf(i)] = Math.max(largest[channelOf(i)]!, Math.abs(Number(value)));
  }
  const bias = biasName ? graph.constants.get(biasName) : undefined;
  const scales = Float32Array.from(largest, (value, channel) => {
    const leastForBias = Math.abs(Number(bias?.data[channel] ?? 0)) / (scale * MAX_BIAS);
    return Math.max(value / MAX_WEIGHT, leastForBias) || 1;
  });
  const data = Int8Array.from(kernel.data as Float32Array, (value, i) =>
    roundToEven(value / scales[channelOf(i)]!),
  );
  const constants = new Map<string, Constant>();
  const types = new Map<string, TensorType>();
  const nodes: GraphNode[] = [];

  const dequantized = (name: string, constant: Constant, scaleData: Float32Array, along: number): string => {
    const [stored, factor, zero, output] = ['quantized', 'scale', 'zero_point', 'DequantizeLinear'].map(
      (part) => free(`${node.name}/${name}/${part}`),
    ) as [string, string, string, string];
    constants.set(stored, constant).set(factor, floatConstant([channels], scaleData));
    const inputs = [stored, factor];
    // onnxruntime makes a QGemm only of kernels whose zero point is written out, although 0 is the default.
    if (constant.type === 'int8') {
      constants.set(zero, { type: 'int8', shape: [channels], data: new Int8Array(channels) });
      inputs.push(zero);
    }
    types.set(output, { type: 'float32', shape: constant.shape });
    nodes.push({
      op: 'DequantizeLinear',
      name: output,
      inputs,
      outputs: [output],
      attributes: { axis: int(along) },
    });
    return output;
  };
  const inputs = [dequantized('kernel', { type: 'int8', shape: kernel.shape, data }, scales, axis)];
  if (bias) {
    const products = scales.map((value) => value * scale);
    const whole = Int32Array.from(bias.data as Float32Array, (value, i) => roundToEven(value / products[i]!));
    inputs.push(dequantized('bias', { type: 'int32', shape: [channels], data: whole }, products, 0));
  } else if (biasName) {
    inputs.push(biasName);
  }
  return { inputs, nodes, constants, types };
}
