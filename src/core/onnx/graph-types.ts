import type { TensorInfo } from '../session.js';
import type * as pb from './generated/messages.js';
import { inferShapes } from './infer-shapes.js';
import { tensorInfo, toNumber } from './read.js';
import { DATA_TYPE_NAMES } from './types.js';

/**
 * The types of a graph's values, by name: those that the file says, and those that follow from them.
 *
 * @param outer of the graph around it, whose values it may take.
 */
export function graphTypes(
  graph: pb.GraphProto,
  outer: ReadonlyMap<string, TensorInfo> = new Map(),
): Map<string, TensorInfo> {
  const types = new Map(outer);
  for (const info of [...(graph.input ?? []), ...(graph.valueInfo ?? []), ...(graph.output ?? [])]) {
    // Without a shape it is not known, which a scalar's empty one is.
    if (info.type?.tensorType?.shape) types.set(info.name ?? '', tensorInfo(info));
  }
  for (const tensor of graph.initializer ?? []) {
    const name = tensor.name ?? '';
    types.set(name, { name, type: constantType(tensor), shape: (tensor.dims ?? []).map(toNumber) });
  }
  inferShapes(graph, types);
  return types;
}

export function constantType({ dataType }: pb.TensorProto): string {
  return DATA_TYPE_NAMES[dataType ?? 0] ?? `type ${dataType}`;
}

/** The graphs within a node's attributes, as a loop's body. */
export function innerGraphs(node: pb.NodeProto): pb.GraphProto[] {
  return (node.attribute ?? []).flatMap(({ g, graphs = [] }) => (g ? [g, ...graphs] : graphs));
}
