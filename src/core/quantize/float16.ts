import { UserError } from '../errors.js';
import { freeName } from '../onnx/builder.js';
import { MAX_HALF, numberToHalf } from '../onnx/half.js';
import {
  type Constant,
  DATA_TYPE,
  type Graph,
  type GraphNode,
  int,
  type NamedTensorType,
  type TensorType,
  typeOf,
} from '../onnx/types.js';
import { findUses, soleProducer } from '../onnx/uses.js';

/** Inputs that ONNX wants as float32 whatever the operator computes in: Resize's roi and scales. */
const FLOAT32_INPUTS: Readonly<Record<string, readonly number[]>> = { Resize: [1, 2] };
/** Operators that move numbers and change none. */
const MOVES = new Set(
  'Reshape Flatten Transpose Unsqueeze Squeeze Expand Slice Gather Concat Identity'.split(' '),
);

/**
 * The graph in half precision: constants and everything computed are float16. Indices that are looked up, as an
 * Embedding's, stay float32 until they are.
 *
 * @param options.keepIoTypes inputs and outputs stay float32, with a Cast after and before them.
 * @throws UserError if a constant is larger than half precision holds.
 */
export function toFloat16(original: Graph, { keepIoTypes }: { keepIoTypes: boolean }): Graph {
  const graph = multiplyFirst(original);
  const indices = findIndices(graph);
  const kept = keptConstants(graph);
  const constants = new Map<string, Constant>();
  for (const [name, constant] of graph.constants) {
    constants.set(name, kept.has(name) || indices.has(name) ? constant : halfConstant(name, constant));
  }
  const halfPort = (port: NamedTensorType) => (indices.has(port.name) ? port : halved(port));
  const inside: Graph = {
    ...graph,
    constants,
    inputs: graph.inputs.map(halfPort),
    outputs: graph.outputs.map(halfPort),
    nodes: graph.nodes.map(halfNode),
    types: new Map([...graph.types].map(([name, type]) => [name, indices.has(name) ? type : halved(type)])),
  };
  const half = castFills(castIndices(inside, indices));
  return keepIoTypes ? castPorts(half, graph, indices) : half;
}

/**
 * Of a Transpose of the first axes and the product with a matrix after it, which can change places, the product comes
 * first: fused in half precision, the other order ends the process in onnxruntime 1.30 and 1.32.
 */
function multiplyFirst(graph: Graph): Graph {
  const uses = findUses(graph);
  const types = new Map(graph.types);
  const moved = new Map<GraphNode, GraphNode>();
  for (const product of graph.nodes) {
    const move = product.op === 'MatMul' ? soleProducer(uses, product.inputs[0]!) : undefined;
    const matrix = graph.constants.get(product.inputs[1] ?? '');
    if (move?.op !== 'Transpose' || matrix?.shape.length !== 2) continue;
    const { perm } = move.attributes;
    if (!perm || !('ints' in perm) || perm.ints.at(-1) !== perm.ints.length - 1) continue;
    const [between] = move.outputs as [string];
    const { type, shape } = types.get(product.outputs[0]!)!;
    types.set(between, { type, shape: perm.ints.map((_, axis) => shape[perm.ints.indexOf(axis)]!) });
    moved.set(move, { ...product, inputs: [move.inputs[0]!, product.inputs[1]!], outputs: [between] });
    moved.set(product, { ...move, inputs: [between], outputs: product.outputs });
  }
  return { ...graph, types, nodes: graph.nodes.map((node) => moved.get(node) ?? node) };
}

/**
 * The float32 values of whole numbers that are looked up: half precision has these up to 2048 only. They come from
 * inputs, through moves at most, to a Cast to an integer; what they are compared with is one of them.
 */
function findIndices(graph: Graph): Set<string> {
  const isFloat = (name: string) => typeOf(graph, name)?.type === 'float32';
  const given = new Set([...graph.inputs.map(({ name }) => name), ...graph.constants.keys()]);
  for (const { op, inputs, outputs } of graph.nodes) {
    if (MOVES.has(op) && inputs.every((input) => given.has(input) || !isFloat(input))) given.add(outputs[0]!);
  }
  const indices = new Set<string>();
  for (const node of graph.nodes.toReversed()) {
    if (!isCastToInteger(node) && !(MOVES.has(node.op) && indices.has(node.outputs[0]!))) continue;
    for (const input of node.inputs) if (given.has(input) && isFloat(input)) indices.add(input);
  }
  for (const { op, inputs } of graph.nodes) {
    if (op === 'Equal' && indices.has(inputs[0]!) && graph.constants.has(inputs[1]!)) indices.add(inputs[1]!);
  }
  return indices;
}

function isCastToInteger({ op, attributes: { to } }: GraphNode): boolean {
  const isOther = (type: number) => type !== DATA_TYPE.float32 && type !== DATA_TYPE.bool;
  return op === 'Cast' && to !== undefined && 'int' in to && isOther(to.int);
}

