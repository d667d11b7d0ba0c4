import { freeName } from '../../onnx/builder.js';
import { permutedIndices } from '../../onnx/permute.js';
import { type Constant, type Graph, type GraphNode, int64Constant, type Shape } from '../../onnx/types.js';
import { findUses, soleProducer, type Uses } from '../../onnx/uses.js';
import { UNARY } from './unary.js';

/**
 * A Gemm whose result is shaped into an image and then transposed gives the image transposed at once: its
 * columns are permuted. That is how generators and decoders begin.
 */
export function foldTransposes(graph: Graph): Graph {
  let current = graph;
  for (let next = foldOne(current); next; next = foldOne(current)) current = next;
  return current;
}

function foldOne(graph: Graph): Graph | undefined {
  const uses = findUses(graph);
  for (const node of graph.nodes) {
    const perm = node.op === 'Transpose' ? node.attributes.perm : undefined;
    const reshape = perm && soleProducer(uses, node.inputs[0]!);
    if (reshape?.op !== 'Reshape' || !('ints' in perm!) || perm.ints[0] !== 0) continue;
    const shape = graph.types.get(reshape.outputs[0]!)!.shape;
    const gemm = gemmBefore(graph, uses, reshape.inputs[0]!);
    if (gemm && isKnown(shape.slice(1))) return fold(graph, gemm, reshape, node, shape, perm.ints);
  }
  return undefined;
}

function isKnown(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === 'number');
}

/** The Gemm that a value comes from, through operators that treat each number alike. */
function gemmBefore(graph: Graph, uses: Uses, value: string): GraphNode | undefined {
  let producer = soleProducer(uses, value);
  while (producer && UNARY.has(producer.op)) producer = soleProducer(uses, producer.inputs[0]!);
  const isConstant = producer?.inputs.slice(1).every((input) => input === '' || graph.constants.has(input));
  return producer?.op === 'Gemm' && isConstant ? producer : undefined;
}

function fold(
  graph: Graph,
  gemm: GraphNode,
  reshape: GraphNode,
  transpose: GraphNode,
  shape: Shape,
  perm: readonly number[],
): Graph {
  const order = permutedIndices(
    shape.slice(1) as number[],
    perm.slice(1).map((axis) => axis - 1),
  );
  const constants = new Map(graph.constants);
  const add = (wanted: string, constant: Constant): string => {
    const name = freeName({ ...graph, constants }, wanted);
    constants.set(name, constant);
    return name;
  };
  const parameters = gemm.inputs.slice(1).map((name) => {
    return name === '' ? name : add(`${name}_${transpose.name}`, permuteColumns(constants.get(name)!, order));
  });
  const target = perm.map((axis) => shape[axis]!);
  const targetName = add(
    `${transpose.name}/shape`,
    int64Constant(target.map((dim, i) => (i === 0 ? -1 : (dim as number)))),
  );
  const nodes = graph.nodes.flatMap((node) => {
    if (node === gemm) return [{ ...gemm, inputs: [gemm.inputs[0]!, ...parameters] }];
    if (node === reshape)
      return [{ ...reshape, inputs: [reshape.inputs[0]!, targetName], outputs: transpose.outputs }];
    return node === transpose ? [] : [node];
  });
  return { ...graph, nodes, constants };
}

/** The columns of [rows, columns], or the numbers of [columns], in another order. */
function permuteColumns(constant: Constant, order: Uint32Array): Constant {
  const data = constant.data as Float32Array;
  const width = order.length;
  return { ...constant, data: data.map((_, i) => data[i - (i % width) + order[i % width]!]!) };
}
