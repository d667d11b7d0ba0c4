import type { Tensor } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import { saveToArtifacts, weightBytes } from '../../core/convert/artifacts.js';
import { loadLayersModel } from './layers-model.js';

test('a model is loaded whatever its weights come in: bytes, one buffer, or several', async () => {
  const { tf } = await loadTestTensorFlow();
  const layer = tf.layers.dense({ units: 3, inputShape: [4], kernelInitializer: 'randomNormal' });
  const model = tf.sequential({ layers: [layer] });
  const artifacts = await saveToArtifacts(model);
  const bytes = weightBytes(artifacts);
  const whole = new Uint8Array(bytes).buffer;
  const expected = (model.predict(tf.ones([1, 4])) as Tensor).dataSync();
  for (const weightData of [bytes, whole, [whole.slice(0, 20), whole.slice(20)]]) {
    const loaded = await loadLayersModel(tf, { ...artifacts, weightData });
    expect((loaded.predict(tf.ones([1, 4])) as Tensor).dataSync()).toEqual(expected);
  }
});
