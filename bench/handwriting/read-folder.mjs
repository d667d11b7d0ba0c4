import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDigits, readSearches } from '../../dist/core/index.js';
import { decodeReduced } from '../../dist/node/images/decode-image.js';
import { SEARCH_SIDE } from '../../dist/node/infer/reader.js';

const BATCH = 32;

/** The rows of a folder's labels.csv: file, label, kind (single or multi), reliability (A or B). */
export async function readLabels(folder) {
  const [header, ...lines] = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i], value])));
}

/**
 * Reads images as `infer` does.
 *
 * @param images an iterable, or an async one, of GrayImages
 * @returns for each `{ prediction, crops, digits }`, `digits` being the best classes, sure or not
 */
export async function readAll({ session, info }, images, { segment = 'auto' } = {}) {
  const options = { topK: 1 };
  const readings = [];
  let searches = [];
  const flush = async () => {
    readings.push(...(await readSearches(session, info, searches, options)));
    searches = [];
  };
  for await (const image of images) {
    searches.push(findDigits(image, { segment }));
    if (searches.length === BATCH) await flush();
  }
  await flush();
  return readings.map((reading) => ({
    ...reading,
    digits: reading.prediction.digits.map(({ digit }) => digit).join(''),
  }));
}

/** Decodes files one after the other, large ones smaller, as `infer` does. */
export async function* decodeFiles(folder, files) {
  for (const file of files)
    yield (await decodeReduced(await readFile(join(folder, file)), SEARCH_SIDE)).image;
}
