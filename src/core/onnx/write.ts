import { onnx } from './generated/codec.js';
import type * as pb from './generated/messages.js';
import {
  type Attribute,
  type Constant,
  DATA_TYPE,
  type Dim,
  type Graph,
  type NamedTensorType,
} from './types.js';
import { irVersionOf } from './versions.js';

export interface ModelOptions {
  readonly opset: number;
  readonly producerVersion: string;
  readonly docString?: string | undefined;
  /** Written as `metadata_props`, in this order. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes a graph as an ONNX file. The same graph and options give the same bytes.
 *
 * @throws UserError if the opset is none that we write.
 */
export function writeOnnx(graph: Graph, options: ModelOptions): Uint8Array {
  const model: pb.ModelProto = {
    irVersion: irVersionOf(options.opset),
    producerName: 'mnist-onnx',
    producerVersion: options.producerVersion,
    ...(options.docString ? { docString: options.docString } : {}),
    graph: graphProto(graph),
    opsetImport: [{ domain: '', version: options.opset }],
    metadataProps: Object.entries(options.metadata).map(([key, value]) => ({ key, value })),
  };
  // A plain copy: in Node the encoder gives a Buffer, whose slice() is no copy.
  return new Uint8Array(onnx.ModelProto.encode(model).finish());
}

function graphProto(graph: Graph): pb.GraphProto {
  const outputs = new Set(graph.outputs.map((output) => output.name));
  return {
    node: graph.nodes.map((node) => ({
      input: [...node.inputs],
      output: [...node.outputs],
      name: node.name,
      opType: node.op,
      attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
    })),
    name: graph.name,
    initializer: [...graph.constants].map(([name, constant]) => tensorProto(name, constant)),
    input: graph.inputs.map(valueInfo),
    output: graph.outputs.map(valueInfo),
    valueInfo: graph.nodes
      .flatMap((node) => node.outputs)
      .filter((name) => name !== '' && !outputs.has(name))
      .map((name) => valueInfo({ name, ...graph.types.get(name)! })),
  };
}

function valueInfo({ name, type, shape }: NamedTensorType): pb.ValueInfoProto {
  return { name, type: { tensorType: { elemType: DATA_TYPE[type], shape: { dim: shape.map(dimension) } } } };
}

function dimension(dim: Dim): pb.TensorShapeProtoDimension {
  return typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim };
}

function tensorProto(name: string, { type, shape, data }: Constant): pb.TensorProto {
  return { dims: [...shape], dataType: DATA_TYPE[type], name, rawData: littleEndian(data) };
}

/** ONNX wants little endian, which is what every platform of Node and browsers has. */
function littleEndian(data: Constant['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function attributeProto(name: string, value: Attribute): pb.AttributeProto {
  if ('int' in value) return { name, type: 2, i: value.int };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('text' in value) return { name, type: 3, s: utf8(value.text) };
  if ('ints' in value) return { name, type: 7, ints: [...value.ints] };
  if ('floats' in value) return { name, type: 6, floats: [...value.floats] };
  if ('texts' in value) return { name, type: 8, strings: value.texts.map(utf8) };
  return { name, type: 5, g: graphProto(value.graph) };
}

/** Attribute texts are ONNX's own words, all of them ASCII. */
function utf8(ascii: string): Uint8Array {
  return Uint8Array.from(ascii, (letter) => letter.charCodeAt(0));
}
