import { messageOf, UserError } from '../errors.js';
import type { TensorInfo } from '../session.js';
import { countParts, MAX_PARTS } from './count-parts.js';
import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import { DATA_TYPE_NAMES } from './types.js';

/** What an ONNX file says of itself. */
export interface OnnxModel {
  readonly irVersion: number;
  /** Opset versions by domain; `ai.onnx` is the operators' own. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  /** `metadata_props`; of a key that stands there twice, the last. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Without those that are initializers too. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly nodes: readonly { readonly name: string; readonly op: string; readonly domain: string }[];
  /** The decoded file, for what is not listed above. */
  readonly proto: pb.ModelProto;
}

const MAX_FILE_BYTES = 2 ** 31 - 1;

/**
 * Reads an ONNX file of any maker.
 *
 * @throws UserError if it is damaged or no ONNX file; never anything else, whatever the bytes are.
 */
export function readOnnx(bytes: Uint8Array, what = 'the model'): OnnxModel {
  const proto = decode(bytes, what);
  const graph = proto.graph;
  if (!graph || !toNumber(proto.irVersion) || !proto.opsetImport?.length) throw notOnnx(what);
  const constants = new Set(graph.initializer?.map((tensor) => tensor.name));
  const isConstant = (info: pb.ValueInfoProto) => constants.has(info.name);
  return {
    irVersion: toNumber(proto.irVersion),
    opsets: record(proto.opsetImport.map((o) => [o.domain || 'ai.onnx', toNumber(o.version)])),
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(' '),
    metadata: record((proto.metadataProps ?? []).map((p) => [p.key ?? '', p.value ?? ''])),
    inputs: (graph.input ?? []).filter((info) => !isConstant(info)).map(tensorInfo),
    outputs: (graph.output ?? []).map(tensorInfo),
    nodes: (graph.node ?? []).map(({ name, opType, domain }) => ({
      name: name ?? '',
      op: opType ?? '',
      domain: domain || 'ai.onnx',
    })),
    proto,
  };
}

function decode(bytes: Uint8Array, what: string): pb.ModelProto {
  if (bytes.length === 0)
    throw new UserError(`${what} is an empty file`, { hint: 'Export the model again.' });
  if (bytes.length > MAX_FILE_BYTES) {
    throw new UserError(`${what} is larger than 2 GB, which no ONNX file in one piece can be`, {
      hint: 'Weights of such models lie in files beside it; name the .onnx file itself.',
    });
  }
  if (countParts(bytes, MAX_PARTS) >= MAX_PARTS) {
    throw new UserError(`${what} describes more than ${MAX_PARTS} parts, which no real model has`);
  }
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (error) {
    // Truncated, wrong wire types, lengths beyond the end, nesting beyond protobuf's limit.
    throw notOnnx(what, messageOf(error));
  }
}

function notOnnx(what: string, detail?: string): UserError {
  return new UserError(
    `${what} is no ONNX model, or a damaged one${detail ? ` (${detail.toLowerCase()})` : ''}`,
    { hint: 'Check that the file was copied whole, or make it again with: mnist-onnx export' },
  );
}

/** A value's name, type and shape; of dimensions that the file does not tell, `?`. */
export function tensorInfo(info: pb.ValueInfoProto): TensorInfo {
  const tensor = info.type?.tensorType;
  return {
    name: info.name ?? '',
    type: tensor ? (DATA_TYPE_NAMES[tensor.elemType ?? 0] ?? `type ${tensor.elemType}`) : 'no tensor',
    shape: (tensor?.shape?.dim ?? []).map((dim) =>
      dim.dimValue != null && dim.dimParam == null ? toNumber(dim.dimValue) : dim.dimParam || '?',
    ),
  };
}

/** A 64-bit integer as a number; beyond 2^53 the nearest one. */
export function toNumber(value: pb.Int64 | null | undefined): number {
  return typeof value === 'object' && value !== null ? value.toNumber() : (value ?? 0);
}

/** An object without a prototype, so that a key of a foreign file can be any word. */
function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const result: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) result[key] = value;
  return result;
}
