import type { LayersModel } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';

/** Makes a network of layers as tfjs serializes them, with first weights that are to be replaced. */
export function networkFromTopology(tf: TensorFlow, topology: object): Promise<LayersModel> {
  return tf.models.modelFromJSON({ modelTopology: topology } as Parameters<
    typeof tf.models.modelFromJSON
  >[0]);
}
