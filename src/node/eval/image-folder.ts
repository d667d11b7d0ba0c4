import { type Dirent, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import { MNIST_PIXELS, MNIST_SIZE } from '../../core/image.js';
import { printable } from '../../core/printable.js';
import { findDigits } from '../../core/read/index.js';
import { fileErrorReason, readFileOrFail } from '../files.js';
import { sha256Of } from '../hash.js';
import { decodeReduced } from '../images/decode-image.js';
import { readImageFile } from '../images/read-image-file.js';
import type { Input } from '../infer/input.js';
import { listInputs } from '../infer/list-inputs.js';
import { mapOrdered } from '../infer/map-ordered.js';
import { SEARCH_SIDE } from '../infer/reader.js';
import type { Reporter } from '../reporter.js';
import type { OpenModel } from '../runtime/index.js';
import { parseCsv } from './parse-csv.js';
import { type LabelledDigit, type ReadText, readText, scoreTexts } from './read-text.js';
import type { SkippedImage, TestSet } from './test-set.js';
import { withUnzippedPictures } from './unzip-pictures.js';

const LABELS_FILE = 'labels.csv';
const CONCURRENCY = Math.min(8, availableParallelism() + 2);

/** A picture and the classes of its digits: one, but for several in a row of `labels.csv`. */
interface LabelledInput extends Input {
  readonly labels: readonly number[];
}

/** What a picture gives to the test set. */
interface Prepared {
  readonly file: string;
  readonly digits: readonly LabelledDigit[];
  readonly text?: ReadText;
  readonly error?: string | undefined;
}

/** What pictures may show. */
interface Vocabulary {
  /** The names that labels may have, or the digits of which they are made. */
  readonly classes: readonly string[];
  /** The data set that has these classes, where no model has them. */
  readonly dataset?: string | undefined;
}

interface LoadOptions extends Vocabulary {
  /** Or a zip of one. */
  readonly folder: string;
  /** Reads pictures of several digits. */
  readonly model?: Pick<OpenModel, 'session' | 'info'> | undefined;
  readonly limit?: number | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a folder (or its zip) of pictures whose sub-folders are the labels, or with a `labels.csv` (file, label),
 * through the preprocessing of `infer`. Pictures that cannot be used are left out, with a warning each. A picture whose
 * label has several digits is read as a whole, and gives its digits where their number is right.
 *
 * @throws UserError if the folder cannot be read, a label is no class, or no picture can be used.
 */
export async function loadImageFolder(options: LoadOptions): Promise<TestSet> {
  const { folder: path, signal } = options;
  if (!/\.zip$/i.test(path)) return loadFolder(options);
  return withUnzippedPictures(
    path,
    async (folder) => {
      // The folder is gone by the time that something is said of it.
      const named = (text: string) => text.replaceAll(folder, path);
      const top = await withoutTop(folder, options.classes);
      const testSet = await loadFolder({ ...options, folder: top }, named);
      return { ...testSet, name: basename(path), files: testSet.files?.map(named) };
    },
    signal,
  );
}

/** Computers pack a folder with its own name on top. */
async function withoutTop(folder: string, classes: readonly string[]): Promise<string> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith('.'),
  );
  const [only] = entries;
  const isTop = entries.length === 1 && only!.isDirectory() && !classes.includes(only!.name.trim());
  return isTop ? withoutTop(join(folder, only!.name), classes) : folder;
}

/** @param named what is said of a file, with the name that its user knows */
async function loadFolder(
  options: LoadOptions,
  named: (text: string) => string = (text) => text,
): Promise<TestSet> {
  try {
    return await loadNamed(options, named);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint, exitCode, cause } = error;
    throw new UserError(named(message), { exitCode, cause, ...(hint ? { hint: named(hint) } : {}) });
  }
}

async function loadNamed(options: LoadOptions, named: (text: string) => string): Promise<TestSet> {
  const { folder, classes, model, reporter, signal, limit = Number.POSITIVE_INFINITY } = options;
  const used: LabelledDigit[] = [];
  const texts: ReadText[] = [];
  const miscounted: ReadText[] = [];
  const skipped: SkippedImage[] = [];
  const progress = reporter.progress('reading pictures');
  const inputs = firstOf(await listLabelled(options), limit);
  let done = 0;
  for await (const image of mapOrdered(inputs, CONCURRENCY, (input) => prepare(input, model))) {
    signal?.throwIfAborted();
    used.push(...image.digits);
    if (image.text) {
      const text = { ...image.text, file: named(image.text.file) };
      texts.push(text);
      if (image.digits.length === 0) miscounted.push(text);
    }
    if (image.error !== undefined) skipped.push({ file: named(image.file), reason: image.error });
    progress.update(++done, `${done} pictures`);
  }
  const digits = texts.length > 0 ? `, ${used.length} digits` : '';
  progress.end(`${done - skipped.length} of ${done} pictures${digits}`);
  for (const { file, reason } of skipped) reporter.warn(`left out ${printable(file)}: ${reason}`);
  if (used.length === 0 && texts.length > 0) {
    throw new UserError(`no picture of ${folder} was read with as many digits as its label has`, {
      hint: 'See what was read: mnist-onnx infer --annotate.',
    });
  }
  if (used.length === 0) {
    throw new UserError(`${folder} holds no picture of a digit that can be read`, {
      hint: `Put pictures into sub-folders named for their digits, or list them in ${LABELS_FILE} (file,label).`,
    });
  }
  return {
    ...toTestSet(folder, classes, used, skipped),
    texts: texts.length > 0 ? scoreTexts(texts, miscounted) : undefined,
  };
}

