import type { TensorInfo } from '../session.js';
import type * as pb from './generated/messages.js';
import type { Finding } from './inspect.js';
import type { OnnxModel } from './read.js';

/** What onnxruntime 1.30 loads. */
const NEWEST = { ir: 13, opset: 26 };
/** Operators without a WebGPU kernel in onnxruntime-web 1.30: they run on the CPU, with copies before and after. */
const NOT_ON_WEBGPU = new Set([
  ...['LSTM', 'GRU', 'RNN', 'Scan', 'PRelu', 'Selu', 'Mish', 'QuantizeLinear', 'ConvInteger', 'Hardmax'],
]);
const KNOWN_DOMAINS = new Set(['ai.onnx', 'com.microsoft', 'ai.onnx.ml']);

/** What would not load, or would run slowly, on onnxruntime 1.30 in Node and in browsers. */
export function lint(model: OnnxModel, types: ReadonlyMap<string, TensorInfo>): Finding[] {
  const nodes = model.proto.graph?.node ?? [];
  return [
    ...versionFindings(model),
    ...externalFindings(model.proto.graph?.initializer ?? []),
    ...structureFindings(model, nodes),
    ...operatorFindings(model, nodes, types),
  ];
}

function versionFindings({ irVersion, opsets }: OnnxModel): Finding[] {
  const findings: Finding[] = [];
  const add = (message: string) => findings.push({ level: 'error', runtime: 'all', message });
  if (irVersion > NEWEST.ir)
    add(`IR version ${irVersion} is newer than onnxruntime 1.30 loads (${NEWEST.ir})`);
  const opset = opsets['ai.onnx'];
  if (opset === undefined) add('it does not say which opset its operators are of');
  else if (opset > NEWEST.opset) add(`opset ${opset} is newer than onnxruntime 1.30 loads (${NEWEST.opset})`);
  for (const domain of Object.keys(opsets)) {
    if (!KNOWN_DOMAINS.has(domain)) add(`operators of ${domain} must be registered with the runtime`);
  }
  return findings;
}

function externalFindings(constants: readonly pb.TensorProto[]): Finding[] {
  const external = constants.filter((tensor) => tensor.dataLocation === 1);
  const places = external.flatMap(
    (tensor) => tensor.externalData?.find((entry) => entry.key === 'location')?.value ?? [],
  );
  if (external.length === 0) return [];
  const files = [...new Set(places)].slice(0, 5).join(', ') || 'a file that it does not name';
  return [
    {
      level: 'warning',
      runtime: 'all',
      message: `${external.length} constants lie outside the file, in ${files}`,
    },
  ];
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

function operatorFindings(
  { opsets }: OnnxModel,
  nodes: readonly pb.NodeProto[],
  types: ReadonlyMap<string, TensorInfo>,
): Finding[] {
  const findings: Finding[] = [];
  const own = nodes.filter((node) => !node.domain);
  const ops = new Set(own.map((node) => node.opType ?? ''));
  if (ops.has('Swish') && (opsets['ai.onnx'] ?? 0) >= 24) {
    findings.push({
      level: 'error',
      runtime: 'onnxruntime-node',
      message: 'Swish has no CPU kernel in onnxruntime 1.30',
    });
  }
  const missing = [...ops].filter((op) => NOT_ON_WEBGPU.has(op)).sort();
  const is3d = own.some(
    (node) => node.opType === 'Conv' && types.get(node.input?.[1] ?? '')?.shape.length === 5,
  );
  if (is3d) missing.push('Conv over three dimensions');
  if (missing.length > 0) {
    const message = `${missing.join(', ')} run on the CPU there, with copies before and after`;
    findings.push({ level: 'warning', runtime: 'webgpu', message });
  }
  if ([...types.values()].some((info) => info.type === 'float16')) {
    const message = 'half precision is computed in float32 there: the file is smaller, not faster';
    findings.push({ level: 'note', runtime: 'onnxruntime-node', message });
  }
  const transposes = own.filter((node) => node.opType === 'Transpose').length;
  if (transposes > 0) {
    findings.push({
      level: 'note',
      runtime: 'all',
      message: `${transposes} Transpose nodes copy their tensors`,
    });
  }
  return findings;
}
