import type { Finding } from './finding.js';
import type * as pb from './generated/messages.js';
import { FIRST_OPSET, REMOVED_IN } from './operators.js';
import { type OnnxModel, toNumber } from './read.js';
import { WEBGPU_OPERATORS } from './webgpu-operators.js';

/** Domains whose operators are built into onnxruntime 1.30. */
const BUILT_IN = new Set(['ai.onnx', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc']);
/** Operators under ai.onnx that only onnxruntime knows. */
const ONNXRUNTIME_OWN = new Set([
  ...['Affine', 'Crop', 'DynamicSlice', 'ImageScaler', 'ParametricSoftplus', 'Scale', 'ScaledTanh'],
  'SimplifiedLayerNormalization',
]);
/** Operators that onnxruntime 1.30 does not load, from this opset on (tried with onnx's own test models). */
const WITHOUT_CPU_KERNEL: ReadonlyMap<string, number> = new Map([
  ['ImageDecoder', 20],
  ['Bernoulli', 22],
  ['RandomUniformLike', 22],
  ['RoiAlign', 22],
  ['Swish', 25],
]);
/** Gone, or weights, by the time that kernels are chosen. */
const WITHOUT_KERNEL = new Set(['Constant', 'Identity', 'Dropout']);
/** Their WebGPU kernels know windows along one or two axes. */
const WINDOWED = new Set(['Conv', 'ConvTranspose', 'MaxPool', 'AveragePool']);

/** Operators that onnxruntime does not know or has no kernel for, each kind of them once. */
export function lintOperators(
  { opsets, proto }: OnnxModel,
  nodes: readonly pb.NodeProto[],
  rankOf: (value: string) => number | undefined,
): Finding[] {
  const functions = new Set(
    (proto.functions ?? []).map(({ domain, name }) => `${domain || 'ai.onnx'}.${name}`),
  );
  const unknown = new Map<string, number>();
  const offWebGpu = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const node of nodes) {
    const domain = node.domain || 'ai.onnx';
    const op = node.opType ?? '';
    if (functions.has(`${domain}.${op}`)) continue;
    const reason = unknownReason(domain, op, opsets) ?? refusedSetting(node);
    if (reason) count(unknown, reason);
    else if (domain === 'ai.onnx' && WITHOUT_KERNEL.has(op)) continue;
    else if (!WEBGPU_OPERATORS[domain]?.has(op)) count(offWebGpu, labelOf(domain, op));
    else if (WINDOWED.has(op) && spatialAxes(node, rankOf) > 2)
      count(offWebGpu, `${op} over three dimensions`);
  }
  const findings: Finding[] = [...unknown].map(([reason, times]) => ({
    level: 'error',
    runtime: 'all',
    message: times === 1 ? reason : `${reason} (${times} nodes)`,
  }));
  if (offWebGpu.size > 0) {
    const names = [...offWebGpu.keys()].sort().join(', ');
    const times = [...offWebGpu.values()].reduce((sum, n) => sum + n, 0);
    const message = `${names} run on the CPU there (${times} nodes), with copies before and after`;
    findings.push({ level: 'warning', runtime: 'webgpu', message });
  }
  return findings;
}

function labelOf(domain: string, op: string): string {
  return domain === 'ai.onnx' ? op : `${domain}.${op}`;
}

function unknownReason(
  domain: string,
  op: string,
  opsets: Readonly<Record<string, number>>,
): string | undefined {
  const opset = opsets[domain];
  if (!BUILT_IN.has(domain)) return `${labelOf(domain, op)} must be registered with the runtime`;
  if (opset === undefined) return `it does not say which opset ${labelOf(domain, op)} is of`;
  if (domain !== 'ai.onnx' || ONNXRUNTIME_OWN.has(op)) return undefined;
  const first = FIRST_OPSET.get(op);
  const removed = REMOVED_IN.get(op);
  if (first === undefined) return `ai.onnx has no operator ${op}`;
  if (first > opset) return `${op} is of opset ${first}, the file asks for ${opset}`;
  if (removed !== undefined && opset >= removed) return `${op} is gone from opset ${removed} on`;
  const lost = WITHOUT_CPU_KERNEL.get(op);
  if (lost !== undefined && opset >= lost)
    return `${op} of opset ${lost} on has no kernel in onnxruntime 1.30`;
  return undefined;
}

function refusedSetting({ opType, attribute }: pb.NodeProto): string | undefined {
  const isRecurrent = ['LSTM', 'GRU', 'RNN'].includes(opType ?? '');
  const layout = attribute?.find(({ name }) => name === 'layout')?.i;
  return isRecurrent && toNumber(layout) === 1
    ? `${opType} with layout 1 (the batch first) is not written in onnxruntime 1.30`
    : undefined;
}

function spatialAxes(node: pb.NodeProto, rankOf: (value: string) => number | undefined): number {
  const size = node.attribute?.find(({ name }) => name === 'kernel_shape')?.ints?.length;
  return size || (rankOf(node.input?.[1] ?? '') ?? 2) - 2;
}
