import { join } from 'node:path';
import { loadDataset } from '../dataset/index.js';
import { createAtomicFile } from '../files.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import { type EvaluationRun, runEvaluation, testSetOf } from './evaluate.js';
import { writeFigures } from './write-results.js';

export interface MeasureOptions {
  readonly model: OpenModel;
  /** As for `loadDataset`; `auto` by default. */
  readonly dataset?: string | undefined;
  readonly dataDir?: string | undefined;
  /** The first so many images, by default all. */
  readonly limit?: number | undefined;
  readonly resultsDir: string;
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
  return writeFigures(resultsDir, run);
}
