import type { TensorInfo } from '../session.js';
import type { Finding } from './finding.js';
import type * as pb from './generated/messages.js';
import { inferShapes } from './infer-shapes.js';
import { lint } from './lint.js';
import { countMultiplyAdds } from './multiply-adds.js';
import { type OnnxModel, tensorInfo, toNumber } from './read.js';
import { DATA_TYPE_NAMES } from './types.js';

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
  /** Numbers in the constants that it takes. */
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
  const types = new Map<string, TensorInfo>();
  for (const info of [...(graph.input ?? []), ...(graph.valueInfo ?? []), ...(graph.output ?? [])]) {
    // Without a shape it is not known, which a scalar's empty one is.
    if (info.type?.tensorType?.shape) types.set(info.name ?? '', tensorInfo(info));
  }
  const constants = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
  for (const [name, tensor] of constants) types.set(name, constantInfo(name, tensor));
  inferShapes(graph, types);
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
      parameters: [...constants.values()].reduce((sum, tensor) => sum + parametersOf(tensor), 0),
      constantBytes: bytesByType([...constants.values()]),
      multiplyAdds: nodes.reduce((sum, node) => sum + (node.multiplyAdds ?? 0), 0),
      unknownNodes: nodes.filter((node) => node.multiplyAdds === undefined).length,
    },
    findings: lint(model, types),
  };
}

function constantInfo(name: string, tensor: pb.TensorProto): TensorInfo {
  return { name, type: typeName(tensor), shape: (tensor.dims ?? []).map(toNumber) };
}

function typeName({ dataType }: pb.TensorProto): string {
  return DATA_TYPE_NAMES[dataType ?? 0] ?? `type ${dataType}`;
}

/** Integers of 64 bits are shapes and axes, not parameters. */
function parametersOf(tensor: pb.TensorProto): number {
  return typeName(tensor) === 'int64'
    ? 0
    : (tensor.dims ?? []).reduce<number>((size, dim) => size * toNumber(dim), 1);
}

function nodeInfo(
  node: pb.NodeProto,
  types: ReadonlyMap<string, TensorInfo>,
  constants: ReadonlyMap<string, pb.TensorProto>,
): NodeInfo {
  const inputs = node.input ?? [];
  return {
    name: node.name ?? '',
    op: node.domain ? `${node.domain}.${node.opType}` : (node.opType ?? ''),
    outputs: (node.output ?? []).filter(Boolean).map((name) => {
      const info = types.get(name);
      return { name, type: info?.type ?? '?', shape: info?.shape };
    }),
    parameters: inputs.reduce((sum, input) => {
      const tensor = constants.get(input);
      return sum + (tensor ? parametersOf(tensor) : 0);
    }, 0),
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
    const type = typeName(tensor);
    const count = (tensor.dims ?? []).reduce<number>((size, dim) => size * toNumber(dim), 1);
    bytes[type] = (bytes[type] ?? 0) + count * (ELEMENT_BYTES[type] ?? 1);
  }
  return bytes;
}
