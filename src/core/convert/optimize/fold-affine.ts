import { freeName } from '../../onnx/builder.js';
import type { Constant, Graph, GraphNode } from '../../onnx/types.js';
import { findUses, soleProducer } from '../../onnx/uses.js';

/** y = x · scale + offset, per channel (axis 1); one number stands for all channels. */
interface Affine {
  readonly scale: ArrayLike<number>;
  readonly offset: ArrayLike<number>;
}

/**
 * Folds affine nodes (BatchNormalization, multiplication and addition of constants) into the convolution or
 * Gemm right before them, or else into the Gemm right after them; the multiplication by one number also into
 * the convolution right after it, where more would change what padding adds. A kernel that
 * shared layers use is folded into a copy.
 */
export function foldAffine(graph: Graph): Graph {
  let current = graph;
  for (let next = foldOne(current); next; next = foldOne(current)) current = next;
  return current;
}

function foldOne(graph: Graph): Graph | undefined {
  const uses = findUses(graph);
  for (const node of graph.nodes) {
    const found = affineOf(graph, node);
    if (!found) continue;
    const before = soleProducer(uses, found.input);
    const after = uses.consumers.get(node.outputs[0]!) ?? [];
    const folded =
      (before && foldIntoProducer(graph, before, node, found.affine)) ??
      (after.length === 1 && !uses.outputs.has(node.outputs[0]!)
        ? foldIntoConsumer(graph, node, after[0]!, found)
        : undefined);
    if (folded) return folded;
  }
  return undefined;
}

function affineOf(graph: Graph, node: GraphNode): { input: string; affine: Affine } | undefined {
  const constant = (i: number) => graph.constants.get(node.inputs[i]!);
  if (node.op === 'BatchNormalization') {
    const [gamma, beta, mean, variance] = [1, 2, 3, 4].map(
      (i) => constant(i)?.data as Float32Array | undefined,
    );
    const epsilon = node.attributes.epsilon;
    if (!gamma || !beta || !mean || !variance || !epsilon || !('float' in epsilon)) return undefined;
    const scale = Float64Array.from(gamma, (g, i) => g / Math.sqrt(variance[i]! + epsilon.float));
    return {
      input: node.inputs[0]!,
      affine: { scale, offset: scale.map((s, i) => beta[i]! - mean[i]! * s) },
    };
  }
  if (node.op !== 'Mul' && node.op !== 'Add') return undefined;
  const place = constant(1) ? 1 : constant(0) ? 0 : undefined;
  const input = place === undefined ? undefined : node.inputs[1 - place];
  if (place === undefined || input === undefined || graph.constants.has(input)) return undefined;
  const values = perChannel(constant(place)!, graph.types.get(node.outputs[0]!)!.shape.length);
  if (!values) return undefined;
  const affine = node.op === 'Mul' ? { scale: values, offset: [0] } : { scale: [1], offset: values };
  return { input, affine };
}

/** The numbers of a constant that differs at most along axis 1 of a value of that rank. */
function perChannel({ type, shape, data }: Constant, rank: number): Float32Array | undefined {
  if (type !== 'float32' || shape.length > rank) return undefined;
  const isConstantElsewhere = shape.every((dim, i) => dim === 1 || i + rank - shape.length === 1);
  return isConstantElsewhere ? (data as Float32Array) : undefined;
}

const at = (values: ArrayLike<number>, i: number): number => values[values.length === 1 ? 0 : i]!;

/** conv(x) · scale + offset: the kernel's output channels are scaled, the bias is scaled and moved. */
function foldIntoProducer(
  graph: Graph,
  producer: GraphNode,
  node: GraphNode,
  affine: Affine,
): Graph | undefined {
  const channelOf = outputChannels(graph, producer);
  if (!channelOf) return undefined;
  const [x, kernelName, biasName] = producer.inputs;
  const kernel = graph.constants.get(kernelName!)!;
  const bias = biasName ? graph.constants.get(biasName) : undefined;
  if (biasName && !bias) return undefined;
  if (
    ![1, channelOf.count].includes(affine.scale.length) ||
    ![1, channelOf.count].includes(affine.offset.length)
  ) {
    return undefined;
  }
  const scaled = (kernel.data as Float32Array).map((value, i) => value * at(affine.scale, channelOf.of(i)));
  const moved = Float32Array.from({ length: channelOf.count }, (_, channel) => {
    const old = bias ? at(bias.data as Float32Array, channel) : 0;
    return old * at(affine.scale, channel) + at(affine.offset, channel);
  });
  const names = [foldedName(graph, kernelName!), foldedBias(graph, producer)];
  const constants = new Map(graph.constants);
  constants.set(names[0]!, { ...kernel, data: scaled });
  constants.set(names[1]!, { type: 'float32', shape: [channelOf.count], data: moved });
  // The producer takes over the folded node's output.
  const merged = { ...producer, inputs: [x!, ...names], outputs: node.outputs };
  const nodes = graph.nodes.flatMap((n) => (n === producer ? [merged] : n === node ? [] : [n]));
  return { ...graph, nodes, constants };
}

