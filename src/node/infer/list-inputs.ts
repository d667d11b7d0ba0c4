import type { Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileErrorReason } from '../files.js';
import { type Input, STDIN } from './input.js';
import { SortedNames } from './sorted-names.js';

/**
 * What counts as an image inside a folder. Formats that sharp cannot read are listed too: a photo that is
 * passed over in silence is worse than an error.
 */
const IMAGE_NAME =
  /\.(png|apng|jpg|jpeg|jpe|jfif|webp|gif|tif|tiff|avif|svg|heic|heif|bmp|jp2|jxl|pgm|ppm|pbm)$/i;
/** Entries of a folder that are fetched at a time; Node's own 32 make large folders slow. */
const FOLDER_ENTRIES = 1024;
/** So many files of a folder are handed on at a time. */
const BATCH = 256;

/** Folders that a run writes pictures to. */
export interface PictureFolders {
  readonly saveInputsDir?: string | undefined;
  readonly annotateDir?: string | undefined;
}

/**
 * Lists the images that files, folders (with all below them) and glob patterns name, in a fixed order: that
 * of the inputs, and by name within each. Holds the names of one folder and those above it at a time, not the whole
 * list. Links to folders are not followed, so that none leads round in a circle.
 *
 * @param written folders that are passed over below the inputs: pictures that a run wrote are no images of the next
 */
export async function* listInputs(
  inputs: readonly string[],
  { saveInputsDir, annotateDir }: PictureFolders = {},
): AsyncGenerator<readonly Input[]> {
  const skipped = new Set<string>();
  for (const folder of [saveInputsDir, annotateDir])
    if (folder !== undefined) skipped.add(await realPath(folder));
  for (const input of inputs) {
    if (input === STDIN) yield [{ file: input, isStream: true }];
    else yield* listInput(input, skipped);
  }
}

/** Where a path leads, also one that is not there yet. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(async () => {
    const whole = resolve(path);
    return dirname(whole) === whole ? whole : join(await realPath(dirname(whole)), basename(whole));
  });
}

async function* listInput(input: string, skipped: ReadonlySet<string>): AsyncGenerator<Input[]> {
  let found: Stats;
  try {
    found = await stat(input);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A pattern may be longer than a name.
    if (!isPattern(input) || (code !== 'ENOENT' && code !== 'ENAMETOOLONG'))
      return void (yield [{ file: input, error: fileErrorReason(error) }]);
    const { listPattern } = await import('./list-pattern.js');
    const inputs = await listPattern(input, skipped);
    yield inputs.length > 0 ? inputs : [{ file: input, error: 'no file matches this pattern' }];
    return;
  }
  if (!found.isDirectory()) return void (yield [{ file: input, isStream: !found.isFile() }]);
  let isEmpty = true;
  const real = skipped.size > 0 ? await realPath(input) : input;
  for await (const batch of listFolder(input, real, skipped)) {
    if (batch.length > 0) isEmpty = false;
    yield batch;
  }
  if (isEmpty) yield [{ file: input, error: 'there are no images in this folder' }];
}

/** Images by their extension, folders in their place among the names; hidden ones are left out. */
async function* listFolder(
  folder: string,
  real: string,
  skipped: ReadonlySet<string>,
): AsyncGenerator<Input[]> {
  const names = new SortedNames();
  try {
    const opened = await opendir(folder, { bufferSize: FOLDER_ENTRIES });
    // Nothing can be done meanwhile, and to wait for each entry takes three times as long.
    try {
      for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
        if (entry.name.startsWith('.')) continue;
        if (entry.isDirectory()) names.add(`${entry.name}/`);
        else if (IMAGE_NAME.test(entry.name)) names.add(entry.name);
      }
    } finally {
      opened.closeSync();
    }
  } catch (error) {
    yield [{ file: folder, error: fileErrorReason(error) }];
    return;
  }
  const before = join(folder, 'a').slice(0, -1);
  let batch: Input[] = [];
  for (const name of names.inOrder()) {
    const isFolder = name.endsWith('/');
    if (!isFolder) batch.push({ file: before + name });
    if (isFolder || batch.length === BATCH) {
      yield batch;
      batch = [];
    }
    if (!isFolder) continue;
    const realFolder = join(real, name.slice(0, -1));
    if (!skipped.has(realFolder)) yield* listFolder(join(folder, name.slice(0, -1)), realFolder, skipped);
  }
  yield batch;
}

function isPattern(input: string): boolean {
  return /[*?[{]/.test(input);
}
