import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTestTensorFlow } from '../../../test/tensorflow.js';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { bestEpoch } from './best-epoch.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { createConfig, type GivenConfig } from './config.js';
import { BACKEND } from './native-kernels.js';
import { type TrainOptions, train } from './trainer.js';

const dataset = tinyDataset();
let tf: TensorFlow;
beforeAll(async () => {
  tf = (await loadTestTensorFlow()).tf;
});

/** 60 images for training: four steps an epoch, the last of 12 images. */
const config = (given: GivenConfig = {}) =>
  createConfig({ epochs: 2, batchSize: 16, limit: 75, valSplit: 0.2, seed: 7, ...given });

async function run(given: GivenConfig = {}, options: Partial<TrainOptions> = {}) {
  const result = await train({ tf, dataset, source: { dataset: 'tiny' }, config: config(given), ...options });
  const prediction = tf.tidy(() => [
    ...(result.model.predict(tf.ones([1, 28, 28, 1])) as typeof tf.Tensor.prototype).dataSync(),
  ]);
  result.model.dispose();
  return { ...result, prediction };
}

/** Runs until so many steps are done, as a Ctrl-C then would have it. */
async function runSteps(count: number, given: GivenConfig = {}, from?: Checkpoint) {
  const controller = new AbortController();
  let left = count;
  return run(given, {
    from,
    signal: controller.signal,
    onStep: () => {
      if (--left === 0) controller.abort();
    },
  });
}

/** The whole state with every bit of the weights, in a form that is quick to compare. */
const stateOf = ({ history, ...state }: Checkpoint) => ({
  history,
  sha256: createHash('sha256')
    .update(encodeCheckpoint({ ...state, history, config: config() }))
    .digest('hex'),
});
const throughFile = (checkpoint: Checkpoint) => decodeCheckpoint(encodeCheckpoint(checkpoint), 'checkpoint');

