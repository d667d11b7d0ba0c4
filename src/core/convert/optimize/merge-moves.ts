import { type Graph, type GraphNode, ints } from '../../onnx/types.js';
import { findUses } from '../../onnx/uses.js';

/** Two Reshapes in a row become the second, two Transposes become one; what is then no move at all goes. */
export function mergeMoves(graph: Graph): Graph {
  const replaced = new Map<string, string>();
  const nodes: GraphNode[] = [];
  const { outputs } = findUses(graph);
  const makers = new Map<string, GraphNode>();
  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map((input) => replaced.get(input) ?? input) };
    const merged = merge(node, makers.get(node.inputs[0]!));
    const [output] = merged.outputs as [string];
    if (isNoMove(graph, merged) && !outputs.has(output)) {
      replaced.set(output, merged.inputs[0]!);
      continue;
    }
    nodes.push(merged);
    for (const name of merged.outputs) makers.set(name, merged);
  }
  return { ...graph, nodes };
}

function merge(node: GraphNode, before: GraphNode | undefined): GraphNode {
  if (!before || before.op !== node.op) return node;
  const inputs = [before.inputs[0]!, ...node.inputs.slice(1)];
  if (node.op === 'Reshape') return { ...node, inputs };
  if (node.op !== 'Transpose') return node;
  const first = permOf(before);
  return { ...node, inputs, attributes: { perm: ints(permOf(node).map((axis) => first[axis]!)) } };
}

function permOf(node: GraphNode): readonly number[] {
  const perm = node.attributes.perm;
  return perm && 'ints' in perm ? perm.ints : [];
}

function isNoMove(graph: Graph, node: GraphNode): boolean {
  if (node.op === 'Identity') return true;
  if (node.op === 'Transpose') return permOf(node).every((axis, i) => axis === i);
  if (node.op !== 'Reshape') return false;
  const typeOf = (name: string) => graph.types.get(name) ?? graph.inputs.find((input) => input.name === name);
  const from = typeOf(node.inputs[0]!)?.shape;
  const to = typeOf(node.outputs[0]!)!.shape;
  return from?.length === to.length && from.every((dim, i) => dim === to[i]);
}
