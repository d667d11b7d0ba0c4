import { type Graph, type GraphNode, ints } from '../../onnx/types.js';
import { findUses } from '../../onnx/uses.js';

/** Zeros that are put round an image for a convolution become the padding of that convolution. */
export function foldPads(graph: Graph): Graph {
  const { producer } = findUses(graph);
  const nodes = graph.nodes.map((node) => {
    const pad = node.op === 'Conv' && !node.attributes.auto_pad ? producer.get(node.inputs[0]!) : undefined;
    const added = pad?.op === 'Pad' ? addedPixels(graph, pad) : undefined;
    return added ? { ...padded(node, added), inputs: [pad!.inputs[0]!, ...node.inputs.slice(1)] } : node;
  });
  return { ...graph, nodes };
}

/** How many zeros a Pad adds before each axis behind the channels, then after each; undefined if it does other things too. */
function addedPixels({ constants }: Graph, { inputs, attributes }: GraphNode): number[] | undefined {
  const [, pads, value, axes] = inputs;
  const counts = constants.get(pads!)?.data;
  const isZero = !value || constants.get(value)?.data[0] === 0;
  if (!counts || !isZero || axes || attributes.mode) return undefined;
  const all = Array.from(counts as BigInt64Array, Number);
  const rank = all.length / 2;
  const [first, second, ...before] = all.slice(0, rank);
  const [third, fourth, ...after] = all.slice(rank);
  const isOfPixels = [first, second, third, fourth].every((count) => count === 0);
  return isOfPixels ? [...before, ...after] : undefined;
}

function padded(conv: GraphNode, added: readonly number[]): GraphNode {
  const { pads } = conv.attributes;
  const own = pads && 'ints' in pads ? pads.ints : undefined;
  const sum = ints(added.map((count, i) => count + (own?.[i] ?? 0)));
  return { ...conv, attributes: { ...conv.attributes, pads: sum } };
}
