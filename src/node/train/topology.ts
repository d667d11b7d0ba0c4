import { UserError } from '../../core/errors.js';

/** A layer, or a whole model, as tfjs and Keras 2 serialize it. */
interface Serialized {
  class_name: string;
  name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}

/**
 * Makes a user's topology ready for training: finds it in a model.json and has it end in a softmax of its own,
 * which the loss leaves out.
 *
 * @param json a model.json, its `modelTopology`, or what Keras's `to_json` gives
 * @param path names the file in errors
 * @throws UserError if there is no Sequential or functional model in it.
 */
export function prepareTopology(json: unknown, path: string): object {
  const model = findModel(json);
  if (!model)
    throw new UserError(`${path} holds no tfjs topology of layers`, {
      hint: 'Give a model.json as model.save(...) or model.toJSON() of tfjs writes it.',
    });
  const topology = structuredClone(model);
  const layers = layersOf(topology);
  if (layers.length === 0) throw new UserError(`the network of ${path} has no layers`);
  if (topology.class_name === 'Sequential') endInSoftmax(layers, layers.at(-1)!);
  else endFunctionalInSoftmax(topology, layers, path);
  return topology;
}

const MODEL_CLASSES = new Set(['Sequential', 'Model', 'Functional']);

function findModel(json: unknown): Serialized | undefined {
  for (let value = json; typeof value === 'object' && value !== null; ) {
    const object = value as Partial<Serialized> & { modelTopology?: unknown; model_config?: unknown };
    if (MODEL_CLASSES.has(object.class_name ?? '') && typeof object.config === 'object')
      return object as Serialized;
    value = object.modelTopology ?? object.model_config;
  }
  return undefined;
}

function layersOf({ config }: Serialized): Serialized[] {
  const layers = Array.isArray(config) ? config : config.layers;
  return Array.isArray(layers) ? layers : [];
}

/** Gives each initializer a seed that has none, in place: it would draw other weights in each run. */
export function fixSeeds(value: unknown, nextSeed: () => number): void {
  if (typeof value !== 'object' || value === null) return;
  if ('seed' in value && value.seed === null) value.seed = nextSeed();
  for (const part of Object.values(value)) fixSeeds(part, nextSeed);
}

/** Parts the softmax from the last layer, or adds it; returns the layer to add, if any. */
function softmaxAfter(last: Serialized): Serialized | undefined {
  if (last.class_name === 'Softmax') return undefined;
  if (last.config.activation === 'softmax') {
    if (last.class_name === 'Activation') return undefined;
    last.config.activation = 'linear';
  }
  const name = 'probabilities_softmax';
  return { class_name: 'Activation', config: { name, activation: 'softmax' } };
}

function endInSoftmax(layers: Serialized[], last: Serialized): void {
  const softmax = softmaxAfter(last);
  if (softmax) layers.push(softmax);
}

function endFunctionalInSoftmax({ config }: Serialized, layers: Serialized[], path: string): void {
  const outputs = config.output_layers;
  const output = Array.isArray(outputs) && outputs.length === 1 ? (outputs[0] as unknown[]) : undefined;
  const last = layers.find(({ name }) => output && name === output[0]);
  if (!last) throw new UserError(`the network of ${path} has not one output`);
  const softmax = softmaxAfter(last);
  if (!softmax) return;
  const name = softmax.config.name as string;
  layers.push({ ...softmax, name, inbound_nodes: [[[last.name, 0, 0, {}]]] });
  config.output_layers = [[name, 0, 0]];
}
