import type { LabelledImages } from '../../core/dataset/dataset.js';
import { sliceImages } from '../../core/dataset/dataset.js';
import { messageOf, UserError } from '../../core/errors.js';
import { type ModelPrecision, precisionOf } from '../../core/onnx/precision.js';
import { readOnnx } from '../../core/onnx/read.js';
import { type ParityBar, PROCESSORS, parityBar } from '../../core/parity/bars.js';
import { compareScores, type ScoreDifference } from '../../core/parity/compare.js';
import { findBrowser } from '../browser/find-browser.js';
import { loadDataset } from '../dataset/index.js';
import { formatDuration, type Reporter } from '../reporter.js';
import { type OpenModel, openModel } from '../runtime/index.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import { RUNTIMES, type RuntimeName } from './names.js';
import type { RuntimeContext, RuntimeScores } from './runtime-scores.js';
import { runRuntime } from './runtimes.js';

/** Which model is compared, in which runtimes, on which images. */
export interface ParityOptions {
  /** As for `openModel`. */
  readonly model?: string | undefined;
  /** Two or more that must be there; by default all, and one that is not there is skipped. */
  readonly runtimes?: readonly RuntimeName[] | undefined;
  /** The tfjs model; by default the folder with the ONNX file's name. */
  readonly tfjs?: string | undefined;
  /** By default the one that `findBrowser` finds. */
  readonly browser?: string | undefined;
  /** The largest difference that is accepted, in place of `parityBar`'s. */
  readonly atol?: number | undefined;
  /** As for `loadDataset`. */
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  /** The first so many test images, by default all. */
  readonly limit?: number | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/** How a runtime fared. */
export interface RuntimeOutcome {
  readonly name: RuntimeName;
  readonly status: 'ran' | 'skipped' | 'failed';
  /** What it is and runs on, or why it was skipped or failed. */
  readonly detail: string;
  /** Classified by it. */
  readonly images: number;
  /** Wall-clock milliseconds of the classification, with the runtime's start. */
  readonly durationMs: number;
}

/** Two runtimes against each other. */
export interface ParityPair extends ScoreDifference, ParityBar {
  readonly first: RuntimeName;
  readonly second: RuntimeName;
  readonly passed: boolean;
}

/** What `measureParity` found. */
export interface ParityResult {
  readonly model: Pick<OpenModel, 'path' | 'sha256' | 'sizeBytes'> & {
    readonly precision: ModelPrecision;
    readonly classes: readonly string[];
  };
  readonly dataset: { readonly name: string; readonly sha256: string };
  /** The number of test images. */
  readonly images: number;
  /** What is compared: logits, if all runtimes gave them. */
  readonly quantity: 'logits' | 'probabilities';
  readonly runtimes: readonly RuntimeOutcome[];
  /** Every two runtimes that ran. */
  readonly pairs: readonly ParityPair[];
  /** Did every pair agree, did nothing fail, and was all that was named there? */
  readonly passed: boolean;
  /** Where it did not pass: each reason in a few words. */
  readonly problems: readonly string[];
}

/** A GPU that is a program takes some 50 ms an image. */
const SOFTWARE_LIMIT = 200;

/**
 * Runs the same test images through every runtime of a model and compares each two of them.
 *
 * @returns also the images, in the order of the results' indices
 * @throws UserError if the model or the images cannot be had, or there are not two runtimes to compare.
 */
export async function measureParity(
  options: ParityOptions,
): Promise<{ result: ParityResult; images: LabelledImages }> {
  const { reporter, signal, limit } = options;
  const names = [...new Set(options.runtimes ?? RUNTIMES)];
  // Found out before the work, not after it.
  if (names.length < 2) {
    throw new UserError('--runtimes must name two runtimes or more, which are compared with each other', {
      hint: `There are ${RUNTIMES.join(', ')}; leave it out for all that are there.`,
      exitCode: 2,
    });
  }
  if (options.tfjs !== undefined && !names.includes('tfjs')) {
    throw new UserError('--tfjs names a model, and --runtimes leaves tfjs out', {
      hint: 'Add tfjs to --runtimes, or leave out --tfjs.',
      exitCode: 2,
    });
  }
  findBrowser(options.browser);
  const model = await openModel({ model: options.model, device: 'cpu', reporter });
  try {
    const dataset = await loadDataset(options);
    const images = sliceImages(dataset.test, 0, limit ?? dataset.test.count);
    const context: RuntimeContext = {
      model,
      images,
      tfjsModel: options.tfjs,
      browser: options.browser,
      softwareLimit: limit ?? SOFTWARE_LIMIT,
      reporter,
      signal,
    };
    const outcomes: RuntimeOutcome[] = [];
    const ran: { name: RuntimeName; scores: RuntimeScores }[] = [];
    for (const name of names) {
      const { outcome, scores } = await runOne(name, context);
      outcomes.push(outcome);
      if (scores) ran.push({ name, scores });
    }
    const precision = precisionOf(readOnnx(model.bytes, model.path));
    const quantity = ran.every(({ scores }) => scores.logits) ? 'logits' : 'probabilities';
    const classCount = model.info.classes.length;
    const pairs = ran.flatMap((second, i) =>
      ran
        .slice(0, i)
        .map((first) => comparePair(first, second, { precision, quantity, classCount, atol: options.atol })),
    );
    if (pairs.length === 0) throw nothingToCompare(outcomes);
    const problems = findProblems(pairs, outcomes, options);
    const { path, sha256, sizeBytes, info } = model;
    return {
      images,
      result: {
        model: { path, sha256, sizeBytes, precision, classes: info.classes },
        dataset: { name: dataset.name, sha256: dataset.sha256 },
        images: images.count,
        quantity,
        runtimes: outcomes,
        pairs,
        passed: problems.length === 0,
        problems,
      },
    };
  } finally {
    await model.session.release();
  }
}

async function runOne(
  name: RuntimeName,
  context: RuntimeContext,
): Promise<{ outcome: RuntimeOutcome; scores?: RuntimeScores }> {
  const { reporter, signal } = context;
  const progress = reporter.progress(name, context.images.count);
  const started = performance.now();
  const outcome = (status: RuntimeOutcome['status'], detail: string, images = 0): RuntimeOutcome => {
    const durationMs = performance.now() - started;
    progress.end(
      status === 'ran' ? `${images} images, ${formatDuration(durationMs)}` : `${status}: ${detail}`,
    );
    return { name, status, detail, images, durationMs };
  };
  try {
    const scores = await runRuntime(name, { ...context, onProgress: (done) => progress.update(done) });
    const images = countImages(scores, context);
    return { outcome: outcome('ran', scores.description, images), scores };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { outcome: outcome(error instanceof RuntimeMissing ? 'skipped' : 'failed', messageOf(error)) };
  }
}

/**
 * How many images a runtime gave scores of: all, or as many as a GPU that is a program was asked for.
 *
 * @throws UserError for any other number.
 */
function countImages(
  { logits, probabilities, processor }: RuntimeScores,
  { model, images, softwareLimit }: RuntimeContext,
): number {
  const classCount = model.info.classes.length;
  const counts = processor === 'gpu' ? [images.count, Math.min(images.count, softwareLimit)] : [images.count];
  const count = counts.find((count) => probabilities.length === count * classCount);
  if (count && (logits?.length ?? probabilities.length) === probabilities.length) return count;
  throw new UserError(
    `it gave ${probabilities.length} scores, not ${classCount} for each of ${images.count} images`,
    { hint: 'Name the tfjs model that the ONNX file was made of, with --tfjs.' },
  );
}

function comparePair(
  first: { name: RuntimeName; scores: RuntimeScores },
  second: { name: RuntimeName; scores: RuntimeScores },
  {
    precision,
    quantity,
    classCount,
    atol,
  }: {
    precision: ModelPrecision;
    quantity: ParityResult['quantity'];
    classCount: number;
    atol: number | undefined;
  },
): ParityPair {
  const [a, b] = [first.scores[quantity]!, second.scores[quantity]!];
  const difference = compareScores(a, b, classCount);
  const { notFinite, maxDifference, sameLabels, maxValue } = difference;
  const bar = parityBar({
    precision,
    processor: PROCESSORS.findLast((kind) =>
      [first, second].some(({ scores }) => scores.processor === kind),
    )!,
    withTfjs: [first, second].some(({ name }) => name === 'tfjs'),
    maxValue,
  });
  const accepted = { ...bar, ...(atol === undefined ? {} : { atol }) };
  const passed =
    notFinite === 0 &&
    maxDifference <= accepted.atol &&
    sameLabels.count >= accepted.minAgreement * sameLabels.of;
  return { first: first.name, second: second.name, ...difference, ...accepted, passed };
}

function findProblems(
  pairs: readonly ParityPair[],
  outcomes: readonly RuntimeOutcome[],
  { runtimes }: ParityOptions,
): string[] {
  const failedPairs = pairs.filter(({ passed }) => !passed).length;
  return [
    ...outcomes.flatMap(({ name, status }) => {
      if (status === 'failed') return [`${name} failed`];
      // What was asked for by name must be there.
      return status === 'skipped' && runtimes ? [`${name} was asked for and skipped`] : [];
    }),
    ...(failedPairs > 0 ? [`${failedPairs} of ${pairs.length} pairs failed`] : []),
  ];
}

function nothingToCompare(outcomes: readonly RuntimeOutcome[]): UserError {
  const what = outcomes.map(
    ({ name, status, detail }) => `${name} ${status === 'ran' ? 'ran' : `${status} (${detail})`}`,
  );
  return new UserError(`there are no two runtimes to compare: ${what.join('; ')}`, {
    hint: 'Name more of them with --runtimes, or leave it out for all.',
  });
}
