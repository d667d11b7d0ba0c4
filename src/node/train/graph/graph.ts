import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataId, Tensor } from '@tensorflow/tfjs';
import protobuf from 'protobufjs';
import { packageRoot } from '../../paths.js';
import type { Attribute, NodeBackend } from '../native-kernels.js';
import type { RecordedOp, Recording } from './record-ops.js';

/** A graph that the TensorFlow library runs in one call. */
export interface Graph {
  /** The data that it takes, of those that it was offered. */
  readonly feeds: readonly DataId[];
  /** From the feeds' tensors to those of the fetches. */
  run(feeds: readonly Tensor[]): Tensor[];
  dispose(): void;
}

const TAG = 'mnist-onnx';
/** The version of TensorFlow's graph format that is claimed: later ones change nothing of what is written here. */
const PRODUCER = 1087;

/**
 * Makes a graph of recorded ops. What they take and neither make nor are fed becomes a constant.
 *
 * @param options.feeds data that differs from run to run
 * @param options.fetches data that the ops make
 * @throws Error with what TensorFlow said, where it cannot load the graph.
 */
export function createGraph(
  backend: NodeBackend,
  {
    ops,
    tensors,
    feeds: offered,
    fetches,
  }: {
    readonly ops: readonly RecordedOp[];
    readonly tensors: Recording['tensors'];
    readonly feeds: readonly DataId[];
    readonly fetches: readonly DataId[];
  },
): Graph {
  const nodes: object[] = [];
  const names = new Map<DataId, string>();
  const add = (op: string, inputs: readonly string[], attributes: object, outputs: readonly DataId[]) => {
    const name = `n${nodes.length}`;
    nodes.push({ name, op, input: inputs, attr: attributes });
    for (const [i, output] of outputs.entries()) names.set(output, `${name}:${i}`);
  };
  const feeds: DataId[] = [];
  const nameOf = (dataId: DataId): string => {
    if (!names.has(dataId)) {
      const { shape, type, values } = tensors.get(dataId)!;
      const attributes: Record<string, object> = { dtype: { type } };
      if (offered.includes(dataId)) {
        feeds.push(dataId);
        add('Placeholder', [], attributes, [dataId]);
      } else {
        attributes.value = {
          tensor: {
            dtype: type,
            tensorShape: { dim: shape.map((size) => ({ size })) },
            tensorContent: new Uint8Array(values!.buffer, values!.byteOffset, values!.byteLength),
          },
        };
        add('Const', [], attributes, [dataId]);
      }
    }
    return names.get(dataId)!;
  };
  for (const { op, attributes, inputs, outputs } of ops) {
    const attr = Object.fromEntries(attributes.map((one) => [one.name, attributeValue(backend, one)]));
    add(op, inputs.map(nameOf), attr, outputs);
  }
  const inputNames = feeds.map((dataId) => ({ name: names.get(dataId)! }));
  const outputNames = fetches.map((dataId) => names.get(dataId)!);
  const model = loadGraph(backend, nodes);
  return {
    feeds,
    run: (values) => backend.runSavedModel(model, values, inputNames, outputNames),
    dispose: () => backend.deleteSavedModel(model),
  };
}

/** An op's attribute in the form of `AttrValue`. */
function attributeValue({ binding }: NodeBackend, { name, type, value }: Attribute): object {
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return { type: value };
    case binding.TF_ATTR_INT:
      return Array.isArray(value) ? { list: { i: value } } : { i: value };
    case binding.TF_ATTR_BOOL:
      return { b: value };
    case binding.TF_ATTR_FLOAT:
      return { f: value };
    case binding.TF_ATTR_STRING:
      return { s: Buffer.from(String(value)) };
    default:
      throw new Error(`the attribute ${name} is of a kind that graphs do not hold here`);
  }
}

/** By way of a folder: tfjs-node loads graphs from nowhere else. */
function loadGraph(backend: NodeBackend, nodes: readonly object[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'mnist-onnx-graph-'));
  try {
    const type = savedModelType();
    const message = type.fromObject({
      savedModelSchemaVersion: 1,
      metaGraphs: [
        { metaInfoDef: { tags: [TAG] }, graphDef: { node: nodes, versions: { producer: PRODUCER } } },
      ],
    });
    writeFileSync(join(folder, 'saved_model.pb'), type.encode(message).finish());
    return backend.loadSavedModelMetaGraph(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let savedModel: protobuf.Type | undefined;

function savedModelType(): protobuf.Type {
  savedModel ??= protobuf
    .parse(readFileSync(join(packageRoot, 'proto/tensorflow.proto'), 'utf8'))
    .root.lookupType('tensorflow.SavedModel');
  return savedModel;
}
