import { createHash } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Dataset, DIGIT_CLASSES, type LabelledImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { joinImagesAndLabels, parseIdx } from '../../core/idx.js';
import { cacheDir } from '../cache-dir.js';
import { makeFolder } from '../files.js';
import { sha256Of } from '../hash.js';
import { finishInTurns } from '../in-turns.js';
import type { Reporter } from '../reporter.js';
import { downloadMnist } from './download.js';
import { loadFolder } from './folder.js';
import { findMnistIn, locateMnist, type MnistPaths } from './locate.js';
import { MNIST_FILES } from './mnist.js';
import { readIdxBytes } from './read-idx.js';

export { locateMnist } from './locate.js';

/** Which data set is loaded, and where MNIST is found. */
export interface LoadDatasetOptions {
  /** `auto`, `mnist`, `synthetic`, or a folder of IDX files. */
  readonly dataset: string;
  /** The first place where MNIST is sought, and where it is downloaded to. */
  readonly dataDir?: string | undefined;
  readonly reporter: Reporter;
  /** Ends a download or the drawing of synthetic digits. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a data set by name. `auto` is MNIST or, where it cannot be had, the synthetic digits with a warning.
 *
 * @throws UserError if the set cannot be found, downloaded or read. A damaged set is never replaced silently.
 * The signal's reason where it comes while digits are drawn.
 */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  switch (options.dataset) {
    case 'synthetic':
      return makeSynthetic(options);
    case 'mnist':
      return readMnist(await obtainMnist(options));
    case 'auto':
      return loadMnistOrSynthetic(options);
    default:
      return loadFolder(options.dataset, options.reporter);
  }
}

async function loadMnistOrSynthetic(options: LoadDatasetOptions): Promise<Dataset> {
  let paths: MnistPaths;
  try {
    paths = await obtainMnist(options);
  } catch (error) {
    if (!(error instanceof UserError) || options.signal?.aborted) throw error;
    options.reporter.warn(`MNIST cannot be had: ${error.message}`);
    options.reporter.warn(
      'USING SYNTHETIC DIGITS IN ITS PLACE: accuracies are not those of MNIST (--dataset mnist insists on it)',
    );
    return makeSynthetic(options);
  }
  return readMnist(paths);
}

async function obtainMnist(options: LoadDatasetOptions): Promise<MnistPaths> {
  const located = await locateMnist(options.dataDir);
  if (located) return located.paths;
  const folder = options.dataDir ? resolve(options.dataDir) : await downloadFolder();
  const { reporter, signal } = options;
  reporter.note(`MNIST is not on this machine: downloading it to ${folder}`);
  await downloadMnist({ folder, reporter, ...(signal ? { signal } : {}) });
  return (await findMnistIn(folder))!;
}

/** `data/mnist`, or the user's cache where the working folder cannot be written. */
async function downloadFolder(): Promise<string> {
  const here = resolve('data/mnist');
  try {
    await makeFolder(here);
    await access(here, constants.W_OK);
    return here;
  } catch {
    return join(cacheDir(), 'mnist');
  }
}

async function readMnist(paths: MnistPaths): Promise<Dataset> {
  const [trainImages, trainLabels, testImages, testLabels] = MNIST_FILES;
  const read = async (file: (typeof MNIST_FILES)[number]) => {
    const path = paths[file.stem]!;
    const { bytes, sha256 } = await readIdxBytes(path);
    const array = parseIdx(bytes, path);
    if (sha256 === file.sha256) return array;
    throw new UserError(`${path} is not MNIST's: its checksum differs`, {
      hint: 'Delete it, and it will be downloaded again; for another set, give its folder as --dataset.',
    });
  };
  const pair = async (images: (typeof MNIST_FILES)[number], labels: (typeof MNIST_FILES)[number]) =>
    joinImagesAndLabels(await read(images), await read(labels), {
      images: paths[images.stem]!,
      labels: paths[labels.stem]!,
    });
  return {
    name: 'mnist',
    sha256: mnistSha256(),
    classes: DIGIT_CLASSES,
    train: await pair(trainImages, trainLabels),
    test: await pair(testImages, testLabels),
  };
}

/** MNIST's digest as a data set, wherever its files lie. */
export function mnistSha256(): string {
  return hashParts(MNIST_FILES.map((file) => file.sha256));
}

/** The synthetic set is the same everywhere: its seed and its size belong to its definition. */
const SYNTHETIC = { seed: 1, trainCount: 60_000, testCount: 10_000 };

async function makeSynthetic({ reporter, signal }: LoadDatasetOptions): Promise<Dataset> {
  reporter.note(`drawing ${SYNTHETIC.trainCount + SYNTHETIC.testCount} synthetic digits`);
  const { syntheticSplitsSteps } = await import('../../core/dataset/synthetic/index.js');
  const splits = await finishInTurns(syntheticSplitsSteps(SYNTHETIC), signal);
  if (!splits) throw signal!.reason;
  const digest = (images: LabelledImages) => sha256Of(images.pixels, images.labels);
  return {
    name: 'synthetic',
    sha256: hashParts([digest(splits.train), digest(splits.test)]),
    classes: DIGIT_CLASSES,
    ...splits,
  };
}

function hashParts(digests: readonly string[]): string {
  const hash = createHash('sha256');
  for (const digest of digests) hash.update(digest);
  return hash.digest('hex');
}
