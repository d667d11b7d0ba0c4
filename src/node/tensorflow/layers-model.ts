import type { LayersModel } from '@tensorflow/tfjs';
import { type ModelArtifacts, weightBytes } from '../../core/convert/artifacts.js';
import { messageOf, UserError } from '../../core/errors.js';
import type { TensorFlow } from './load.js';

/**
 * Loads a saved model into tfjs.
 *
 * @throws UserError if tfjs cannot load it.
 */
export async function loadLayersModel(tf: TensorFlow, artifacts: ModelArtifacts): Promise<LayersModel> {
  const weightData = new Uint8Array(weightBytes(artifacts)).buffer;
  try {
    return await tf.loadLayersModel(
      tf.io.fromMemory({ ...artifacts, weightData } as Parameters<typeof tf.io.fromMemory>[0] & object),
    );
  } catch (cause) {
    throw new UserError(`tfjs itself cannot load this model: ${messageOf(cause).split('\n')[0]}`, { cause });
  }
}
