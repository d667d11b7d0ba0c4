import type { LayersModel } from '@tensorflow/tfjs';
import type { Confidence } from '../../core/confidence.js';
import type { Dataset, LabelledImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import type { EpochRecord, Score } from '../../core/training-record.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { buildModel, checkArchitecture } from './architectures.js';
import { bestEpoch, isFinished } from './best-epoch.js';
import type { Checkpoint, DatasetSource } from './checkpoint.js';
import { checkNumbers, learningRate, type TrainConfig } from './config.js';
import { addImages, augmentation, epochOrder, mixIn, readBatch, type Split, splitImages } from './data.js';
import { createForward } from './forward.js';
import { createLearner, type Learner, writeWeights } from './learner.js';
import { measureConfidence } from './measure-confidence.js';
import { type CreateNetwork, networkFromTopology } from './network-file.js';
import { addBatch, evaluate, type Sums, scoreOf } from './score.js';
import { randomBitsFor } from './streams.js';
import { createAverage } from './weight-average.js';

/** What `train` learns, from which data, and who is told. */
export interface TrainOptions {
  /** As `loadTensorFlow` gives it. */
  readonly tf: TensorFlow;
  readonly dataset: Dataset;
  /** Is kept in the checkpoints, so that a resumed run finds its data. */
  readonly source: DatasetSource;
  /** As `createConfig` makes it. */
  readonly config: TrainConfig;
  /** Go on from here; the configuration and the data must be the same (but for epochs and patience). */
  readonly from?: Checkpoint | undefined;
  /** Makes the network, where it is not one of the table's. */
  readonly createNetwork?: CreateNetwork | undefined;
  /** A user's own images, to be learned beside the data set. */
  readonly ownImages?: LabelledImages | undefined;
  /** Ends the run after the step at hand. */
  readonly signal?: AbortSignal | undefined;
  /** After each step. */
  readonly onStep?: ((step: StepReport) => void) | undefined;
  /** After each epoch, with everything that a resumed run needs. */
  readonly onEpoch?: ((epoch: EpochRecord, checkpoint: Checkpoint) => Promise<void>) | undefined;
}

/** How far an epoch is. */
export interface StepReport {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done of this epoch, and in all of it. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Over this epoch so far. */
  readonly sums: Readonly<Sums>;
}

/** What `train` gives. */
export interface TrainResult {
  /** With the best epoch's weights, where there is one. The caller disposes of it. */
  readonly model: LayersModel;
  /** Which training images were learned, and which were kept back for validation. */
  readonly split: Split;
  /** On the user's own images that were kept back, before and after; `before` is missing for a resumed run. */
  readonly ownScores:
    | { readonly count: number; readonly before: Score | undefined; readonly after: Score }
    | undefined;
  /** Of that model; missing before the first epoch's end, and where the signal came before it was measured. */
  readonly confidence: Confidence | undefined;
  /** The state at the end; `interrupted` says that epochs are left because the signal came. */
  readonly checkpoint: Checkpoint;
  readonly interrupted: boolean;
}

/**
 * Trains a network. Everything random is a function of the seed and the place in the run, so that the same
 * configuration and data give the same result on one machine and backend, interrupted or not.
 *
 * @throws UserError if the loss is no longer a number, the data cannot be split, or the configuration has a number
 * outside its range or no network of the table.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { tf, dataset, config, from, ownImages, signal } = options;
  checkNumbers(config);
  const parts = splitImages(dataset.train, config);
  const { split, ownValidation } = ownImages
    ? mixIn(parts, ownImages, config)
    : { split: parts, ownValidation: undefined };
  const model = await createNetwork(options);
  const scoreOwn = async () =>
    ownValidation && (await evaluate({ tf, forward: createForward(tf, model) }, ownValidation));
  try {
    const before = from ? undefined : await scoreOwn();
    const checkpoint = await runEpochs(options, model, split);
    const interrupted = signal?.aborted === true && !isFinished(checkpoint.history, config);
    if (checkpoint.best) writeWeights(tf, model, checkpoint.best.weights);
    const confidence = checkpoint.best && (await confidenceOf(options, model, split));
    const after = await scoreOwn();
    const ownScores = after && ownValidation && { count: ownValidation.count, before, after };
    return { model, split, confidence, ownScores, checkpoint, interrupted };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function confidenceOf(
  { tf, dataset, config, signal }: TrainOptions,
  model: LayersModel,
  { validation }: Split,
): Promise<Confidence | undefined> {
  const images = { images: validation, seed: config.seed, classCount: dataset.classes.length };
  return measureConfidence({ tf, forward: createForward(tf, model) }, images, signal);
}

async function createNetwork({
  tf,
  dataset,
  config,
  from,
  createNetwork,
}: TrainOptions): Promise<LayersModel> {
  if (from) return networkFromTopology(tf, from.topology);
  const { height, width } = dataset.train;
  const shape = { height, width, classCount: dataset.classes.length };
  if (createNetwork) return createNetwork(tf, shape);
  checkArchitecture(config.arch);
  return buildModel(tf, config.arch, { dropout: 0, ...config, ...shape });
}

async function runEpochs(options: TrainOptions, model: LayersModel, split: Split): Promise<Checkpoint> {
  const { tf, config, from } = options;
  const learner = createLearner(tf, model, { labelSmoothing: config.labelSmoothing, from });
  try {
    return await runEpochsWith(learner, options, model, split);
  } finally {
    learner.dispose();
  }
}

async function runEpochsWith(
  learner: Learner,
  { tf, dataset, config, source, from, signal, onStep, onEpoch }: TrainOptions,
  model: LayersModel,
  split: Split,
): Promise<Checkpoint> {
  const { validation } = split;
  const history = [...(from?.history ?? [])];
  const sums: Sums = { ...(from?.sums ?? NO_SUMS) };
  let step = from?.step ?? 0;
  let best = from?.best;
  const average = config.weightAveraging > 0 ? createAverage(learner, from?.average) : undefined;
  const topology = model.toJSON(null, false) as object;
  const checkpoint = (): Checkpoint => ({
    config,
    dataset: { name: dataset.name, sha256: dataset.sha256 },
    source,
    backend: tf.getBackend(),
    topology,
    history: [...history],
    step,
    sums: { ...sums },
    weights: learner.weights().map((weights) => weights.slice()),
    adam: structuredClone(learner.adam),
    average: structuredClone(average?.weights),
    best,
  });
  const training = await addImages(split.training, dataset.classes, config, signal);
  if (!training) return checkpoint();
  const stepsPerEpoch = Math.ceil(training.count / config.batchSize);
  const rateAt = (step: number) => learningRate(config, step, stepsPerEpoch);

  while (!isFinished(history, config) && !signal?.aborted) {
    const epoch = history.length;
    const order = epochOrder(training.count, config.seed, epoch);
    while (step < stepsPerEpoch && !signal?.aborted) {
      const indices = order.subarray(step * config.batchSize, (step + 1) * config.batchSize);
      const batch = readBatch(training, indices, augmentation(training, config, [epoch, step]));
      const dropout = randomBitsFor('dropout', config.seed, epoch, step);
      const logits = learner.step(batch, { learningRate: rateAt(epoch * stepsPerEpoch + step), dropout });
      const loss = addBatch(sums, logits, batch.labels);
      step++;
      average?.follow(config.weightAveraging);
      if (!Number.isFinite(loss)) throw diverged(epoch, step, config);
      onStep?.({ epoch: epoch + 1, step, stepsPerEpoch, sums });
      // Lets a Ctrl-C in: the native library holds the thread while it computes.
      await new Promise(setImmediate);
    }
    if (step < stepsPerEpoch) break;
    // The running mean is what is scored and kept; training goes on from the weights themselves.
    const current = learner.weights();
    const scored = average?.weights ?? current;
    if (average) writeWeights(tf, model, scored);
    const validationScore = await evaluate({ tf, forward: learner.forward }, validation, signal);
    const testScore = await evaluate({ tf, forward: learner.forward }, dataset.test, signal);
    if (average) writeWeights(tf, model, current);
    if (!validationScore || !testScore) break;
    if (!Number.isFinite(validationScore.loss + testScore.loss)) throw diverged(epoch, step, config);
    const record: EpochRecord = {
      epoch: epoch + 1,
      learningRate: rateAt((epoch + 1) * stepsPerEpoch - 1),
      training: scoreOf(sums),
      validation: validationScore,
      test: testScore,
    };
    history.push(record);
    if (bestEpoch(history) === record) best = { epoch: record.epoch, weights: structuredClone(scored) };
    step = 0;
    Object.assign(sums, NO_SUMS);
    await onEpoch?.(record, checkpoint());
  }
  return checkpoint();
}

const NO_SUMS: Readonly<Sums> = { count: 0, loss: 0, correct: 0 };

function diverged(epoch: number, step: number, config: TrainConfig): UserError {
  return new UserError(`the loss is no longer a number in epoch ${epoch + 1}, step ${step}`, {
    hint: `Train with a lower learning rate than --lr ${config.lr}.`,
  });
}
