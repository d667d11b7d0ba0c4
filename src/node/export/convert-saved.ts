import { type ConvertedModel, type ConvertOptions, convertArtifacts } from '../../core/convert/index.js';
import { MNIST_PREPROCESSING, toMetadata } from '../../core/model-info.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { packageVersion } from '../paths.js';
import { takesDigits } from './samples.js';
import type { SavedModel } from './saved-model.js';

/** How a saved model is converted. */
export interface ConvertSavedOptions
  extends Pick<ConvertOptions, 'opset' | 'batch' | 'layout' | 'input' | 'optimize'> {
  /** `ConvertOptions.output`; the export command's `output` is the file. */
  readonly outputs?: ConvertOptions['output'];
}

/**
 * Converts a saved model, with what its training record says of it as metadata.
 *
 * @throws UserError as `convertArtifacts`.
 */
export function convertSavedModel(saved: SavedModel, options: ConvertSavedOptions = {}): ConvertedModel {
  const settings = {
    opset: options.opset,
    batch: options.batch,
    layout: options.layout,
    input: options.input,
    output: options.outputs,
    optimize: options.optimize,
    producerVersion: packageVersion(),
    metadata: metadataOf(saved, options.input === 'uint8'),
  };
  const converted = convertArtifacts(saved.artifacts, {
    ...settings,
    isClassifier: saved.record !== undefined,
  });
  // A network from 28x28 pixels to 10 numbers is taken for a classifier of digits, whoever made it.
  const isDigits =
    takesDigits(converted.inputs.map(({ shape }) => shape)) && converted.outputs[0]?.shape[1] === 10;
  const isUnnamed = converted.outputs.length === 1 && converted.outputs[0]!.role === 'value';
  return isDigits && isUnnamed
    ? convertArtifacts(saved.artifacts, { ...settings, isClassifier: true })
    : converted;
}

function metadataOf({ record, artifacts }: SavedModel, isPixels: boolean): Record<string, string> {
  const foreign = artifacts.userDefinedMetadata
    ? { user_defined_metadata: JSON.stringify(artifacts.userDefinedMetadata) }
    : {};
  if (!record) return { ...foreign, versions: JSON.stringify(versionsOf()) };
  return {
    ...toMetadata({
      classes: record.dataset.classes,
      preprocessing: { ...MNIST_PREPROCESSING, scale: isPixels ? 1 : MNIST_PREPROCESSING.scale },
      dataset: record.dataset,
      testAccuracy: record.test.accuracy,
      validationAccuracy: record.validation.accuracy,
      confidence: record.confidence,
      versions: versionsOf(record),
    }),
    ...foreign,
  };
}

function versionsOf(record?: TrainingRecord): Record<string, string> {
  return { ...record?.versions, 'mnist-onnx': packageVersion() };
}
