import { join } from 'node:path';
import type { Dataset } from '../../core/dataset/dataset.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { createAtomicFile, writeFileAtomic } from '../files.js';

/**
 * Finds out before hours of work whether their result can be written.
 *
 * @throws UserError if not.
 */
export async function assertWritable(folder: string): Promise<void> {
  const probe = await createAtomicFile(join(folder, '.writable'));
  await probe.discard();
}

/** Writes the history as CSV and the two pictures; returns their paths. */
export async function writeResults(
  resultsDir: string,
  { record, dataset }: { record: TrainingRecord; dataset: Dataset },
): Promise<string[]> {
  const contents: [name: string, content: string | Uint8Array][] = [
    ['history.csv', historyCsv(record)],
    ['loss_and_accuracy_plot.png', await drawHistoryPng(record)],
    ['sample_digits.png', await drawSamplesPng(record, dataset)],
  ];
  const paths: string[] = [];
  for (const [name, content] of contents) {
    const path = join(resultsDir, name);
    await writeFileAtomic(path, content);
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

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function drawHistoryPng(record: TrainingRecord): Promise<Uint8Array> {
  const { drawHistory } = await import('../plots/history.js');
  const { renderPng } = await import('../plots/render.js');
  const curves = (['training', 'validation', 'test'] as const).map((name) => ({
    name,
    loss: record.history.map((epoch) => epoch[name].loss),
    accuracy: record.history.map((epoch) => epoch[name].accuracy),
  }));
  const caption = `${captionOf(record)}, test accuracy ${(record.test.accuracy * 100).toFixed(2)}%`;
  return renderPng(drawHistory({ curves, bestEpoch: record.bestEpoch, caption }));
}

async function drawSamplesPng(record: TrainingRecord, dataset: Dataset): Promise<Uint8Array> {
  const { drawSampleDigits } = await import('../plots/digits.js');
  const { renderPng } = await import('../plots/render.js');
  const title = `Samples of the training images: ${dataset.name}`;
  const { train: images, classes } = dataset;
  return renderPng(await drawSampleDigits({ title, caption: captionOf(record), images, classes }));
}

/** Data set, architecture and seed. */
function captionOf({ dataset, config }: TrainingRecord): string {
  return `dataset ${dataset.name} (sha256 ${dataset.sha256.slice(0, 8)}), ${config.arch}, seed ${config.seed}`;
}