describe('training', () => {
  test('leaves no TensorFlow graphs behind, also where it fails in the middle', async ({ skip }) => {
    skip(tf.getBackend() !== BACKEND, 'only native TensorFlow has graphs');
    const backend = tf.backend() as unknown as { getNumOfSavedModels(): number };
    let underWay = 0;
    const onEpoch = async () => {
      underWay = backend.getNumOfSavedModels();
      throw new Error('the disk is full');
    };
    const before = backend.getNumOfSavedModels();
    await expect(run({}, { onEpoch })).rejects.toThrow('the disk is full');
    expect(underWay).toBeGreaterThan(before);
    await run();
    expect(backend.getNumOfSavedModels()).toBe(before);
  });

  test('learns', async () => {
    const { checkpoint } = await run({ epochs: 6, lr: 0.003, lrDecay: 0.9 });
    expect(checkpoint.history.at(-1)!.test.accuracy).toBeGreaterThan(0.9);
    expect(checkpoint.history.at(-1)!.training.loss).toBeLessThan(checkpoint.history[0]!.training.loss);
  });

  test('the same seed gives the same weights bit for bit, another seed others', async () => {
    const [first, second, other] = [await run(), await run(), await run({ seed: 8 })];
    expect(stateOf(second.checkpoint)).toEqual(stateOf(first.checkpoint));
    expect(other.checkpoint.weights[0]).not.toEqual(first.checkpoint.weights[0]);
    expect(other.checkpoint.history).not.toEqual(first.checkpoint.history);
  });

  test('tensors neither pile up over the epochs nor stay behind', async () => {
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    const onEpoch = async () => void counts.push(tf.memory().numTensors);
    await run({ epochs: 3 }, { onEpoch });
    expect(counts).toEqual([counts[0], counts[0], counts[0]]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the model has the best epoch’s weights, not the last’s', async () => {
    // Steps so wide that later epochs spoil what the first learned.
    const { checkpoint, prediction } = await run({ epochs: 4, lr: 0.05, lrDecay: 1 });
    const { best, history } = checkpoint;
    expect(best!.epoch).toBe(bestEpoch(history)!.epoch);
    expect(best!.epoch).toBeLessThan(4);
    const shorter = await run({ epochs: best!.epoch, lr: 0.05, lrDecay: 1 });
    expect(best!.weights[0]).toEqual(shorter.checkpoint.weights[0]);
    expect(prediction).toEqual(shorter.prediction);
  });

  test('averaged weights are what is scored and kept, and training goes on without them', async () => {
    const [plain, averaged] = [await run(), await run({ weightAveraging: 0.9 })];
    expect(averaged.checkpoint.weights).toEqual(plain.checkpoint.weights);
    expect(averaged.checkpoint.history[0]!.training).toEqual(plain.checkpoint.history[0]!.training);
    expect(averaged.checkpoint.history[0]!.validation).not.toEqual(plain.checkpoint.history[0]!.validation);
    expect(averaged.checkpoint.best!.weights[0]).not.toEqual(plain.checkpoint.best!.weights[0]);
  });

  test('patience ends the run when validation stops improving', async () => {
    const { checkpoint, interrupted } = await run({ epochs: 9, patience: 1, lr: 0.05, lrDecay: 1 });
    expect(checkpoint.history.length).toBe(checkpoint.best!.epoch + 1);
    expect(interrupted).toBe(false);
  });

  test('what no configuration may hold is refused before anything is trained', async () => {
    const before = tf.memory().numTensors;
    const refused = (changes: object) => run({}, { config: { ...config(), ...changes } });
    await expect(refused({ batchSize: 0 })).rejects.toThrow(
      '--batch-size must be a whole number from 1 to 8192',
    );
    await expect(refused({ arch: 'resnet' })).rejects.toThrow(
      expect.objectContaining({
        message: 'there is no architecture resnet',
        hint: 'Give --arch one of cnn, deep, mlp, or a tfjs model.json.',
      }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a loss that is no number ends the run, says where, and leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    await expect(run({}, { dataset: mislabelled() })).rejects.toThrow(
      /^the loss is no longer a number in epoch \d+, step \d+$/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** Labels outside the network's classes: their logit is missing, and so the loss is no number. */
function mislabelled() {
  const { train: images, ...rest } = tinyDataset();
  return { ...rest, train: { ...images, labels: images.labels.map(() => 9) } };
}

describe('a resumed run equals an uninterrupted one', () => {
  let whole: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    whole = await run();
  });

  test.each([
    ['in the middle of the first epoch', 2],
    ['after the first epoch’s last step', 4],
    ['in the middle of the second epoch', 7],
  ])('stopped %s', async (_, steps) => {
    const stopped = await runSteps(steps);
    expect(stopped.interrupted).toBe(true);
    const resumed = await run({}, { from: throughFile(stopped.checkpoint) });
    expect(stateOf(resumed.checkpoint)).toEqual(stateOf(whole.checkpoint));
    expect(resumed.prediction).toEqual(whole.prediction);
  });

  test('from the checkpoint that an epoch leaves, as after a crash', async () => {
    const checkpoints: Checkpoint[] = [];
    await run({}, { onEpoch: async (_, checkpoint) => void checkpoints.push(checkpoint) });
    const resumed = await run({}, { from: throughFile(checkpoints[0]!) });
    expect(stateOf(resumed.checkpoint)).toEqual(stateOf(whole.checkpoint));
  });

  test('stopped at every step', async () => {
    let stopped = await runSteps(1);
    while (stopped.interrupted) stopped = await runSteps(1, {}, throughFile(stopped.checkpoint));
    expect(stateOf(stopped.checkpoint)).toEqual(stateOf(whole.checkpoint));
  });

  test('also when the best epoch lies before the stop', async () => {
    const spoiling = { epochs: 4, lr: 0.05, lrDecay: 1 };
    const uninterrupted = await run(spoiling);
    const stopped = await runSteps(13, spoiling);
    expect(stopped.checkpoint.best!.epoch).toBe(uninterrupted.checkpoint.best!.epoch);
    const resumed = await run(spoiling, { from: throughFile(stopped.checkpoint) });
    expect(stateOf(resumed.checkpoint)).toEqual(stateOf(uninterrupted.checkpoint));
  });

  test('with batch normalization, augmentation and averaged weights', async () => {
    const given = { arch: 'deep', weightAveraging: 0.9, augment: 1, synthetic: 0, nonDigits: 0, epochs: 2 };
    const config = { batchSize: 16, valSplit: 0.2, ...given };
    const uninterrupted = await run(config);
    const stopped = await runSteps(6, config);
    const resumed = await run(config, { from: throughFile(stopped.checkpoint) });
    expect(stateOf(resumed.checkpoint)).toEqual(stateOf(uninterrupted.checkpoint));
    expect(resumed.prediction).toEqual(uninterrupted.prediction);
  });

  test('extended from one epoch to two', async () => {
    const short = await run({ epochs: 1 });
    expect(short.interrupted).toBe(false);
    const extended = await run({ epochs: 2 }, { from: throughFile(short.checkpoint) });
    expect(stateOf(extended.checkpoint)).toEqual(stateOf(whole.checkpoint));
  });
});
