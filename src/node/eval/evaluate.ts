import { classify } from '../../core/classify.js';
import { type Dataset, sliceImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { MNIST_SIZE } from '../../core/image.js';
import { type ClassificationMetrics, measureClassification } from '../../core/metrics.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';

/** What `evaluate` found: what was measured, on what, and how well it did. */
export interface Evaluation extends ClassificationMetrics {
  readonly model: { readonly path: string; readonly sha256: string; readonly sizeBytes: number };
  readonly dataset: { readonly name: string; readonly sha256: string; readonly split: 'test' };
  readonly runtime: { readonly name: string; readonly device: string };
  readonly classes: readonly string[];
  /** The only part that differs from run to run. */
  readonly timing: { readonly durationMs: number; readonly imagesPerSecond: number };
}

/**
 * Runs a model over a data set's test images.
 *
 * @param options.limit the first so many images, by default all
 * @throws UserError if the model's classes are not as many as the data set's, or its images are not 28x28.
 */
export async function evaluate(options: {
  model: OpenModel;
  dataset: Dataset;
  limit?: number | undefined;
  reporter: Reporter;
  signal?: AbortSignal | undefined;
}): Promise<Evaluation> {
  const { model, dataset, reporter, signal } = options;
  const { info, session } = model;
  checkFit(model, dataset);
  const images = sliceImages(dataset.test, 0, options.limit ?? dataset.test.count);
  const progress = reporter.progress('evaluating', images.count);
  const started = performance.now();
  const { logits } = await classify(session, info, images.pixels, {
    onProgress: (done) => {
      signal?.throwIfAborted();
      progress.update(done);
    },
  });
  const durationMs = performance.now() - started;
  progress.end(`${images.count} images`);
  return {
    model: { path: model.path, sha256: model.sha256, sizeBytes: model.sizeBytes },
    dataset: { name: dataset.name, sha256: dataset.sha256, split: 'test' },
    runtime: { name: session.runtime, device: session.device },
    classes: info.classes,
    ...measureClassification(logits, images.labels, info.classes.length),
    timing: {
      durationMs: Math.round(durationMs),
      imagesPerSecond: Math.round((1000 * images.count) / durationMs),
    },
  };
}

function checkFit({ path, info }: OpenModel, { name, classes, test }: Dataset): void {
  if (classes.length !== info.classes.length) {
    throw new UserError(
      `${path} knows ${info.classes.length} classes, the data set ${name} has ${classes.length}`,
      {
        hint: 'Evaluate on the data that the model was trained on, or train on this data set.',
      },
    );
  }
  if (test.count === 0) throw new UserError(`the data set ${name} has no test images`);
  if (test.width !== MNIST_SIZE || test.height !== MNIST_SIZE) {
    throw new UserError(`the data set ${name} has images of ${test.width}x${test.height} pixels, not 28x28`);
  }
}
