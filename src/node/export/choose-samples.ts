import type { ConvertedModel } from '../../core/convert/index.js';
import type { Dataset } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import type { ModelPrecision } from '../../core/onnx/precision.js';
import { loadDataset } from '../dataset/index.js';
import { checkOwnData } from '../dataset/own-data.js';
import type { Reporter } from '../reporter.js';
import { type CalibrationData, trainingImages } from './calibrate.js';
import type { ConvertSavedOptions } from './convert-saved.js';
import { formatTensor } from './format-export.js';
import type { Reference } from './reference.js';
import { randomSamples, type Samples, takesDigits, testSamples } from './samples.js';
import type { SavedModel } from './saved-model.js';

/** Which images an export is compared on, and calibrated. */
export interface SampleOptions extends Pick<ConvertSavedOptions, 'batch' | 'input'> {
  /** As for `loadDataset`. */
  readonly dataset: string;
  readonly dataDir?: string | undefined;
  readonly limit?: number | undefined;
  /** fp32 by default. */
  readonly precision?: ModelPrecision | undefined;
  /** int8: training images by default; random inputs are for models that no data set fits. */
  readonly calibrationData?: 'training' | 'random' | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/** What an export is compared on. */
export interface ChosenSamples {
  readonly samples: Samples;
  /** Where the model takes digits. */
  readonly dataset: Dataset | undefined;
  /** False where the model was trained on another data set than this. */
  readonly isOwn: boolean;
  /** With the batch first; null is what a run decides. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
}

/**
 * Real digits where the model takes them, else random inputs.
 *
 * @throws UserError if there are none, or they have other classes than the model was trained on.
 */
export async function chooseSamples(
  saved: SavedModel,
  reference: Reference,
  { dataset: name, dataDir, limit, reporter, signal, batch, input }: SampleOptions,
): Promise<ChosenSamples> {
  const inputShapes = reference.inputShapes.map((shape) => [shape[0] ?? batch ?? null, ...shape.slice(1)]);
  if (!takesDigits(reference.inputShapes)) {
    const samples = randomSamples(saved.artifacts.modelTopology, inputShapes, {
      isPixels: input === 'uint8',
    });
    return { samples, dataset: undefined, isOwn: true, inputShapes };
  }
  const dataset = await loadDataset({ dataset: name, dataDir, reporter, signal });
  const trainedOn = saved.record?.dataset;
  const isOwn = checkOwnData(
    { path: saved.path, dataset: trainedOn, classes: trainedOn?.classes ?? [] },
    dataset,
    {
      use: 'compared on',
      reporter,
    },
  );
  return { samples: testSamples(dataset, inputShapes[0]!, limit), dataset, isOwn, inputShapes };
}

/**
 * What int8 is calibrated on.
 *
 * @throws UserError if the model takes no images, or there are none of its kind and neither random ones nor those of
 *   another data set were asked for.
 */
export function chooseCalibration(
  saved: SavedModel,
  { inputs }: ConvertedModel,
  { dataset, isOwn, inputShapes }: ChosenSamples,
  { dataset: given, calibrationData = 'training', input: inputType }: SampleOptions,
): CalibrationData {
  const [input] = inputs;
  const taken = inputs.map(formatTensor).join(', ');
  if (!dataset && (inputs.length !== 1 || input!.type === 'int32' || input!.shape.length !== 4)) {
    throw new UserError(`--precision int8 is for models of images, and this one takes ${taken}`, {
      hint: 'Export with --precision fp16 or fp32.',
    });
  }
  if (calibrationData === 'random') {
    const options = {
      seed: 7,
      batchSizes: new Array<number>(8).fill(16),
      isPixels: inputType === 'uint8',
    };
    const samples = randomSamples(saved.artifacts.modelTopology, inputShapes, options);
    return { description: `${samples.count} random inputs`, isReal: false, samples };
  }
  if (dataset && !isOwn && given === 'auto') {
    throw new UserError(
      `--precision int8 is calibrated on the data that ${saved.path} was trained on, which is not ${dataset.name}`,
      {
        exitCode: 2,
        hint: 'Name the data to calibrate on with --dataset, or accept the ranges of random inputs: --calibration-data random.',
      },
    );
  }
  if (dataset) return trainingImages(dataset, inputShapes[0]!);
  throw new UserError(
    `--precision int8 is calibrated on training images, and there are none for a model that takes ${taken}: the data sets hold 28x28 images`,
    {
      hint: 'Export with --precision fp16, or accept the ranges of random inputs, which fit real images only roughly: --calibration-data random.',
    },
  );
}
