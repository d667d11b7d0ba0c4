import type { TensorInfo } from '../session.js';
import type { Finding } from './finding.js';
import type * as pb from './generated/messages.js';
import { constantType, graphTypes, innerGraphs } from './graph-types.js';
import { lint } from './lint.js';
import { countMultiplyAdds } from './multiply-adds.js';
import { type OnnxModel, toNumber } from './read.js';

export interface NodeInfo {
  readonly name: string;
  /** With its domain where that is not ONNX's own. */
  readonly op: string;
  /** Shapes of the outputs, as far as the file says or they follow from it; a dimension that a run decides by its name. */
  readonly outputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: TensorInfo['shape'] | undefined;
  }[];
  /** Numbers in the constants that it takes, and in those of the graphs within it. */
  readonly parameters: number;
  /** For one sample; undefined where the file does not tell the shapes. */
  readonly multiplyAdds: number | undefined;
}

export interface Inspection {
  readonly producer: string;
  readonly irVersion: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly nodes: readonly NodeInfo[];
  readonly totals: {
    readonly nodes: number;
    /** How many nodes of each operator, most first. */
    readonly ops: Readonly<Record<string, number>>;
    readonly parameters: number;
    /** Bytes of the constants in the file, by element type. */
    readonly constantBytes: Readonly<Record<string, number>>;
    readonly multiplyAdds: number;
    /** Nodes whose multiply-adds cannot be told. */
    readonly unknownNodes: number;
  };
  readonly findings: readonly Finding[];
}

/** Says what a model is made of, and what would not load or run well where. */
export function inspectOnnx(model: OnnxModel): Inspection {
  const graph = model.proto.graph!;
  const types = graphTypes(graph);
  const constants = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
  const allConstants = [...constants.values(), ...(graph.node ?? []).flatMap(constantsWithin)];
  const nodes = (graph.node ?? []).map((node) => nodeInfo(node, types, constants));
  const ops = countBy(nodes.map((node) => node.op));
  return {
    producer: model.producer,
    irVersion: model.irVersion,
    opsets: model.opsets,
    metadata: model.metadata,
    inputs: model.inputs,
    outputs: model.outputs,
    nodes,
    totals: {
      nodes: nodes.length,
      ops,
      parameters: allConstants.reduce((sum, tensor) => sum + parametersOf(tensor), 0),
      constantBytes: bytesByType(allConstants),
      multiplyAdds: nodes.reduce((sum, node) => sum + (node.multiplyAdds ?? 0), 0),
      unknownNodes: nodes.filter((node) => node.multiplyAdds === undefined).length,
    },
    findings: lint(model, types),
  };
}

/** The constants of the graphs within a node. */
function constantsWithin(node: pb.NodeProto): pb.TensorProto[] {
  return innerGraphs(node).flatMap((inner) => [
    ...(inner.initializer ?? []),
    ...(inner.node ?? []).flatMap(constantsWithin),
  ]);
}

/** Integers of 64 bits are shapes and axes, not parameters. */
function parametersOf(tensor: pb.TensorProto): number {
  return constantType(tensor) === 'int64'
    ? 0
    : (tensor.dims ?? []).reduce<number>((size, dim) => size * toNumber(dim), 1);
}

function nodeInfo(
  node: pb.NodeProto,
  types: ReadonlyMap<string, TensorInfo>,
  constants: ReadonlyMap<string, pb.TensorProto>,
): NodeInfo {
  const taken = (node.input ?? []).flatMap((input) => constants.get(input) ?? []);
  return {
    name: node.name ?? '',
    op: node.domain ? `${node.domain}.${node.opType}` : (node.opType ?? ''),
    outputs: (node.output ?? []).filter(Boolean).map((name) => {
      const info = types.get(name);
      return { name, type: info?.type ?? '?', shape: info?.shape };
    }),
    parameters: [...taken, ...constantsWithin(node)].reduce((sum, tensor) => sum + parametersOf(tensor), 0),
    multiplyAdds: countMultiplyAdds(node, types),
  };
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int8: 1,
  uint8: 1,
  bool: 1,
};

function bytesByType(tensors: readonly pb.TensorProto[]): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const tensor of tensors) {
    const type = constantType(tensor);
    const count = (tensor.dims ?? []).reduce<number>((size, dim) => size * toNumber(dim), 1);
    bytes[type] = (bytes[type] ?? 0) + count * (ELEMENT_BYTES[type] ?? 1);
  }
  return bytes;
}
