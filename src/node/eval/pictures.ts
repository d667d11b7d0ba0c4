import { basename } from 'node:path';
import type { LabelledImages } from '../../core/dataset/dataset.js';
import { MNIST_PIXELS } from '../../core/image.js';
import { occlusionSaliency } from '../../core/saliency.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { formatPercent } from '../format/percent.js';
import { drawCalibration } from '../plots/calibration.js';
import { drawConfusionMatrix } from '../plots/confusion-matrix.js';
import { drawFeatureMaps } from '../plots/feature-maps.js';
import { drawFilters } from '../plots/filters.js';
import { drawMistakes } from '../plots/mistakes.js';
import { drawPredictions } from '../plots/predictions.js';
import { rasterOf } from '../plots/raster.js';
import { drawSaliency } from '../plots/saliency.js';
import { drawRecordHistory, drawSamples } from '../plots/training.js';
import type { OpenModel } from '../runtime/index.js';
import { drawByChance, oneOfEach, predictedClasses, someOf, worstMistakes } from './choose-images.js';
import type { EvaluationRun } from './evaluate.js';
import { readLayers } from './layer-pictures.js';

/** Pictures of the training, where it and its data are known... */
export const TRAINING_PICTURES = ['loss_and_accuracy_plot', 'sample_digits'] as const;
/** ...and of the evaluation; those of convolutions only where the model has some. */
export const EVALUATION_PICTURES = [
  'predictions',
  'incorrect_predictions',
  'confusion_matrix',
  'calibration',
  'saliency',
  'filters',
  'feature_maps',
] as const;

/** A picture before it is rendered. */
export interface Picture {
  /** Without an ending. */
  readonly name: (typeof TRAINING_PICTURES | typeof EVALUATION_PICTURES)[number];
  readonly svg: string;
  /** Whether it is a chart, which is of use as SVG too. */
  readonly isChart: boolean;
}

export interface PicturesOptions {
  readonly run: EvaluationRun;
  readonly model: OpenModel;
  /** Of the data that the model learned from. */
  readonly samples?: LabelledImages | undefined;
  /** Of the model's own training. */
  readonly record?: TrainingRecord | undefined;
}

const SAMPLE = 40;
const SOME_MISTAKES = 10;
const WORST_MISTAKES = 40;
const MOST_SALIENCY = 10;

/** Draws all pictures of an evaluation, one after the other. */
export async function* drawPictures(options: PicturesOptions): AsyncGenerator<Picture> {
  const { run, model, samples, record } = options;
  const { evaluation, testSet, probabilities } = run;
  const { images } = testSet;
  const { classes, confusion, calibration: bins, ece } = evaluation;
  const caption = captionOf(run);
  const predicted = predictedClasses(run);
  const worst = worstMistakes(run, predicted);
  const read = { images, classes, predicted, caption, mistakeCount: worst.length };

  if (record) yield { name: 'loss_and_accuracy_plot', svg: drawRecordHistory(record), isChart: true };
  if (samples?.count) {
    const svg = await drawSamples({ name: testSet.name, sha256: testSet.sha256, classes, images: samples });
    yield { name: 'sample_digits', svg, isChart: false };
  }
  const sample = drawByChance(images.labels, classes.length, SAMPLE);
  const mistakes = someOf(worst, SOME_MISTAKES);
  yield { name: 'predictions', svg: await drawPredictions({ ...read, sample, mistakes }), isChart: false };
  const shown = worst.slice(0, WORST_MISTAKES);
  const svg = await drawMistakes({ ...read, probabilities, mistakes: shown });
  yield { name: 'incorrect_predictions', svg, isChart: false };
  yield {
    name: 'confusion_matrix',
    svg: drawConfusionMatrix({ confusion, classes, caption }),
    isChart: true,
  };
  yield { name: 'calibration', svg: drawCalibration({ bins, ece, caption }), isChart: true };
  yield* drawLayers(options, predicted, caption);
  yield { name: 'saliency', svg: await saliency(run, model, predicted, caption), isChart: false };
}

async function* drawLayers(
  { run, model }: PicturesOptions,
  predicted: number[],
  caption: string,
): AsyncGenerator<Picture> {
  const { evaluation, testSet, probabilities } = run;
  const { images } = testSet;
  const { classes } = evaluation;
  const index = Math.max(
    0,
    images.labels.findIndex((label, i) => label === predicted[i]),
  );
  const input = rasterOf(images, index);
  const layers = await readLayers(model, input.data);
  if (!layers) return;
  yield { name: 'filters', svg: await drawFilters({ layers: layers.kernels, caption }), isChart: false };
  const row = probabilities.subarray(index * classes.length, (index + 1) * classes.length);
  const read = Array.from(row, (probability, k) => ({ name: classes[k]!, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 3);
  const actual = classes[images.labels[index]!]!;
  const svg = await drawFeatureMaps({ input, actual, read, layers: layers.answers, caption });
  yield { name: 'feature_maps', svg, isChart: false };
}

/** One image of each class, of the first classes. */
async function saliency(
  { testSet: { images } }: EvaluationRun,
  { session, info }: OpenModel,
  predicted: readonly number[],
  caption: string,
): Promise<string> {
  const indices = oneOfEach(images.labels, predicted, info.classes.length).slice(0, MOST_SALIENCY);
  const items = [];
  for (const index of indices) {
    const pixels = images.pixels.subarray(index * MNIST_PIXELS, (index + 1) * MNIST_PIXELS);
    const found = await occlusionSaliency(session, info, pixels);
    items.push({
      pixels,
      saliency: found,
      actual: info.classes[images.labels[index]!]!,
      predicted: info.classes[found.predicted]!,
    });
  }
  return drawSaliency({ items, caption });
}

/** Data set, model and figure. */
export function captionOf({ evaluation }: EvaluationRun): string {
  const { dataset, model, accuracy, count } = evaluation;
  const hash = ({ sha256 }: { sha256: string }) => `(sha256 ${sha256.slice(0, 8)})`;
  return [
    `${dataset.name} ${dataset.split} ${hash(dataset)}, ${count.toLocaleString('en')} images`,
    `${basename(model.path)} ${hash(model)}`,
    `accuracy ${formatPercent(accuracy)}`,
  ].join(' · ');
}
