import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type Dataset,
  DIGIT_CLASSES,
  type LabelledImages,
  MAX_CLASSES,
  sliceImages,
} from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { joinImagesAndLabels, parseIdx } from '../../core/idx.js';
import { readFileOrFail } from '../files.js';
import type { Reporter } from '../reporter.js';
import { readIdxBytes } from './read-idx.js';

/** A pair of IDX files: images and their labels. */
interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

const IMAGES_NAME = /^(?<set>.*?)(?<split>train|t10k|test)[-_]images[-.]idx3[-.]ubyte(?<gz>\.gz)?$/;

/**
 * Loads any set of 28x28 images as IDX files: MNIST's file names, with any prefix (EMNIST's
 * `emnist-digits-train-images-idx3-ubyte.gz`), `t10k` or `test`, gzipped or raw. Where a folder holds several
 * sets, `folder/prefix` names one. An optional `labels.txt` names the classes, one a line.
 *
 * @throws UserError if there is no such set, or if it is damaged.
 */
export async function loadFolder(path: string, reporter: Reporter): Promise<Dataset> {
  const { folder, prefix } = await splitPrefix(path);
  const pairs = await findPairs(folder, prefix);
  const hash = createHash('sha256');
  const load = async (pair: IdxPair): Promise<LabelledImages> => {
    const images = await readIdxBytes(pair.images);
    const labels = await readIdxBytes(pair.labels);
    hash.update(images.sha256).update(labels.sha256);
    const joined = joinImagesAndLabels(
      parseIdx(images.bytes, pair.images),
      parseIdx(labels.bytes, pair.labels),
      pair,
    );
    return basename(pair.images).startsWith('emnist') ? transposeImages(joined) : joined;
  };
  const train = pairs.train && (await load(pairs.train));
  const test = pairs.test && (await load(pairs.test));
  const splits = completeSplits(train, test, folder, reporter);
  const classes = await readClasses(folder, splits);
  if (classes.length > MAX_CLASSES)
    throw new UserError(
      `${folder} has ${classes.length} classes by its labels or their names, and at most ${MAX_CLASSES} can be told apart`,
      { hint: 'Leave some of the classes out.' },
    );
  return {
    name: prefix ? prefix.replace(/[-_.]+$/, '') : basename(folder),
    sha256: hash.digest('hex'),
    classes,
    ...splits,
  };
}

/** `folder` or `folder/prefix`. */
async function splitPrefix(path: string): Promise<{ folder: string; prefix?: string }> {
  const full = resolve(path);
  const isFolder = async (candidate: string) =>
    (await stat(candidate).catch(() => undefined))?.isDirectory() ?? false;
  if (await isFolder(full)) return { folder: full };
  if (await isFolder(dirname(full))) return { folder: dirname(full), prefix: basename(full) };
  throw noSuchSet(path);
}

function noSuchSet(path: string): UserError {
  return new UserError(
    `there is no data set ${path}: neither a folder nor the beginning of IDX files' names`,
    {
      hint: 'Use --dataset auto, mnist, synthetic, or a folder of IDX files.',
    },
  );
}

async function findPairs(folder: string, prefix?: string): Promise<{ train?: IdxPair; test?: IdxPair }> {
  const names = await readdir(folder);
  const sets = new Map<string, { train?: IdxPair; test?: IdxPair }>();
  for (const name of names.sort()) {
    const parts = IMAGES_NAME.exec(name)?.groups;
    if (!parts || (prefix !== undefined && !parts.set!.startsWith(prefix))) continue;
    const labels = findLabels(names, name);
    if (!labels) {
      throw new UserError(`${join(folder, name)} has no labels beside it`, {
        hint: `Put ${name.replace('images', 'labels').replace('idx3', 'idx1')} into the same folder.`,
      });
    }
    const set = sets.get(parts.set!) ?? {};
    // The gzipped copy of a file that is there raw too is not a second set: the raw one sorts first.
    set[parts.split === 'train' ? 'train' : 'test'] ??= {
      images: join(folder, name),
      labels: join(folder, labels),
    };
    sets.set(parts.set!, set);
  }
  const [first, ...others] = sets.values();
  if (!first && prefix !== undefined) throw noSuchSet(join(folder, prefix));
  if (!first) {
    throw new UserError(
      `${folder} holds no IDX images (train-images-idx3-ubyte, t10k-images-idx3-ubyte, or .gz of them)`,
      {
        hint: 'Name the folder that holds the four files of a set in the form of MNIST; folders of pictures are for --images.',
      },
    );
  }
  if (others.length > 0) {
    throw new UserError(
      `${folder} holds several sets: ${[...sets.keys()].map((set) => set || '(no prefix)').join(', ')}`,
      {
        hint: `Name one: --dataset ${join(folder, [...sets.keys()].find(Boolean)!.replace(/[-_.]+$/, ''))}`,
      },
    );
  }
  return first;
}

function findLabels(names: readonly string[], images: string): string | undefined {
  const raw = images.replace(/\.gz$/, '').replace('images', 'labels').replace('idx3', 'idx1');
  return [raw, `${raw}.gz`].find((name) => names.includes(name));
}

/** A set without test images lends its last sixth; one without training images can be evaluated only. */
function completeSplits(
  train: LabelledImages | undefined,
  test: LabelledImages | undefined,
  folder: string,
  reporter: Reporter,
): { train: LabelledImages; test: LabelledImages } {
  if (train && test) return { train, test };
  if (test) return { train: sliceImages(test, 0, 0), test };
  const kept = Math.ceil((train!.count * 5) / 6);
  if (kept === train!.count)
    throw new UserError(
      `${folder} has no test images, and ${kept} for training are too few to take their place`,
      { hint: 'Give at least two images, or test images too.' },
    );
  reporter.note(
    `${folder} has no test images: its last ${train!.count - kept} training images take their place`,
  );
  return { train: sliceImages(train!, 0, kept), test: sliceImages(train!, kept, train!.count) };
}

async function readClasses(
  folder: string,
  splits: { train: LabelledImages; test: LabelledImages },
): Promise<readonly string[]> {
  let highest = 0;
  for (const { labels } of [splits.train, splits.test])
    for (const label of labels) if (label > highest) highest = label;
  const path = join(folder, 'labels.txt');
  const named = await stat(path).then(
    () => true,
    () => false,
  );
  if (!named)
    return Array.from(
      { length: Math.max(highest + 1, 2) },
      (_, label) => DIGIT_CLASSES[label] ?? String(label),
    );
  const lines = (await readFileOrFail(path, 'the class names')).toString('utf8').split(/\r?\n/);
  const classes = lines.map((line) => line.trim()).filter(Boolean);
  if (classes.length <= highest || new Set(classes).size !== classes.length) {
    throw new UserError(
      `${path} names ${new Set(classes).size} classes, but the labels go up to ${highest}`,
      {
        hint: 'Give one name a line, each once, in the order of the labels from 0.',
      },
    );
  }
  return classes;
}

/** EMNIST's IDX files hold each image transposed (its authors' Matlab order). */
function transposeImages(images: LabelledImages): LabelledImages {
  const { count, height, width } = images;
  const pixels = new Uint8Array(images.pixels.length);
  for (let image = 0; image < count; image++) {
    const start = image * height * width;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) pixels[start + x * height + y] = images.pixels[start + y * width + x]!;
    }
  }
  return { ...images, pixels };
}
