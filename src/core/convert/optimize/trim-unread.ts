import { freeName } from '../../onnx/builder.js';
import {
  type Dim,
  type Graph,
  type GraphNode,
  int64Constant,
  ints,
  type Shape,
  sizeOf,
  typeOf,
} from '../../onnx/types.js';
import { UNARY } from './unary.js';

/** The ends of axes, by value: how many numbers along each axis count. */
type Extents = Map<string, Shape>;

/** Operators that treat each number alike, where what else they take is the same along the axes that are cut. */
const ELEMENTWISE = new Set([
  ...UNARY,
  ...['PRelu', 'Cast', 'Identity', 'Add', 'Sub', 'Mul', 'Div', 'BatchNormalization'],
]);

/** Copying a number takes onnxruntime's CPU provider about as long as so many multiply-adds of a convolution. */
const COPY_COST = 25;

/**
 * A pool of 2 over 11 pixels leaves the last one unread: this computes nothing that is never read, a sixth of the work of
 * the classic network. Padding at the end goes first; an input whose own end nobody reads is cut, where
 * that saves more than it takes.
 */
export function trimUnread(graph: Graph): Graph {
  const needed = neededExtents(graph);
  const cutInputs = graph.inputs.filter(({ name, shape }) => isShorter(needed.get(name), shape));
  const whole = trim(graph, needed, new Set());
  if (cutInputs.length === 0) return whole;
  const cut = trim(graph, needed, new Set(cutInputs.map(({ name }) => name)));
  const copied = cutInputs.reduce((sum, { name }) => sum + sampleSize(needed.get(name)!), 0);
  return multiplyAdds(whole) - multiplyAdds(cut) > COPY_COST * copied ? cut : whole;
}

/** How much of each value is read, from the outputs backwards. */
function neededExtents(graph: Graph): Extents {
  const needed: Extents = new Map(graph.outputs.map(({ name, shape }) => [name, shape]));
  for (const node of graph.nodes.toReversed()) {
    const [x, ...others] = node.inputs as [string, ...string[]];
    const [y] = node.outputs as [string, ...string[]];
    const from = typeOf(graph, x)?.shape;
    const ends = from && needed.get(y) && readBy(graph, node, from, needed.get(y)!);
    need(needed, x, ends ?? from);
    for (const other of others) need(needed, other, typeOf(graph, other)?.shape);
    // A node's further outputs keep it as it is.
    for (const output of node.outputs.slice(1)) need(needed, x, needed.has(output) ? from : undefined);
  }
  return needed;
}

function need(needed: Extents, value: string, ends: Shape | undefined): void {
  if (!ends) return;
  const before = needed.get(value);
  needed.set(value, before ? before.map((dim, axis) => later(dim, ends[axis]!)) : ends);
}

function later(a: Dim, b: Dim): Dim {
  return typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : a;
}

/** How much of its first input a node reads to give so much of its first output; undefined for all of it. */
function readBy(graph: Graph, node: GraphNode, from: Shape, wanted: Shape): Shape | undefined {
  if (ELEMENTWISE.has(node.op)) return isAlike(graph, node, from, wanted) ? wanted : undefined;
  const perm = node.op === 'Transpose' && node.attributes.perm;
  if (perm && 'ints' in perm) return from.map((_, axis) => wanted[perm.ints.indexOf(axis)]!);
  const windows = windowsOf(graph, node);
  if (!windows) return undefined;
  return from.map((size, axis) => {
    const [window, count] = [windows[axis - 2], wanted[axis]];
    if (!window || typeof size !== 'number' || typeof count !== 'number') return size;
    return Math.max(1, Math.min(size, endOf(window, count)));
  });
}

/** Where, of the input's numbers, the last of so many windows ends. */
function endOf({ stride, length, before }: Window, count: number): number {
  return (count - 1) * stride + length - before;
}

/** Whether a node does the same with each number along the axes of which only a part is wanted. */
function isAlike(graph: Graph, node: GraphNode, from: Shape, wanted: Shape): boolean {
  if (typeOf(graph, node.outputs[0]!)?.shape.join() !== from.join()) return false;
  if (node.op === 'BatchNormalization') return wanted[1] === from[1];
  return node.inputs.slice(1).every((name) => {
    if (name === '') return true;
    const shape = graph.constants.get(name)?.shape;
    if (!shape) return false;
    const first = from.length - shape.length;
    return shape.every((dim, i) => dim === 1 || wanted[first + i] === from[first + i]);
  });
}

/** How a node's window lies along an axis, in numbers of its input. */
interface Window {
  /** From its first to its last number. */
  readonly length: number;
  readonly stride: number;
  /** Padding. */
  readonly before: number;
  readonly after: number;
}

