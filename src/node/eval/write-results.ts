import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files.js';
import { renderPng } from '../plots/render.js';
import type { Evaluation, EvaluationRun } from './evaluate.js';
import { EVALUATION_PICTURES, type Picture } from './pictures.js';
import { predictionsCsv } from './predictions-csv.js';
import { robustnessCsv } from './robustness.js';

/**
 * Writes the figures, `metrics.json`, and the single predictions, `predictions.csv`, and `corruptions.csv` where they were measured; returns their paths.
 * The same model and data give the same bytes, but for `timing` at the end of the JSON.
 *
 * @throws UserError if a file cannot be written.
 */
export async function writeFigures(resultsDir: string, run: EvaluationRun): Promise<string[]> {
  const { robustness } = run.evaluation;
  const files = {
    'metrics.json': readableJson(run.evaluation),
    'predictions.csv': predictionsCsv(run),
    ...(robustness ? { 'corruptions.csv': robustnessCsv(robustness) } : {}),
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(resultsDir, name);
    await writeFileAtomic(path, text);
    paths.push(path);
  }
  return paths;
}

/** All that an evaluation may write; what a training draws stays. */
const FILES = [
  'report.html',
  'corruptions.csv',
  ...EVALUATION_PICTURES.flatMap((name) => [`${name}.png`, `${name}.svg`]),
];

/**
 * Removes what was written of another model, or of other images: beside new figures it would pass for theirs.
 *
 * @returns the files' names, and whether an earlier evaluation left them (or a training)
 */
export async function removeOthers(
  resultsDir: string,
  { model, dataset }: Evaluation,
): Promise<{ removed: readonly string[]; wereEvaluated: boolean }> {
  const before = await readFile(join(resultsDir, 'metrics.json'), 'utf8').catch(() => '');
  const wereEvaluated = before !== '';
  const removed: string[] = [];
  if (before.includes(`"${model.sha256}"`) && before.includes(`"${dataset.sha256}"`))
    return { removed, wereEvaluated };
  for (const name of FILES) {
    const done = await rm(join(resultsDir, name)).then(
      () => true,
      () => false,
    );
    if (done) removed.push(name);
  }
  return { removed, wereEvaluated };
}

/** JSON with a line a value, but lists of numbers (the rows of the confusion matrix) on one line each. */
export function readableJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replace(/\[\n[\d.,\se+-]+\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;
}

/** A picture that was written. */
export interface WrittenPicture {
  readonly name: string;
  readonly path: string;
  readonly png: Uint8Array;
}

/**
 * Writes pictures as PNG, and charts as SVG too where that is wanted.
 *
 * @throws UserError if a file cannot be written; the signal's reason once it is aborted.
 */
export async function writePictures(
  resultsDir: string,
  pictures: AsyncIterable<Picture>,
  options: {
    svg?: boolean | undefined;
    onPicture?: (done: number) => void;
    signal?: AbortSignal | undefined;
  },
): Promise<WrittenPicture[]> {
  const written: WrittenPicture[] = [];
  for await (const { name, svg, isChart } of pictures) {
    options.signal?.throwIfAborted();
    const png = await renderPng(svg);
    const path = join(resultsDir, `${name}.png`);
    await writeFileAtomic(path, png);
    if (options.svg && isChart) await writeFileAtomic(join(resultsDir, `${name}.svg`), svg);
    written.push({ name, path, png });
    options.onPicture?.(written.length);
  }
  return written;
}
