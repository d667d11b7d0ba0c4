import type { Dataset } from '../../core/dataset/dataset.js';
import { convertSavedModel, readSavedModel } from '../export/index.js';
import { type Reporter, silentReporter } from '../reporter.js';
import { openModelBytes } from '../runtime/index.js';
import { runEvaluation } from './evaluate.js';
import { drawPictures } from './pictures.js';
import { testSetOf } from './test-set.js';
import { writePictures } from './write-results.js';

export interface DrawTrainedOptions {
  /** The folder of a tfjs model. */
  readonly modelDir: string;
  readonly dataset: Dataset;
  readonly resultsDir: string;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Draws what a model that was just trained does on its test images: predictions, mistakes, confusion and so
 * on. Like everything after the training, it runs as ONNX; returns the pictures' paths.
 *
 * @throws UserError if a picture cannot be written.
 */
export async function drawTrainedModel(options: DrawTrainedOptions): Promise<string[]> {
  const { modelDir, dataset, resultsDir, reporter, signal } = options;
  const { bytes } = convertSavedModel(await readSavedModel(modelDir, silentReporter));
  const model = await openModelBytes(bytes, { path: modelDir, device: 'cpu', reporter: silentReporter });
  const progress = reporter.progress('drawing');
  try {
    const testSet = testSetOf(dataset);
    const run = await runEvaluation({ model, testSet, reporter: silentReporter, signal });
    const written = await writePictures(resultsDir, drawPictures({ run, model }), { signal });
    progress.end(`${written.length} pictures of what it does on the test images`);
    return written.map(({ path }) => path);
  } finally {
    await model.session.release();
  }
}