/** The windows of a convolution or a pool along the axes behind the channels; undefined for other nodes. */
function windowsOf(graph: Graph, { op, inputs, attributes }: GraphNode): Window[] | undefined {
  if (op !== 'Conv' && op !== 'MaxPool' && op !== 'AveragePool') return undefined;
  const list = (name: string) => {
    const found = attributes[name];
    return found && 'ints' in found ? found.ints : undefined;
  };
  const kernel = list('kernel_shape') ?? graph.constants.get(inputs[1] ?? '')?.shape.slice(2);
  const ceil = attributes.ceil_mode;
  const isCeil = ceil && 'int' in ceil && ceil.int !== 0;
  const pads = list('pads') ?? [];
  // What an average counts depends on the padding.
  const isPaddedAverage = op === 'AveragePool' && pads.some((pad) => pad > 0);
  if (!kernel || attributes.auto_pad || isCeil || isPaddedAverage) return undefined;
  return kernel.map((size, i) => ({
    length: (size - 1) * (list('dilations')?.[i] ?? 1) + 1,
    stride: list('strides')?.[i] ?? 1,
    before: pads[i] ?? 0,
    after: pads[kernel.length + i] ?? 0,
  }));
}

/** The graph without what is not needed: those inputs are cut, and every node gives as much as its input then allows. */
function trim(graph: Graph, needed: Extents, cutInputs: ReadonlySet<string>): Graph {
  const constants = new Map(graph.constants);
  const types = new Map(graph.types);
  const nodes: GraphNode[] = [];
  const renamed = new Map<string, string>();
  for (const input of graph.inputs) {
    if (!cutInputs.has(input.name)) continue;
    const sliced = slice({ ...graph, constants, types }, input.name, input.shape, needed.get(input.name)!);
    for (const [name, constant] of sliced.constants) constants.set(name, constant);
    types.set(sliced.node.outputs[0]!, { type: input.type, shape: needed.get(input.name)! });
    renamed.set(input.name, sliced.node.outputs[0]!);
    nodes.push(sliced.node);
  }
  const current = { ...graph, constants, types };
  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map((name) => renamed.get(name) ?? name) };
    const [x, y] = [original.inputs[0]!, original.outputs[0]!];
    const [from, whole, wanted] = [typeOf(graph, x), graph.types.get(y), needed.get(y)];
    const isCuttable = from && whole && wanted && readBy(graph, original, from.shape, wanted);
    if (!isCuttable) {
      nodes.push(node);
      continue;
    }
    const given = giveWanted(
      node,
      typeOf(current, node.inputs[0]!)!.shape,
      whole.shape.map((dim, axis) => (axis < 2 ? dim : wanted[axis]!)),
      windowsOf(graph, original),
    );
    types.set(y, { ...whole, shape: given.shape });
    nodes.push(given.node);
  }
  return { ...graph, nodes, constants, types };
}

/** A node with as little padding at the end as gives what is wanted, and what it then gives. */
function giveWanted(
  node: GraphNode,
  from: Shape,
  wanted: Shape,
  windows: readonly Window[] | undefined,
): { node: GraphNode; shape: Shape } {
  const { perm } = node.attributes;
  if (!windows) return { node, shape: perm && 'ints' in perm ? perm.ints.map((axis) => from[axis]!) : from };
  const shape = [...wanted];
  const after = windows.map((window, i) => {
    const [size, count] = [from[i + 2], wanted[i + 2]];
    if (typeof size !== 'number' || typeof count !== 'number') return window.after;
    const pad = Math.max(0, Math.min(window.after, endOf(window, count) - size));
    shape[i + 2] = Math.floor((window.before + size + pad - window.length) / window.stride) + 1;
    return pad;
  });
  if (after.every((pad, i) => pad === windows[i]!.after)) return { node, shape };
  const pads = ints([...windows.map(({ before }) => before), ...after]);
  return { node: { ...node, attributes: { ...node.attributes, pads } }, shape };
}

/** Leaves the ends of an input away. */
function slice(graph: Graph, input: string, from: Shape, to: Shape) {
  const axes = to.flatMap((dim, axis) => (dim === from[axis] ? [] : [axis]));
  const output = freeName(graph, `${input}_read`);
  const parameters = {
    starts: axes.map(() => 0),
    ends: axes.map((axis) => to[axis] as number),
    axes,
  };
  const constants = Object.entries(parameters).map(
    ([name, values]) => [freeName(graph, `${output}/${name}`), int64Constant(values)] as const,
  );
  const node: GraphNode = {
    op: 'Slice',
    name: output,
    inputs: [input, ...constants.map(([name]) => name)],
    outputs: [output],
    attributes: {},
  };
  return { node, constants };
}

function isShorter(ends: Shape | undefined, shape: Shape): boolean {
  return ends?.some((dim, axis) => dim !== shape[axis]) ?? false;
}

/** The numbers of a sample, as far as they are known. */
function sampleSize(shape: Shape): number {
  return sizeOf(shape.slice(1).filter((dim) => typeof dim === 'number'));
}

/** The work of a graph's convolutions for a sample, as far as their shapes are known. */
function multiplyAdds(graph: Graph): number {
  return graph.nodes.reduce((sum, { op, inputs, outputs }) => {
    const kernel = op === 'Conv' ? typeOf(graph, inputs[1]!)?.shape : undefined;
    return kernel ? sum + sampleSize(typeOf(graph, outputs[0]!)!.shape) * sampleSize(kernel) : sum;
  }, 0);
}
