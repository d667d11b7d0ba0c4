import type { Graph, GraphNode } from './types.js';

/** Who makes and who takes each value of a graph. */
export interface Uses {
  readonly producer: ReadonlyMap<string, GraphNode>;
  /** A node that takes a value twice stands there twice. */
  readonly consumers: ReadonlyMap<string, readonly GraphNode[]>;
  readonly outputs: ReadonlySet<string>;
}

export function findUses(graph: Graph): Uses {
  const producer = new Map<string, GraphNode>();
  const consumers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) producer.set(output, node);
    for (const input of node.inputs) {
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
  }
  return { producer, consumers, outputs: new Set(graph.outputs.map((output) => output.name)) };
}

/** The node that makes a value, if nothing else takes that value. */
export function soleProducer(uses: Uses, value: string): GraphNode | undefined {
  const isSole = uses.consumers.get(value)?.length === 1 && !uses.outputs.has(value);
  return isSole ? uses.producer.get(value) : undefined;
}
