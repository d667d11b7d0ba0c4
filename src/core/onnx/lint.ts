import type { TensorInfo } from '../session.js';
import type { Finding } from './finding.js';
import type * as pb from './generated/messages.js';
import { innerGraphs } from './graph-types.js';
import { lintConstants } from './lint-constants.js';
import { lintOperators } from './lint-operators.js';
import type { OnnxModel } from './read.js';

/** What onnxruntime 1.30 loads. */
const NEWEST = { ir: 13, opset: 26 };
/** The oldest opset that onnxruntime promises to run. */
const OLDEST_OPSET = 7;
/** Element types that onnxruntime's JavaScript API has no arrays for. */
const NO_PORT = /^(bfloat16|float8|float4|complex|type )/;

/** What would not load, or would run slowly, on onnxruntime 1.30 in Node and in browsers. */
export function lint(model: OnnxModel, types: ReadonlyMap<string, TensorInfo>): Finding[] {
  const graph = model.proto.graph!;
  const nodes = allNodes(graph);
  const rankOf = (name: string) => types.get(name)?.shape.length;
  return [
    ...versionFindings(model),
    ...portFindings(model),
    ...lintConstants(graph.initializer ?? []),
    ...structureFindings(model, graph.node ?? []),
    ...lintOperators(model, nodes, rankOf),
    ...costFindings(nodes, types),
  ];
}

function versionFindings({ irVersion, opsets }: OnnxModel): Finding[] {
  const findings: Finding[] = [];
  const add = (message: string) => findings.push({ level: 'error', runtime: 'all', message });
  if (irVersion > NEWEST.ir)
    add(`IR version ${irVersion} is newer than onnxruntime 1.30 loads (${NEWEST.ir})`);
  const opset = opsets['ai.onnx'] ?? NEWEST.opset;
  if (opset > NEWEST.opset) add(`opset ${opset} is newer than onnxruntime 1.30 loads (${NEWEST.opset})`);
  if (opset < OLDEST_OPSET) {
    const message = `opset ${opset} is older than onnxruntime promises to run (${OLDEST_OPSET})`;
    findings.push({ level: 'warning', runtime: 'all', message });
  }
  return findings;
}

function portFindings({ inputs, outputs }: OnnxModel): Finding[] {
  return [...inputs, ...outputs]
    .filter(({ type }) => NO_PORT.test(type))
    .slice(0, 5)
    .map(({ name, type }) => ({
      level: 'error',
      runtime: 'all',
      message: `${name} is of ${type}, which onnxruntime's JavaScript API cannot pass`,
    }));
}

/** The nodes of a graph and of those within their attributes. */
function allNodes(graph: pb.GraphProto): pb.NodeProto[] {
  const nodes: pb.NodeProto[] = [];
  const graphs = [graph];
  for (const { node = [] } of graphs) {
    for (const one of node) {
      nodes.push(one);
      graphs.push(...innerGraphs(one));
    }
  }
  return nodes;
}

function structureFindings({ proto }: OnnxModel, nodes: readonly pb.NodeProto[]): Finding[] {
  const graph = proto.graph!;
  const known = new Set([...(graph.input ?? []), ...(graph.initializer ?? [])].map(({ name }) => name ?? ''));
  for (const sparse of graph.sparseInitializer ?? []) known.add(sparse.values?.name ?? '');
  const messages: string[] = [];
  for (const node of nodes) {
    const label = node.name || node.opType;
    for (const input of node.input ?? []) {
      if (input !== '' && !known.has(input))
        messages.push(`${label} takes ${input}, which nothing before it makes`);
    }
    for (const output of node.output ?? []) {
      if (output !== '' && known.has(output))
        messages.push(`${label} makes ${output}, which is there already`);
      known.add(output);
    }
    if (node.opType === 'LayerNormalization' && node.input?.at(-1) === '') {
      messages.push(`${label} ends its inputs with an empty name, at which onnxruntime 1.30 crashes`);
    }
  }
  for (const { name } of graph.output ?? [])
    if (!known.has(name ?? '')) messages.push(`nothing makes the output ${name}`);
  return messages.slice(0, 20).map((message) => ({ level: 'error', runtime: 'all', message }));
}

function costFindings(nodes: readonly pb.NodeProto[], types: ReadonlyMap<string, TensorInfo>): Finding[] {
  const findings: Finding[] = [];
  if ([...types.values()].some((info) => info.type === 'float16')) {
    const message = 'half precision is computed in float32 there: the file is smaller, not faster';
    findings.push({ level: 'note', runtime: 'onnxruntime-node', message });
  }
  const transposes = nodes.filter((node) => !node.domain && node.opType === 'Transpose').length;
  if (transposes > 0) {
    findings.push({
      level: 'note',
      runtime: 'all',
      message: `${transposes} Transpose nodes copy their tensors`,
    });
  }
  return findings;
}
