import { join } from 'node:path';
import type { LabelledImages } from '../../core/dataset/dataset.js';
import { loadDataset } from '../dataset/index.js';
import { createAtomicFile } from '../files.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import { type EvaluationRun, runEvaluation, testSetOf } from './evaluate.js';
import { drawPictures } from './pictures.js';
import { findTrainingRecord } from './training-record.js';
import { type WrittenPicture, writeFigures, writePictures } from './write-results.js';

const PICTURES = 9;

export interface MeasureOptions {
  readonly model: OpenModel;
  /** As for `loadDataset`; `auto` by default. */
  readonly dataset?: string | undefined;
  readonly dataDir?: string | undefined;
  /** The first so many images, by default all. */
  readonly limit?: number | undefined;
  readonly resultsDir: string;
  /** True by default. */
  readonly pictures?: boolean | undefined;
  /** Charts as SVG too. */
  readonly svg?: boolean | undefined;
  /** Is given the evaluation as soon as it stands, before anything is written. */
  readonly onEvaluation?: (run: EvaluationRun) => void;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a model on a data set and writes all that can be said of it; returns the files' paths.
 *
 * @throws UserError if the data cannot be read, the model does not fit it, or the results cannot be written.
 */
export async function measure(options: MeasureOptions): Promise<string[]> {
  const { model, dataDir, limit, resultsDir, reporter, signal } = options;
  // Found out before the work, not after it.
  await (await createAtomicFile(join(resultsDir, '.writable'))).discard();
  const dataset = await loadDataset({ dataset: options.dataset ?? 'auto', dataDir, reporter, signal });
  const run = await runEvaluation({ model, testSet: testSetOf(dataset, limit), reporter, signal });
  options.onEvaluation?.(run);
  const paths = await writeFigures(resultsDir, run);
  if (options.pictures === false) return paths;
  const pictures = await draw(options, run, dataset.train);
  return [...paths, ...pictures.map(({ path }) => path)];
}

async function draw(
  { model, resultsDir, svg, reporter, signal }: MeasureOptions,
  run: EvaluationRun,
  samples: LabelledImages,
): Promise<WrittenPicture[]> {
  const progress = reporter.progress('drawing', PICTURES);
  const record = await findTrainingRecord(model);
  const drawn = drawPictures({ run, model, samples, record });
  const written = await writePictures(resultsDir, drawn, {
    svg,
    onPicture: (done) => progress.update(done),
    signal,
  });
  progress.end(`${written.length} pictures`);
  return written;
}
