import { type CalibrationBin, measureCalibration } from '../../core/calibration.js';
import { checkScores, classify } from '../../core/classify.js';
import type { Dataset } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { MNIST_SIZE } from '../../core/image.js';
import { type ClassificationMetrics, measureClassification, topConfusions } from '../../core/metrics.js';
import { type Interval, wilsonInterval } from '../../core/statistics.js';
import { checkOwnData } from '../dataset/own-data.js';
import { packageVersion } from '../paths.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import type { TextScore } from './read-text.js';
import type { Robustness } from './robustness.js';
import { type SkippedImage, type TestSet, testSetOf } from './test-set.js';

/** What `evaluate` found: what was measured, on what, and how well it did. */
export interface Evaluation extends ClassificationMetrics {
  readonly model: { readonly path: string; readonly sha256: string; readonly sizeBytes: number };
  readonly dataset: { readonly name: string; readonly sha256: string; readonly split: string };
  readonly runtime: { readonly name: string; readonly device: string };
  readonly classes: readonly string[];
  /** Wilson's 95% interval of the accuracy. */
  readonly accuracyInterval: Interval;
  /** The expected calibration error, from 0 to 1. */
  readonly ece: number;
  readonly calibration: readonly CalibrationBin[];
  /** The most frequent mistakes, by the classes' names. */
  readonly topConfusions: readonly {
    readonly actual: string;
    readonly predicted: string;
    readonly count: number;
    readonly share: number;
  }[];
  /** Versions of what measured, by package name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Images that could not be measured. */
  readonly skipped?: readonly SkippedImage[] | undefined;
  /** How pictures of several digits were read as a whole, where there were any. */
  readonly texts?: TextScore | undefined;
  /** The same images made worse, where that was asked for. */
  readonly robustness?: readonly Robustness[] | undefined;
  /** The only part that differs from run to run: wall-clock milliseconds, and images a second. */
  readonly timing: { readonly durationMs: number; readonly imagesPerSecond: number };
}

/** An evaluation with the single predictions that it sums up. */
export interface EvaluationRun {
  readonly evaluation: Evaluation;
  readonly testSet: TestSet;
  /** [N, number of classes] */
  readonly probabilities: Float32Array;
}

/** What `runEvaluation` measures, on what. */
export interface EvaluateOptions {
  readonly model: OpenModel;
  readonly testSet: TestSet;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a model over a data set's test images.
 *
 * @param options.limit the first so many images, by default all
 * @throws UserError if the model's classes are not the data set's, or its images are not 28x28.
 */
export async function evaluate(options: {
  model: OpenModel;
  dataset: Dataset;
  limit?: number | undefined;
  reporter: Reporter;
  signal?: AbortSignal | undefined;
}): Promise<Evaluation> {
  const { dataset, limit, ...rest } = options;
  return (await runEvaluation({ ...rest, testSet: testSetOf(dataset, limit) })).evaluation;
}

/**
 * Runs a model over images, and gives the single predictions too.
 *
 * @throws UserError as `evaluate`.
 */
export async function runEvaluation(options: EvaluateOptions): Promise<EvaluationRun> {
  const { model, testSet, reporter, signal } = options;
  const { info, session } = model;
  checkFit(model, testSet);
  // Labels of pictures are the model's own.
  if (!testSet.files) checkOwnData({ ...info, path: model.path }, testSet, { use: 'measured on', reporter });
  const { images } = testSet;
  const progress = reporter.progress('evaluating', images.count);
  const started = performance.now();
  const scores = await classify(session, info, images.pixels, {
    onProgress: (done) => {
      signal?.throwIfAborted();
      progress.update(done);
    },
  });
  const durationMs = performance.now() - started;
  progress.end(`${images.count} ${testSet.texts ? 'digits' : 'images'}`);
  checkScores(scores);
  const { logits, probabilities } = scores;
  const { classes } = info;
  const metrics = measureClassification(logits, images.labels, classes.length);
  const { ece, bins } = measureCalibration(probabilities, images.labels, classes.length);
  const evaluation: Evaluation = {
    model: { path: model.path, sha256: model.sha256, sizeBytes: model.sizeBytes },
    dataset: { name: testSet.name, sha256: testSet.sha256, split: testSet.split },
    runtime: { name: session.runtime, device: session.device },
    classes,
    ...metrics,
    accuracyInterval: wilsonInterval(metrics.correct, metrics.count),
    ece,
    calibration: bins,
    topConfusions: topConfusions(metrics.confusion).map(({ actual, predicted, ...rest }) => ({
      actual: classes[actual]!,
      predicted: classes[predicted]!,
      ...rest,
    })),
    versions: versionsOf(model),
    skipped: testSet.skipped,
    texts: testSet.texts,
    timing: {
      durationMs: Math.round(durationMs),
      imagesPerSecond: Math.round((1000 * images.count) / durationMs),
    },
  };
  return { evaluation, testSet, probabilities };
}

/** `onnxruntime-node 1.30.0` and ours, with Node's own. */
function versionsOf({ session }: OpenModel): Record<string, string> {
  const [runtime, version] = session.runtime.split(' ');
  return { 'mnist-onnx': packageVersion(), [runtime!]: version ?? '', node: process.version.slice(1) };
}

function checkFit({ path, info }: OpenModel, { name, classes, images }: TestSet): void {
  if (classes.length !== info.classes.length) {
    throw new UserError(
      `${path} knows ${info.classes.length} classes, the data set ${name} has ${classes.length}`,
      {
        hint: 'Evaluate on the data that the model was trained on, or train on this data set.',
      },
    );
  }
  if (images.count === 0) throw new UserError(`the data set ${name} has no test images`);
  if (images.width !== MNIST_SIZE || images.height !== MNIST_SIZE) {
    throw new UserError(
      `the data set ${name} has images of ${images.width}x${images.height} pixels, not 28x28`,
    );
  }
}
