import type { Dataset } from '../../core/dataset/dataset.js';
import type { EpochRecord, TrainingRecord } from '../../core/training-record.js';
import { drawSampleDigits } from './digits.js';
import { type Curve, drawHistory } from './history.js';
import { renderPng } from './render.js';

/** The part of a training record that its curves show. */
type History = Pick<TrainingRecord, 'config' | 'dataset' | 'history' | 'bestEpoch' | 'test'>;

/** Loss and accuracy of training, validation and test over the epochs, as a PNG file's bytes. */
export async function plotHistory(record: History): Promise<Uint8Array> {
  const curve = (name: Curve['name']): Curve => ({
    name,
    loss: record.history.map((epoch: EpochRecord) => epoch[name].loss),
    accuracy: record.history.map((epoch: EpochRecord) => epoch[name].accuracy),
  });
  const caption = [
    describeDataset(record.dataset),
    `network ${record.config.arch ?? 'cnn'}`,
    `seed ${record.config.seed}`,
    `test accuracy ${(record.test.accuracy * 100).toFixed(2)}%`,
  ].join(' · ');
  const curves = [curve('training'), curve('validation'), curve('test')];
  return renderPng(drawHistory({ curves, bestEpoch: record.bestEpoch, caption }));
}

/** The first training images of each class, as a PNG file's bytes. */
export async function plotSampleDigits(dataset: Dataset): Promise<Uint8Array> {
  const { train, classes } = dataset;
  const caption = `${describeDataset(dataset)} · the first of ${train.count.toLocaleString('en')} training images of each class`;
  return renderPng(await drawSampleDigits({ title: 'Sample digits', caption, images: train, classes }));
}

function describeDataset({ name, sha256 }: { readonly name: string; readonly sha256: string }): string {
  return `${name} (SHA-256 ${sha256.slice(0, 8)})`;
}