/** conv(x · s) with one number s: the whole kernel is scaled, the bias stays. Padding stays 0. */
function foldIntoConsumer(
  graph: Graph,
  node: GraphNode,
  consumer: GraphNode,
  { input, affine }: { input: string; affine: Affine },
): Graph | undefined {
  if (consumer.op === 'Gemm' && consumer.inputs[0] === node.outputs[0]) {
    const folded = foldIntoRows(graph, node, consumer, { input, affine });
    if (folded) return folded;
  }
  const isScaling = node.op === 'Mul' && affine.scale.length === 1;
  if (!isScaling || consumer.inputs[0] !== node.outputs[0] || !outputChannels(graph, consumer))
    return undefined;
  const kernel = graph.constants.get(consumer.inputs[1]!)!;
  const name = foldedName(graph, consumer.inputs[1]!);
  const data = (kernel.data as Float32Array).map((value) => value * affine.scale[0]!);
  const merged = { ...consumer, inputs: [input, name, ...consumer.inputs.slice(2)] };
  const nodes = graph.nodes.flatMap((n) => (n === consumer ? [merged] : n === node ? [] : [n]));
  return { ...graph, nodes, constants: new Map(graph.constants).set(name, { ...kernel, data }) };
}

/** (x · scale + offset) W + b: the rows of W are scaled, and what the offsets give is added to the bias. */
function foldIntoRows(
  graph: Graph,
  node: GraphNode,
  gemm: GraphNode,
  { input, affine }: { input: string; affine: Affine },
): Graph | undefined {
  const [, kernelName, biasName] = gemm.inputs;
  const kernel = graph.constants.get(kernelName!);
  const bias = biasName ? graph.constants.get(biasName) : undefined;
  if (kernel?.type !== 'float32' || (biasName && !bias)) return undefined;
  const [rows, columns] = kernel.shape as [number, number];
  if (![1, rows].includes(affine.scale.length) || ![1, rows].includes(affine.offset.length)) return undefined;
  const data = kernel.data as Float32Array;
  const sums = Float64Array.from({ length: columns }, (_, j) =>
    bias ? at(bias.data as Float32Array, j) : 0,
  );
  for (let i = 0; i < data.length; i++)
    sums[i % columns]! += at(affine.offset, Math.floor(i / columns)) * data[i]!;
  const scaled = data.map((value, i) => value * at(affine.scale, Math.floor(i / columns)));
  const names = [foldedName(graph, kernelName!), foldedBias(graph, gemm)];
  const constants = new Map(graph.constants);
  constants.set(names[0]!, { ...kernel, data: scaled });
  constants.set(names[1]!, { type: 'float32', shape: [columns], data: Float32Array.from(sums) });
  const merged = { ...gemm, inputs: [input, ...names] };
  return {
    ...graph,
    constants,
    nodes: graph.nodes.flatMap((n) => (n === gemm ? [merged] : n === node ? [] : [n])),
  };
}

/** Which output channel each element of a node's kernel belongs to; undefined for nodes without a constant one. */
function outputChannels(graph: Graph, node: GraphNode): { count: number; of(i: number): number } | undefined {
  const kernel = graph.constants.get(node.inputs[1] ?? '');
  if (kernel?.type !== 'float32') return undefined;
  const { shape, data } = kernel;
  if (node.op === 'Conv') {
    const inner = data.length / shape[0]!;
    return { count: shape[0]!, of: (i) => Math.floor(i / inner) };
  }
  if (node.op === 'ConvTranspose') {
    const inner = data.length / (shape[0]! * shape[1]!);
    return { count: shape[1]!, of: (i) => Math.floor(i / inner) % shape[1]! };
  }
  if (node.op === 'Gemm') return { count: shape[1]!, of: (i) => i % shape[1]! };
  return undefined;
}

/** The name of a constant that a node takes if no other one does, else a free one: what others take stays as it is. */
function foldedName(graph: Graph, name: string): string {
  const count = graph.nodes.reduce(
    (sum, node) => sum + node.inputs.filter((input) => input === name).length,
    0,
  );
  return count === 1 ? name : freeName(graph, `${name}_folded`);
}

function foldedBias(graph: Graph, { name, inputs }: GraphNode): string {
  return inputs[2] ? foldedName(graph, inputs[2]) : freeName(graph, `${name}/bias`);
}
