import { UserError } from '../../core/errors.js';
import {
  findModel,
  layerName,
  layersOf,
  outputLayer,
  removeSoftmax,
  type SerializedLayer,
} from '../tensorflow/topology.js';

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
  const last = outputLayer(topology);
  if (!last) throw new UserError(`the network of ${path} has not one output`);
  if (isSoftmax(last)) return topology;
  removeSoftmax(last);
  const name = 'probabilities_softmax';
  const softmax = { class_name: 'Activation', config: { name, activation: 'softmax' } };
  if (topology.class_name === 'Sequential') layers.push(softmax);
  else {
    layers.push({ ...softmax, name, inbound_nodes: [[[layerName(last), 0, 0, {}]]] });
    topology.config.output_layers = [[name, 0, 0]];
  }
  return topology;
}

/** Is the layer nothing but a softmax? */
function isSoftmax({ class_name, config }: SerializedLayer): boolean {
  return class_name === 'Softmax' || (class_name === 'Activation' && config.activation === 'softmax');
}

/** Gives each initializer a seed that has none, in place: it would draw other weights in each run. */
export function fixSeeds(value: unknown, nextSeed: () => number): void {
  if (typeof value !== 'object' || value === null) return;
  if ('seed' in value && value.seed === null) value.seed = nextSeed();
  for (const part of Object.values(value)) fixSeeds(part, nextSeed);
}