function toTestSet(
  folder: string,
  classes: readonly string[],
  used: readonly LabelledDigit[],
  skipped: readonly SkippedImage[],
): TestSet {
  const pixels = new Uint8Array(used.length * MNIST_PIXELS);
  for (const [i, image] of used.entries()) pixels.set(image.pixels, i * MNIST_PIXELS);
  const labels = Uint8Array.from(used, (image) => image.label);
  return {
    name: basename(resolve(folder)),
    sha256: sha256Of(pixels, labels),
    split: 'pictures',
    classes,
    images: { count: used.length, width: MNIST_SIZE, height: MNIST_SIZE, pixels, labels },
    files: used.map(({ file }) => file),
    skipped: skipped.length > 0 ? skipped : undefined,
  };
}

async function prepare(
  { file, labels, error }: LabelledInput,
  model: Pick<OpenModel, 'session' | 'info'> | undefined,
): Promise<Prepared> {
  if (error !== undefined) return { file, digits: [], error };
  try {
    const { image } = await decodeReduced(readImageFile(file), SEARCH_SIDE);
    if (labels.length > 1 && model) return { file, ...(await readText(file, image, labels, model)) };
    if (labels.length > 1) return { file, digits: [], error: 'its label has several digits' };
    const [digit] = findDigits(image, { segment: 'single' }).crops;
    if (digit === undefined) return { file, digits: [], error: 'it is blank' };
    return { file, digits: [{ file, label: labels[0]!, pixels: digit.pixels }] };
  } catch (cause) {
    if (cause instanceof UserError) return { file, digits: [], error: messageOf(cause) };
    throw cause;
  }
}

async function listLabelled(options: LoadOptions): Promise<AsyncIterable<LabelledInput>> {
  const { folder, limit } = options;
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new UserError(`cannot read the folder of pictures ${folder}: ${fileErrorReason(cause)}`, {
      cause,
      hint: 'Give --images a folder whose sub-folders are the labels, or a zip of one.',
    });
  }
  if (entries.some(({ name }) => name === LABELS_FILE)) return listTable(options);
  const folders = entries
    .filter((entry) => !entry.name.startsWith('.') && isFolder(folder, entry))
    .map(({ name }) => name)
    .sort();
  if (folders.length === 0) {
    throw new UserError(`${folder} has neither sub-folders named for labels nor a ${LABELS_FILE}`, {
      hint: `Make a folder a label (${folder}/7/scan.png), or a ${LABELS_FILE} with the columns file and label.`,
    });
  }
  const labelled = folders.map((name) => ({ name, label: labelOf(name, join(folder, name), options) }));
  const lists = labelled.map(({ name, label }) => listFolder(join(folder, name), label));
  // Some of them are some of each class.
  return limit !== undefined ? inTurn(lists) : oneAfterTheOther(lists);
}

/** Links to folders count: a set may be put together of others. */
function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function* listFolder(folder: string, label: number): AsyncGenerator<LabelledInput> {
  for await (const batch of listInputs([folder]))
    for (const input of batch) yield { ...input, labels: [label] };
}

async function* oneAfterTheOther<T>(lists: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const list of lists) yield* list;
}

async function* inTurn<T>(lists: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  let left = lists;
  while (left.length > 0) {
    const next: AsyncGenerator<T>[] = [];
    for (const list of left) {
      const { value, done } = await list.next();
      if (done) continue;
      yield value;
      next.push(list);
    }
    left = next;
  }
}

async function listTable(options: LoadOptions): Promise<AsyncIterable<LabelledInput>> {
  const { folder } = options;
  const path = join(folder, LABELS_FILE);
  // Unlike `toString`, this leaves out a byte order mark.
  const rows = parseCsv(new TextDecoder().decode(await readFileOrFail(path, 'the labels')));
  const header = rows[0]?.map((name) => name.trim().toLowerCase()) ?? [];
  const [file, label] = [header.indexOf('file'), header.indexOf('label')];
  if (file < 0 || label < 0) {
    throw new UserError(`${path} has no columns file and label in its first line`, {
      hint: 'Write it like this: file,label on the first line, then scan1.png,7 and so on.',
    });
  }
  const inputs = rows.slice(1).map((row, i): LabelledInput => {
    const name = row[file] ?? '';
    if (name === '') throw new UserError(`${path} names no file in its row ${i + 2}`);
    return {
      file: resolve(folder, name),
      labels: labelsOf(row[label] ?? '', `${path}, row ${i + 2}`, options),
    };
  });
  return (async function* () {
    yield* inputs;
  })();
}

/** The class that a label names, or those of its digits: blanks and line breaks between them do not count. */
function labelsOf(name: string, where: string, vocabulary: Vocabulary): readonly number[] {
  const { classes } = vocabulary;
  const digits = [...name.replace(/\s/g, '')].map((digit) => classes.indexOf(digit));
  if (digits.length > 1 && !classes.includes(name.trim()) && !digits.includes(-1)) return digits;
  return [labelOf(name, where, vocabulary)];
}

function labelOf(name: string, where: string, { classes, dataset }: Vocabulary): number {
  const label = classes.indexOf(name.trim());
  if (label >= 0) return label;
  if (dataset === undefined)
    throw new UserError(
      `${printable(where)}: the label "${printable(name)}" is none of the model's classes`,
      {
        hint: `Its classes are ${classes.join(', ')}.`,
      },
    );
  throw new UserError(
    `${printable(where)}: the label "${printable(name)}" is none of the classes of the data set ${printable(dataset)}`,
    { hint: `They are ${classes.join(', ')}; name the data set that has yours with --dataset.` },
  );
}

async function* firstOf<T>(list: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let count = 0;
  for await (const item of list) {
    if (count++ >= most) return;
    yield item;
  }
}
