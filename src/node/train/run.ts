import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { parseTrainingRecord, type TrainingRecord } from '../../core/training-record.js';
import { assertWritable } from '../files.js';
import { type FolderLock, lockFolder, withFolder } from '../folder-lock.js';
import type { Reporter } from '../reporter.js';
import { type BackendChoice, loadTensorFlow } from '../tensorflow/load.js';
import { bestEpoch, isFinished } from './best-epoch.js';
import { type Checkpoint, type DatasetSource, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { type ChosenNetwork, chooseNetwork } from './choose-network.js';
import { type GivenConfig, resumeConfig, type TrainConfig } from './config.js';
import { type BaseData, withoutUnaskedDrawn } from './drawn-images.js';
import { keepSplit } from './keep-split.js';
import { encodeModel, MODEL_FILES, saveModel } from './model-files.js';
import { type DataChoice, obtainDataset } from './obtain-dataset.js';
import { RESULT_FILES, writeResults } from './outputs.js';
import { createTrainingRecord } from './record.js';
import { createTrainingReport } from './report.js';
import { type TrainResult, train } from './trainer.js';

/** What `mnist-onnx train` does, option by option. */
export interface RunTrainingOptions extends DataChoice {
  /** The hyperparameters that were given; the others have their defaults, or the resumed run's values. */
  readonly given: GivenConfig;
  /** Goes on with the interrupted run in `modelDir`. */
  readonly resume: boolean;
  /** A model (folder or model.json) to go on from, instead of first weights. */
  readonly init?: string | undefined;
  readonly backend: BackendChoice;
  /** The folder for the tfjs model, its record and the checkpoint. */
  readonly modelDir: string;
  /** The folder for history.csv and the pictures. */
  readonly resultsDir: string;
  /** A folder for TensorBoard's event files. */
  readonly tensorboard?: string | undefined;
  /** Pictures of what the trained model does; true by default. */
  readonly pictures?: boolean | undefined;
}

/** How a run of `runTraining` ended. */
export interface TrainingOutcome {
  /** Missing where the run was interrupted before its first epoch was done. */
  readonly record: TrainingRecord | undefined;
  readonly interrupted: boolean;
  /** Whether the folder holds a checkpoint of this run, from which it can be resumed. */
  readonly resumable: boolean;
  /** The results written beside the model... */
  readonly results: readonly string[];
  /** ...which, or the model's confidence, are not all there where the signal came meanwhile. */
  readonly resultsMissing: boolean;
  /** Where the data were had from. */
  readonly source: DatasetSource;
}

/**
 * The whole of `mnist-onnx train`: loads the data and TensorFlow, trains, keeps a checkpoint, and writes the
 * best epoch's model, the history and the pictures.
 *
 * @throws UserError for everything that a user can mend; a folder that cannot be written, or in which another
 * run trains, is found first.
 */
export async function runTraining(options: RunTrainingOptions): Promise<TrainingOutcome> {
  const { modelDir, reporter, signal } = options;
  if (options.resume && options.init !== undefined)
    throw new UserError('--resume and --init exclude each other: the run to resume has its network', {
      hint: 'Leave --init away, and name the folder of the run with --model-dir (models/mnist_tuned, where none was given).',
      exitCode: 2,
    });
  // Without a checkpoint to resume, no folder is made.
  if (options.resume) await loadCheckpoint(modelDir);
  const hint = 'Wait until that has ended, or train into another folder: --model-dir.';
  const lock = await lockFolder(modelDir, { purpose: 'training', hint, reporter, signal });
  try {
    return await trainInFolder(options, lock);
  } finally {
    await lock.release();
  }
}

async function trainInFolder(options: RunTrainingOptions, lock: FolderLock): Promise<TrainingOutcome> {
  const { modelDir, resultsDir, tensorboard, reporter, signal } = options;
  const from = options.resume ? await loadCheckpoint(modelDir) : undefined;
  const start = from ? undefined : await chooseNetwork(options);
  const chosen = from ? resumeConfig(from, options.given) : start!.config;
  await assertWritable(
    ...MODEL_FILES.map((name) => join(modelDir, name)),
    ...RESULT_FILES.map((name) => join(resultsDir, name)),
    // Its files have names of their own.
    ...(tensorboard ? [join(tensorboard, '.writable')] : []),
  );
  if (from) noteResumed(from, chosen, reporter);

  const { dataset, baseSha256, source, ownImages } = await obtainDataset(options, from);
  if (!from) await warnOfEarlierRun(modelDir, { name: dataset.name, sha256: baseSha256 }, reporter);
  const base = { ...dataset, sha256: baseSha256, from: source.dataset };
  // A resumed run goes on as it began.
  const config = start ? fitToData(start, base, options) : chosen;
  const loaded = await loadTensorFlow({ backend: options.backend, reporter, signal });
  const { tf } = loaded;
  if (from && from.backend !== tf.getBackend())
    reporter.warn(`the run began on the ${from.backend} backend: its numbers will differ in the last digits`);

  const report = createTrainingReport(reporter, config.epochs);
  const tensorBoard = tensorboard ? await startTensorBoard(tensorboard) : undefined;
  const { model, split, confidence, ownScores, checkpoint, interrupted } = await train({
    tf,
    dataset,
    source,
    config,
    createNetwork: start?.createNetwork,
    ownImages,
    from,
    signal,
    onStep: report.onStep,
    onEpoch: async (epoch, state) => {
      report.onEpoch(epoch, state.best?.epoch === epoch.epoch);
      await lock.check();
      await saveCheckpoint(modelDir, state);
      await tensorBoard?.add(epoch);
    },
  }).finally(() => report.stop(signal?.aborted ? 'interrupted' : 'failed'));
  try {
    if (ownScores) noteOwnScores(ownScores, reporter);
    await lock.check();
    // Also for a finished run: more epochs or another patience belong to it from now on. A run without a
    // single step has nothing that is worth an earlier run's checkpoint.
    const resumable = checkpoint.adam.step > 0;
    if (resumable) await saveCheckpoint(modelDir, checkpoint);
    const best = bestEpoch(checkpoint.history);
    if (!best)
      return { record: undefined, interrupted, resumable, results: [], resultsMissing: false, source };
    const files = await encodeModel(model);
    const record = createTrainingRecord({
      loaded,
      dataset,
      baseSha256,
      split,
      confidence,
      checkpoint,
      best,
      model,
      files,
      interrupted,
    });
    await saveModel(modelDir, files, record);
    const results: string[] = [];
    let resultsMissing = !confidence;
    try {
      await withFolder(resultsDir, { purpose: 'results', reporter, signal }, async () => {
        results.push(...(await writeResults(resultsDir, { record, dataset })));
        if (interrupted || options.pictures === false) return;
        const { drawTrainedModel } = await import('../eval/draw-trained.js');
        results.push(...(await drawTrainedModel({ modelDir, dataset, resultsDir, reporter, signal })));
      });
    } catch (error) {
      // The model is saved, which is to be told also to who does not wait for its pictures.
      if (!signal?.aborted || error instanceof UserError) throw error;
      resultsMissing = true;
    }
    return { record, interrupted, resumable, results, resultsMissing, source };
  } finally {
    model.dispose();
  }
}

function fitToData(
  { config, initial }: ChosenNetwork,
  base: BaseData & Pick<Dataset, 'train'>,
  { given, reporter }: RunTrainingOptions,
): TrainConfig {
  return withoutUnaskedDrawn(keepSplit(config, given, { initial, dataset: base }), given, { base, reporter });
}

function noteResumed({ history, step, source }: Checkpoint, config: TrainConfig, reporter: Reporter): void {
  if (isFinished(history, config)) {
    reporter.note('nothing is left to train: give more --epochs to go on');
    return;
  }
  const after = step > 0 ? `, after step ${step}` : '';
  reporter.note(
    `going on in epoch ${history.length + 1} of ${config.epochs}${after} (dataset ${source.dataset})`,
  );
}

/** What a new run writes over: an unfinished run, or a model of other data. */
async function warnOfEarlierRun(
  modelDir: string,
  data: Pick<Dataset, 'name' | 'sha256'>,
  reporter: Reporter,
): Promise<void> {
  const warn = (what: string, instead: string) =>
    reporter.warn(`${modelDir} holds ${what}: this new run will overwrite it (${instead})`);
  const earlier = await loadCheckpoint(modelDir).catch(() => undefined);
  if (earlier && !isFinished(earlier.history, earlier.config))
    return warn(`a run interrupted in epoch ${earlier.history.length + 1}`, '--resume goes on with it');
  const path = join(modelDir, 'training.json');
  const record = await readFile(path, 'utf8')
    .then((text) => parseTrainingRecord(text, path))
    .catch(() => undefined);
  if (!record || record.dataset.name === data.name) return;
  const { name, sha256, baseSha256 = sha256 } = record.dataset;
  if (baseSha256 !== data.sha256)
    warn(`a model that was trained on ${name}`, '--model-dir chooses another folder');
}

function noteOwnScores(
  { count, before, after }: NonNullable<TrainResult['ownScores']>,
  reporter: Reporter,
): void {
  const right = (score: { accuracy: number }) => Math.round(score.accuracy * count);
  const change = before ? `${right(before)} right before, ${right(after)} after` : `${right(after)} right`;
  reporter.note(`your own images, ${count} of them kept back: ${change}`);
}

async function startTensorBoard(folder: string) {
  const { createTensorBoardWriter } = await import('./tensorboard.js');
  return createTensorBoardWriter(folder);
}
