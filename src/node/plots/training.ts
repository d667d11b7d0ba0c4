import type { LabelledImages } from '../../core/dataset/dataset.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { drawSampleDigits } from './digits.js';
import { drawHistory } from './history.js';

/** Draws loss and accuracy of a training, as SVG. */
export function drawRecordHistory(record: TrainingRecord): string {
  const { dataset, config, test, history, bestEpoch } = record;
  const curves = (['training', 'validation', 'test'] as const).map((name) => ({
    name,
    loss: history.map((epoch) => epoch[name].loss),
    accuracy: history.map((epoch) => epoch[name].accuracy),
  }));
  const accuracy = `test accuracy ${(test.accuracy * 100).toFixed(2)}%`;
  const caption = `dataset ${dataset.name} (sha256 ${dataset.sha256.slice(0, 8)}), ${config.arch}, seed ${config.seed}, ${accuracy}`;
  return drawHistory({ curves, bestEpoch, caption });
}

/** Draws samples of a data set's training images, as SVG. */
export function drawSamples(dataset: {
  name: string;
  sha256: string;
  classes: readonly string[];
  images: LabelledImages;
}): Promise<string> {
  const { name, sha256, classes, images } = dataset;
  return drawSampleDigits({
    title: `Samples of the training images: ${name}`,
    caption: `dataset ${name} (sha256 ${sha256.slice(0, 8)}), ${images.count.toLocaleString('en')} training images`,
    images,
    classes,
  });
}