/** Casts indices to half precision for the nodes that compute with them. */
function castIndices(graph: Graph, indices: ReadonlySet<string>): Graph {
  const types = new Map(graph.types);
  const halves = new Map<string, string>();
  const nodes = graph.nodes.flatMap((node) => {
    const isLookup = isCastToInteger(node) || (MOVES.has(node.op) && indices.has(node.outputs[0]!));
    const isComparison = node.op === 'Equal' && node.inputs.every((input) => indices.has(input));
    if (isLookup || isComparison) return [node];
    const casts: GraphNode[] = [];
    const inputs = node.inputs.map((input) => {
      if (!indices.has(input)) return input;
      const known = halves.get(input);
      if (known) return known;
      const { shape } = typeOf(graph, input)!;
      const half = freeName({ ...graph, types }, `${input}/float16`);
      types.set(half, { type: 'float16', shape });
      halves.set(input, half);
      casts.push(cast(half, input, half, DATA_TYPE.float16));
      return half;
    });
    return [...casts, { ...node, inputs }];
  });
  return { ...graph, nodes, types };
}

function keptConstants(graph: Graph): Set<string> {
  return new Set(
    graph.nodes.flatMap((node) => (FLOAT32_INPUTS[node.op] ?? []).map((i) => node.inputs[i] ?? '')),
  );
}

function halfConstant(name: string, constant: Constant): Constant {
  if (constant.type !== 'float32') return constant;
  const data = constant.data as Float32Array;
  const large = data.find((value) => Math.abs(value) > MAX_HALF);
  if (large !== undefined) {
    throw new UserError(`the constant ${name} holds ${large}, more than half precision can (${MAX_HALF})`, {
      hint: 'Export with --precision fp32.',
    });
  }
  return { type: 'float16', shape: constant.shape, data: Uint16Array.from(data, numberToHalf) };
}

function halved<T extends TensorType>(type: T): T {
  return type.type === 'float32' ? { ...type, type: 'float16' } : type;
}

function halfNode(node: GraphNode): GraphNode {
  const { to, body } = node.attributes;
  const isToFloat = node.op === 'Cast' && to && 'int' in to && to.int === DATA_TYPE.float32;
  if (isToFloat) return { ...node, attributes: { ...node.attributes, to: int(DATA_TYPE.float16) } };
  if (!body || !('graph' in body)) return node;
  const half = toFloat16(body.graph, { keepIoTypes: false });
  return { ...node, attributes: { ...node.attributes, body: { graph: half } } };
}

/** ConstantOfShape without a value makes float32 zeros. */
function castFills(graph: Graph): Graph {
  const types = new Map(graph.types);
  const nodes = graph.nodes.flatMap((node) => {
    if (node.op !== 'ConstantOfShape') return [node];
    const [output] = node.outputs as [string];
    const filled = freeName({ ...graph, types }, `${output}/float32`);
    types.set(filled, { ...types.get(output)!, type: 'float32' });
    return [{ ...node, outputs: [filled] }, cast(filled, filled, output, DATA_TYPE.float16)];
  });
  return { ...graph, nodes, types };
}

/** A Cast, named as the value that was added with it: runtimes take no two nodes of one name. */
function cast(name: string, from: string, to: string, type: number): GraphNode {
  return { op: 'Cast', name, inputs: [from], outputs: [to], attributes: { to: int(type) } };
}

/** Puts Casts between the float32 ports of `original` and the float16 graph inside. */
function castPorts(graph: Graph, original: Graph, indices: ReadonlySet<string>): Graph {
  const isFloat = ({ name, type }: NamedTensorType) => type === 'float32' && !indices.has(name);
  const types = new Map(graph.types);
  const renamed = new Map<string, string>();
  for (const port of [...original.inputs, ...original.outputs].filter(isFloat)) {
    const inner = freeName({ ...graph, types }, `${port.name}/float16`);
    types.set(inner, { shape: port.shape, type: 'float16' });
    renamed.set(port.name, inner);
  }
  for (const { name, type, shape } of original.outputs) types.set(name, { type, shape });
  const rename = (name: string) => renamed.get(name) ?? name;
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  const casts = (ports: readonly NamedTensorType[], isInput: boolean) =>
    ports.filter(isFloat).map((port) => {
      const [from, to] = isInput ? [port.name, rename(port.name)] : [rename(port.name), port.name];
      return cast(rename(port.name), from, to, isInput ? DATA_TYPE.float16 : DATA_TYPE.float32);
    });
  return {
    ...graph,
    inputs: original.inputs,
    outputs: original.outputs,
    nodes: [...casts(original.inputs, true), ...nodes, ...casts(original.outputs, false)],
    types,
  };
}
