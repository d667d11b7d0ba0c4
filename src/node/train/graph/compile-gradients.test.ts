import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { loadTestTensorFlow } from '../../../../test/tensorflow.js';
import { createRandom, createRandomBits } from '../../../core/random.js';
import type { TensorFlow } from '../../tensorflow/load.js';
import { type ArchitectureName, buildModel } from '../architectures.js';
import type { Batch } from '../data.js';
import { createForward, type Forward } from '../forward.js';
import { type BatchGradients, eagerGradients, type GradientsSetting } from '../gradients.js';
import { useNativeGradients } from '../native-gradients.js';
import { BACKEND, type NodeBackend } from '../native-kernels.js';
import { compileGradients } from './compile-gradients.js';

let tf: TensorFlow;
let backend: NodeBackend & { getNumOfSavedModels(): number };
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
  backend = tf.backend() as never;
  useNativeGradients(tf);
});
beforeEach(({ skip }) => skip(tf.getBackend() !== BACKEND, 'only native TensorFlow has graphs'));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const SIDE = 12;

type NetworkName = ArchitectureName | 'normalized';

function settingOf(name: NetworkName, forwardOf?: (forward: Forward) => Forward): GradientsSetting {
  const spec = { height: SIDE, width: SIDE, classCount: 10, dropout: 0.2, seed: 3 };
  const model = name === 'normalized' ? buildNormalized() : buildModel(tf, name, spec);
  const forward = createForward(tf, model);
  return { tf, model, forward: forwardOf?.(forward) ?? forward, labelSmoothing: 0.1 };
}

/** A small network with batch normalization. */
function buildNormalized(): LayersModel {
  const { conv2d, batchNormalization, flatten, dense, activation } = tf.layers;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
  return tf.sequential({
    layers: [
      conv2d({ inputShape: [SIDE, SIDE, 1], filters: 4, kernelSize: 3, useBias: false, kernelInitializer }),
      batchNormalization(),
      flatten(),
      dense({ units: 10, kernelInitializer }),
      activation({ activation: 'softmax' }),
    ],
  });
}

function batchOf(seed: number, count: number): Batch {
  const random = createRandom(seed);
  return {
    pixels: Float32Array.from({ length: count * SIDE * SIDE }, random),
    labels: Int32Array.from({ length: count }, () => Math.floor(10 * random())),
    shape: [count, SIDE, SIDE, 1],
  };
}

/** What a batch gave, and the weights after a small step along it, as bits. */
function step(model: LayersModel, of: () => BatchGradients): number[][] {
  return tf.tidy(() => {
    const { logits, gradients } = of();
    for (const [i, weight] of model.trainableWeights.entries()) {
      const variable = weight.read() as Variable;
      variable.assign(tf.sub(variable, tf.mul(gradients[i]!, 0.1)));
    }
    const values = [logits, ...[...gradients, ...model.getWeights()].map((tensor) => tensor.dataSync())];
    return values.map((part) => [...new Uint32Array((part as Float32Array).slice().buffer)]);
  });
}

/** Steps of a compiled function and of a twin's ops; batches of 4, and at last some of 3. */
function compare(name: NetworkName, forwardOf?: (forward: Forward) => Forward) {
  const [own, twin] = [settingOf(name, forwardOf), settingOf(name, forwardOf)];
  let eagerSteps = 0;
  const gradients = compileGradients(own, (batch, dropout) => {
    eagerSteps++;
    return eagerGradients(own, batch, dropout);
  });
  const steps = [4, 4, 4, 4, 4, 3, 4, 3, 3, 3].map((count, i) => {
    const batch = batchOf(i, count);
    return {
      got: step(own.model, () => gradients.of(batch, createRandomBits(i))),
      expected: step(twin.model, () => eagerGradients(twin, batch, createRandomBits(i))),
    };
  });
  gradients.dispose();
  for (const { model } of [own, twin]) model.dispose();
  return { steps, eagerSteps };
}

test.each(['cnn', 'mlp', 'normalized', 'deep'] as const)(
  '%s: a graph gives the bits that the ops give one by one',
  (name) => {
    const graphs = vi.spyOn(backend, 'runSavedModel');
    const { steps, eagerSteps } = compare(name);
    for (const [i, { got, expected }] of steps.entries()) expect(got, `step ${i}`).toEqual(expected);
    // Of each of the two shapes a batch is seen, one recorded, and one compared.
    expect(eagerSteps).toBe(6);
    expect(graphs).toHaveBeenCalledTimes(2 * (2 + 4));
  },
);

test('a network that looks at its results on the way keeps to its ops', () => {
  const looksAtResult =
    (forward: Forward): Forward =>
    (images, mask) => {
      const output = forward(images, mask) as Tensor;
      return tf.mul(output, output.dataSync()[0]! > 0 ? 2 : 3);
    };
  const { steps, eagerSteps } = compare('mlp', looksAtResult);
  for (const { got, expected } of steps) expect(got).toEqual(expected);
  expect(eagerSteps).toBe(steps.length);
});

test.each([
  ['loadSavedModelMetaGraph', 0],
  // The graph of the way back.
  ['loadSavedModelMetaGraph', 1],
  ['runSavedModel', 0],
] as const)('where the library fails at %s after %i calls, training goes on op by op', (method, good) => {
  const before = backend.getNumOfSavedModels();
  const original = backend[method] as (...call: unknown[]) => never;
  let calls = 0;
  const spy = vi.spyOn(backend, method).mockImplementation((...call: unknown[]) => {
    if (calls++ % (good + 1) < good) return original.apply(backend, call);
    throw new Error('Failed to load SavedModel');
  });
  const { steps, eagerSteps } = compare('cnn');
  for (const { got, expected } of steps) expect(got).toEqual(expected);
  expect(eagerSteps).toBe(steps.length);
  // For each of the two shapes it is tried once.
  expect(spy).toHaveBeenCalledTimes(2 * (good + 1));
  expect(backend.getNumOfSavedModels()).toBe(before);
});

test.each([
  // The first of what the way there gives, and of what the way back does.
  ['logits', 'cnn', 0, 0],
  ['gradients', 'cnn', 1, 0],
  ['moving averages', 'normalized', 0, -1],
] as const)('a graph that gives other %s is not used', (_, name, part, index) => {
  const before = backend.getNumOfSavedModels();
  const { runSavedModel } = backend;
  let calls = 0;
  vi.spyOn(backend, 'runSavedModel').mockImplementation((...call) => {
    const results = runSavedModel.apply(backend, call);
    if (calls++ % 2 !== part) return results;
    const other = results.at(index)!;
    return results.map((tensor) => (tensor === other ? tf.mul(tensor, 1.000001) : tensor));
  });
  const { steps, eagerSteps } = compare(name);
  for (const { got, expected } of steps) expect(got).toEqual(expected);
  expect(eagerSteps).toBe(steps.length);
  expect(backend.getNumOfSavedModels()).toBe(before);
});

test('graphs leave neither files nor memory behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mnist-onnx-test-'));
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('TEMP', folder);
  compare('cnn');
  const before = { graphs: backend.getNumOfSavedModels(), tensors: tf.memory().numTensors };
  compare('cnn');
  expect({ graphs: backend.getNumOfSavedModels(), tensors: tf.memory().numTensors }).toEqual(before);
  expect(readdirSync(folder)).toEqual([]);
  // Nothing is recorded any longer.
  expect(Object.hasOwn(backend, 'executeSingleOutput')).toBe(false);
  rmSync(folder, { recursive: true });
});
