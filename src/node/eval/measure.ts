import { join } from 'node:path';
import type { LabelledImages } from '../../core/dataset/dataset.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { loadDataset } from '../dataset/index.js';
import { assertWritable, writeFileAtomic } from '../files.js';
import { withFolder } from '../folder-lock.js';
import { measureParity } from '../report/parity.js';
import { renderReport } from '../report/report.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import { type EvaluationRun, runEvaluation } from './evaluate.js';
import { loadImageFolder } from './image-folder.js';
import { drawPictures, EVALUATION_PICTURES, TRAINING_PICTURES } from './pictures.js';
import { measureRobustness } from './robustness.js';
import { type TestSet, testSetOf } from './test-set.js';
import { findTrainingRecord } from './training-record.js';
import { removeOthers, type WrittenPicture, writeFigures, writePictures } from './write-results.js';

/** Where the images come from that a model is measured on. */
export interface TestSetOptions {
  /** As for `loadDataset`; `auto` by default. */
  readonly dataset?: string | undefined;
  readonly dataDir?: string | undefined;
  /** A folder of labelled pictures, in place of a data set. */
  readonly images?: string | undefined;
  /** Reads the pictures among them that show several digits. */
  readonly model?: OpenModel | undefined;
  /** The first so many images, by default all. */
  readonly limit?: number | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

export interface MeasureOptions extends TestSetOptions {
  readonly model: OpenModel;
  readonly resultsDir: string;
  /** The pictures and the report; true by default. */
  readonly pictures?: boolean | undefined;
  /** Also on the same images made worse. */
  readonly corruptions?: boolean | undefined;
  /** Charts as SVG too. */
  readonly svg?: boolean | undefined;
  /** Is given the evaluation as soon as it stands, before anything is written. */
  readonly onEvaluation?: (run: EvaluationRun) => void;
}

/**
 * Loads the images to measure on.
 *
 * @param classes the model's, which the labels of pictures are sought in
 * @returns also samples of the training images, where there are any
 * @throws UserError if they cannot be read.
 */
export async function loadTestSet(
  { dataset: name = 'auto', dataDir, images: folder, model, limit, reporter, signal }: TestSetOptions,
  classes: readonly string[],
): Promise<{ testSet: TestSet; samples?: LabelledImages }> {
  if (folder !== undefined) {
    return { testSet: await loadImageFolder({ folder, classes, model, limit, reporter, signal }) };
  }
  const dataset = await loadDataset({ dataset: name, dataDir, reporter, signal });
  return { testSet: testSetOf(dataset, limit), samples: dataset.train };
}

/**
 * Measures a model and writes all that can be said of it; returns the files' paths.
 *
 * @throws UserError if the data cannot be read, the model does not fit it, or the results cannot be written.
 */
export async function measure(options: MeasureOptions): Promise<string[]> {
  const { model, resultsDir, reporter, signal } = options;
  // Found out before the work, not after it.
  await assertWritable(...['metrics.json', 'predictions.csv'].map((name) => join(resultsDir, name)));
  const { testSet, samples } = await loadTestSet(options, model.info.classes);
  const clean = await runEvaluation({ model, testSet, reporter, signal });
  const run = options.corruptions ? await withRobustness(clean, options) : clean;
  options.onEvaluation?.(run);
  // Results of two commands in one folder would be neither's.
  const alone = { purpose: 'results', reporter, signal } as const;
  return withFolder(resultsDir, alone, () => writeResults(options, run, samples));
}

async function writeResults(
  options: MeasureOptions,
  run: EvaluationRun,
  samples: LabelledImages | undefined,
): Promise<string[]> {
  const { model, resultsDir, reporter } = options;
  const { removed, wereEvaluated } = await removeOthers(resultsDir, run.evaluation);
  // What a training drew is drawn anew.
  if (removed.length > 0 && (wereEvaluated || options.pictures === false))
    reporter.note(
      `removed from ${resultsDir}, being of another model or other images: ${removed.join(', ')} (--results-dir keeps results apart)`,
    );
  const paths = await writeFigures(resultsDir, run);
  if (options.pictures === false) return paths;
  const record = await findTrainingRecord(model);
  const pictures = await draw(options, run, samples, record);
  const parity = await measureParity(model, run, { resultsDir, reporter });
  const report = join(resultsDir, 'report.html');
  await writeFileAtomic(report, await renderReport({ run, model, record, parity, pictures }));
  return [...paths, ...pictures.map(({ path }) => path), report];
}

async function withRobustness(
  run: EvaluationRun,
  { model, reporter, signal }: MeasureOptions,
): Promise<EvaluationRun> {
  const { timing, ...evaluation } = run.evaluation;
  const robustness = await measureRobustness({ model, testSet: run.testSet, reporter, signal });
  return { ...run, evaluation: { ...evaluation, robustness, timing } };
}

async function draw(
  { model, resultsDir, svg, reporter, signal }: MeasureOptions,
  run: EvaluationRun,
  samples: LabelledImages | undefined,
  record: TrainingRecord | undefined,
): Promise<WrittenPicture[]> {
  const progress = reporter.progress('drawing', TRAINING_PICTURES.length + EVALUATION_PICTURES.length);
  const drawn = drawPictures({ run, model, samples, record });
  const written = await writePictures(resultsDir, drawn, {
    svg,
    onPicture: (done) => progress.update(done),
    signal,
  });
  progress.end(`${written.length} pictures`);
  return written;
}
