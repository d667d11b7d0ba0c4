import { join } from 'node:path';
import type { Dataset } from '../../core/dataset/dataset.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { writeFileAtomic } from '../files.js';
import { csvField } from '../format/csv.js';

/** What `writeResults` writes. */
export const RESULT_FILES = ['history.csv', 'loss_and_accuracy_plot.png', 'sample_digits.png'] as const;

/** Writes the history as CSV and the two pictures; returns their paths. */
export async function writeResults(
  resultsDir: string,
  { record, dataset }: { record: TrainingRecord; dataset: Dataset },
): Promise<string[]> {
  const contents: Record<(typeof RESULT_FILES)[number], string | Uint8Array> = {
    'history.csv': historyCsv(record),
    'loss_and_accuracy_plot.png': await drawHistoryPng(record),
    'sample_digits.png': await drawSamplesPng(dataset),
  };
  const paths: string[] = [];
  for (const name of RESULT_FILES) {
    const path = join(resultsDir, name);
    await writeFileAtomic(path, contents[name]);
    paths.push(path);
  }
  return paths;
}

const COLUMNS =
  'epoch,learning_rate,train_loss,train_accuracy,val_loss,val_accuracy,test_loss,test_accuracy,best,dataset,dataset_sha256';

/** The history, a row an epoch; nothing in it depends on the clock, so that equal runs give equal files. */
export function historyCsv({ history, bestEpoch, dataset }: TrainingRecord): string {
  const rows = history.map(({ epoch, learningRate, training, validation, test }) => {
    const scores = [training, validation, test].flatMap(({ loss, accuracy }) => [loss, accuracy]);
    const numbers = scores.map((value) => value.toFixed(6));
    const best = epoch === bestEpoch ? 1 : 0;
    return [epoch, learningRate.toPrecision(6), ...numbers, best, csvField(dataset.name), dataset.sha256];
  });
  return `${[COLUMNS, ...rows.map((row) => row.join(','))].join('\n')}\n`;
}

async function drawHistoryPng(record: TrainingRecord): Promise<Uint8Array> {
  const { drawRecordHistory } = await import('../plots/training.js');
  const { renderPng } = await import('../plots/render.js');
  return renderPng(drawRecordHistory(record));
}

async function drawSamplesPng({ name, sha256, classes, train }: Dataset): Promise<Uint8Array> {
  const { drawSamples } = await import('../plots/training.js');
  const { renderPng } = await import('../plots/render.js');
  return renderPng(await drawSamples({ name, sha256, classes, images: train }));
}
