import { readFile } from 'node:fs/promises';
import type { LayersModel } from '@tensorflow/tfjs';
import { messageOf, UserError } from '../../core/errors.js';
import type { SavedModel } from '../export/saved-model.js';
import { fileErrorReason } from '../files.js';
import { loadLayersModel } from '../tensorflow/layers-model.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { randomFor } from './streams.js';
import { fixSeeds, prepareTopology } from './topology.js';

/** The shapes that a network must have for a data set. */
export interface NetworkShape {
  readonly height: number;
  readonly width: number;
  readonly classCount: number;
}

/** Makes a network for a data set's images and classes. */
export type CreateNetwork = (tf: TensorFlow, shape: NetworkShape) => Promise<LayersModel>;

/**
 * Reads a user's topology; the network starts from first weights that the seed decides.
 *
 * @throws UserError if the file holds no topology, and later if tfjs or the data set cannot use it.
 */
export async function readNetwork(path: string, seed: number): Promise<CreateNetwork> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is not JSON' : fileErrorReason(cause);
    throw new UserError(`cannot read the network ${path}: ${reason}`, {
      cause,
      hint: 'Give --arch the name of an architecture or a tfjs model.json.',
      exitCode: 2,
    });
  }
  return createFrom(json, path, seed);
}

/** The network of a saved model with its weights, to go on from. */
export function networkOf({ artifacts, path }: SavedModel): CreateNetwork {
  const create = createFrom(artifacts.modelTopology, path, 0);
  return async (tf, shape) => {
    const saved = await loadLayersModel(tf, artifacts);
    try {
      const network = await create(tf, shape);
      // A softmax that was parted from the last layer has no weights.
      network.setWeights(saved.getWeights());
      return network;
    } finally {
      saved.dispose();
    }
  };
}

/** Makes a network of layers as tfjs serializes them, with first weights that are to be replaced. */
export function networkFromTopology(tf: TensorFlow, topology: object): Promise<LayersModel> {
  return tf.models.modelFromJSON({ modelTopology: topology } as Parameters<
    typeof tf.models.modelFromJSON
  >[0]);
}

function createFrom(json: unknown, path: string, seed: number): CreateNetwork {
  const topology = prepareTopology(json, path);
  return async (tf, shape) => {
    let network: LayersModel;
    try {
      // Only a network that is built names all its initializers.
      const unseeded = await networkFromTopology(tf, topology);
      const full = unseeded.toJSON(null, false) as object;
      unseeded.dispose();
      const random = randomFor('weights', seed);
      fixSeeds(full, () => Math.floor(random() * 2 ** 31));
      network = await networkFromTopology(tf, full);
    } catch (cause) {
      throw new UserError(`tfjs cannot build the network of ${path}: ${messageOf(cause)}`, { cause });
    }
    const problem = misfit(network, shape);
    if (!problem) return network;
    network.dispose();
    throw new UserError(`the network of ${path} ${problem}`, { exitCode: 2 });
  };
}

function misfit({ inputs, outputs }: LayersModel, { height, width, classCount }: NetworkShape) {
  const describe = (tensors: readonly { shape: (number | null)[] }[]) =>
    tensors.map(({ shape }) => `[${shape.map((n) => n ?? 'N').join(', ')}]`).join(' and ');
  if (describe(inputs) !== `[N, ${height}, ${width}, 1]`)
    return `takes ${describe(inputs)}, not the images [N, ${height}, ${width}, 1]`;
  if (describe(outputs) !== `[N, ${classCount}]`)
    return `gives ${describe(outputs)}, not the ${classCount} classes [N, ${classCount}]`;
  return undefined;
}
