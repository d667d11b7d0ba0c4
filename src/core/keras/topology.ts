import { UserError } from '../errors.js';
import { isLayerClass, type KerasLayer, readLayer } from './layer-schemas.js';
import { SchemaError } from './schema.js';

/** One output of one call of a layer; shared layers are called several times. */
export interface TensorRef {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

interface Node {
  readonly name: string;
  /** The inputs of each call. */
  readonly calls: readonly (readonly TensorRef[])[];
}

/** `shape` includes the batch; null is a dimension that a run decides. */
export interface InputNode extends Node {
  readonly kind: 'input';
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
}

export interface LayerNode extends Node {
  readonly kind: 'layer';
  readonly layer: KerasLayer;
}

/** A model used as a layer. */
export interface ModelNode extends Node {
  readonly kind: 'model';
  readonly model: KerasModel;
  /** A Sequential model begins with it: tfjs then takes its layers for its own. */
  readonly isBeginning?: boolean;
}

/** A layer of a class or with settings that tfjs-layers 4.22 does not know. */
export interface UnknownNode extends Node {
  readonly kind: 'unknown';
  readonly className: string;
  readonly reason: string;
}

export type ModelLayer = InputNode | LayerNode | ModelNode | UnknownNode;

/** A model as a graph of calls; a Sequential one is a chain. */
export interface KerasModel {
  readonly name: string;
  readonly layers: readonly ModelLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

type Json = Readonly<Record<string, unknown>>;

const MAX_NESTING = 32;

/**
 * Reads the `modelTopology` of a tfjs model.json, or what stands inside a Python Keras model's JSON.
 *
 * @throws UserError if it is no layers model or its structure is damaged. Layers that are not known do not
 *   fail here: they become nodes of kind `unknown`, so that all of them can be named at once.
 */
export function parseTopology(topology: unknown): KerasModel {
  const outer = object(topology, 'the model topology');
  if (outer.node !== undefined && outer.class_name === undefined) {
    throw new UserError('this is a TensorFlow.js graph model, which has no layers any more', {
      hint: 'Convert the layers model that it was made from (format "layers-model" in model.json).',
    });
  }
  const root = outer.model_config === undefined ? outer : object(outer.model_config, 'model_config');
  return parseModel(root, 0);
}

function parseModel(json: Json, depth: number): KerasModel {
  if (depth > MAX_NESTING) throw damaged('its models are nested too deep');
  const className = json.class_name;
  if (className === 'Sequential') return parseSequential(json.config, depth);
  if (className === 'Model' || className === 'Functional') return parseFunctional(json.config, depth);
  throw new UserError(`a model of class ${JSON.stringify(className) ?? 'unknown'} is not supported`, {
    hint: 'Supported are Sequential and functional (Model, Functional) layers models.',
  });
}

function parseFunctional(value: unknown, depth: number): KerasModel {
  const config = object(value, 'the model config');
  const layers = array(config.layers, 'layers').map((entry) => {
    const json = object(entry, 'a layer');
    const calls = array(json.inbound_nodes ?? [], 'inbound_nodes').map(parseCall);
    return parseLayer(json, calls, depth);
  });
  const model = {
    name: text(config.name ?? 'model', 'the model name'),
    layers: unique(layers),
    inputs: parseRefs(config.input_layers, 'input_layers'),
    outputs: parseRefs(config.output_layers, 'output_layers'),
  };
  if (model.outputs.length === 0) throw damaged('it has no outputs');
  const counted = countModelCalls(model);
  checkRefs(counted);
  return counted;
}

/** A model's calls as a layer are counted from 1: node 0 is what it was before anything called it. */
function countModelCalls({ name, layers, inputs, outputs }: KerasModel): KerasModel {
  const models = new Set(layers.filter((layer) => layer.kind === 'model').map((layer) => layer.name));
  const recount = (ref: TensorRef) =>
    models.has(ref.layer) ? { ...ref, call: Math.max(0, ref.call - 1) } : ref;
  return {
    name,
    layers: layers.map((layer) => ({ ...layer, calls: layer.calls.map((call) => call.map(recount)) })),
    inputs: inputs.map(recount),
    outputs: outputs.map(recount),
  };
}

/** A Sequential model is its layers in a chain; its input may be given by the first layer's settings. */
function parseSequential(value: unknown, depth: number): KerasModel {
  const config = Array.isArray(value) ? { layers: value } : object(value, 'the model config');
  const entries = array(config.layers, 'layers').map((entry) => object(entry, 'a layer'));
  if (entries.length === 0) throw damaged('a Sequential model has no layers');
  const layers: ModelLayer[] = [];
  for (const json of entries) {
    const previous = layers.at(-1);
    if (!previous && json.class_name !== 'InputLayer') layers.push(implicitInput(json, depth));
    const from = layers.at(-1);
    const layer = parseLayer(json, from ? [[{ layer: from.name, call: 0, output: 0 }]] : [[]], depth);
    layers.push(layer.kind === 'model' && !previous ? { ...layer, isBeginning: true } : layer);
  }
  return {
    name: text(config.name ?? 'sequential', 'the model name'),
    layers: unique(layers),
    inputs: [{ layer: layers[0]!.name, call: 0, output: 0 }],
    outputs: [{ layer: layers.at(-1)!.name, call: 0, output: 0 }],
  };
}

function implicitInput(json: Json, depth: number): InputNode {
  const config = object(json.config, 'a layer config');
  const name = `${layerName(json)}_input`;
  if (Array.isArray(config.layers) || config.batch_input_shape === undefined) {
    const inner = Array.isArray(config.layers) ? parseModel(json, depth + 1) : undefined;
    const input = inner?.layers.find((layer) => layer.name === inner.inputs[0]?.layer);
    if (input?.kind === 'input') return { ...input, name, calls: [[]] };
  }
  return { kind: 'input', name, calls: [[]], ...inputShape(config, name) };
}

function parseLayer(json: Json, calls: TensorRef[][], depth: number): ModelLayer {
  const name = layerName(json);
  const className = text(json.class_name, 'class_name');
  const config = json.config;
  if (className === 'InputLayer') {
    return { kind: 'input', name, calls: [[]], ...inputShape(object(config, 'config'), name) };
  }
  if (className === 'Sequential' || className === 'Model' || className === 'Functional') {
    return { kind: 'model', name, calls, model: parseModel(json, depth + 1) };
  }
  if (!isLayerClass(className)) {
    return { kind: 'unknown', name, calls, className, reason: 'tfjs-layers 4.22 has no such layer' };
  }
  try {
    return { kind: 'layer', name, calls, layer: readLayer(name, className, object(config, 'config')) };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { kind: 'unknown', name, calls, className, reason: error.message };
  }
}

function inputShape(config: Json, name: string): Pick<InputNode, 'shape' | 'dtype'> {
  const shape = config.batch_input_shape ?? config.batch_shape;
  const isDim = (dim: unknown) => dim === null || (Number.isSafeInteger(dim) && (dim as number) > 0);
  if (!Array.isArray(shape) || shape.length < 1 || !shape.every(isDim)) {
    throw new UserError(`the shape of the model's input ${name} is not known`, {
      hint: 'Give the first layer an inputShape and save the model again.',
    });
  }
  return { shape, dtype: typeof config.dtype === 'string' ? config.dtype : 'float32' };
}

/** `[["conv1", 0, 0, {}], ...]`: the tensors of one call. */
function parseCall(value: unknown): TensorRef[] {
  if (!Array.isArray(value)) {
    throw new UserError('the model was saved by Keras 3, whose topology tfjs 4 does not read', {
      hint: 'Save it with tf.keras 2 (TF_USE_LEGACY_KERAS=1) and convert it with tensorflowjs_converter again.',
    });
  }
  return value.map(parseRef);
}

function parseRefs(value: unknown, what: string): TensorRef[] {
  const entries = array(value, what);
  // A single one may stand without the list around it.
  return typeof entries[0] === 'string' ? [parseRef(entries)] : entries.map(parseRef);
}

function parseRef(value: unknown): TensorRef {
  const [layer, call, output] = array(value, 'a reference to a layer');
  const isIndex = (index: unknown): index is number => Number.isSafeInteger(index) && (index as number) >= 0;
  if (typeof layer !== 'string' || !isIndex(call) || !isIndex(output)) {
    throw damaged('a reference to a layer is not [name, node index, tensor index]');
  }
  return { layer, call, output };
}

function checkRefs(model: KerasModel): void {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const refs = [...model.inputs, ...model.outputs, ...model.layers.flatMap((layer) => layer.calls.flat())];
  for (const { layer, call } of refs) {
    const target = byName.get(layer);
    if (!target) throw damaged(`it refers to a layer ${layer} that is not there`);
    if (call >= Math.max(1, target.calls.length)) throw damaged(`it refers to call ${call} of ${layer}`);
  }
}

function unique(layers: ModelLayer[]): ModelLayer[] {
  const names = new Set<string>();
  for (const { name } of layers) {
    if (names.has(name)) throw damaged(`two layers are named ${name}`);
    names.add(name);
  }
  return layers;
}

function layerName(json: Json): string {
  const config = json.config as Json | undefined;
  return text(json.name ?? config?.name ?? json.class_name, 'a layer name');
}

function object(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw damaged(`${what} is missing or not an object`);
}

function array(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw damaged(`${what} is missing or not a list`);
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw damaged(`${what} is missing or not a text`);
}

function damaged(detail: string): UserError {
  return new UserError(`the model topology (model.json) is damaged: ${detail}`, {
    hint: 'Save the model again with model.save(...).',
  });
}
