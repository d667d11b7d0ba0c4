import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveToArtifacts } from '../../core/convert/artifacts.js';
import { silentReporter } from '../reporter.js';
import { loadLayersModel } from '../tensorflow/layers-model.js';
import { loadTensorFlow } from '../tensorflow/load.js';
import { loadReference } from './reference.js';

let cache: string;
beforeAll(async () => {
  // An empty one: the reference runs on WASM, whatever this machine has.
  cache = await mkdtemp(join(tmpdir(), 'reference-'));
  process.env.MNIST_ONNX_CACHE = cache;
});
afterAll(() => rm(cache, { recursive: true }));

test('a model whose logits cannot be loaded does not stay in memory', async () => {
  const { tf } = await loadTensorFlow({ backend: 'wasm', reporter: silentReporter });
  const layer = tf.layers.dense({ units: 3, inputShape: [4], activation: 'softmax' });
  const artifacts = await saveToArtifacts(tf.sequential({ layers: [layer] }));
  let reads = 0;
  const damagedLater = {
    ...artifacts,
    get weightSpecs() {
      reads++;
      return reads === 1 ? artifacts.weightSpecs : [];
    },
  };
  const leftBy = async (work: Promise<unknown>) => {
    const before = tf.memory().numTensors;
    await expect(work).rejects.toThrow('tfjs itself cannot load this model');
    return tf.memory().numTensors - before;
  };
  // What tfjs itself leaves of a load that fails.
  const own = await leftBy(loadLayersModel(tf, { ...artifacts, weightSpecs: [] }));
  const options = { isClassifier: true, endsInSoftmax: true, reporter: silentReporter };
  expect(await leftBy(loadReference(damagedLater, options))).toBe(own);
  expect(reads).toBe(2);
});
