import { type Confidence, isConfidence } from './confidence.js';
import { UserError } from './errors.js';

/**
 * What a model file says of itself. It is written into the ONNX file's `metadata_props` (every value a
 * string; lists and objects as JSON), so that the file alone is enough to classify with it.
 */
export interface ModelInfo {
  /** The classes' names in the order of the outputs. */
  readonly classes: readonly string[];
  /** How an image becomes the input: MNIST's own form, pixels times `scale`. */
  readonly preprocessing: {
    readonly form: 'mnist';
    readonly width: number;
    readonly height: number;
    readonly scale: number;
  };
  /** The data that it was trained on. */
  readonly dataset?: { readonly name: string; readonly sha256: string } | undefined;
  /** Accuracy as a fraction, measured by the trainer. */
  readonly testAccuracy?: number | undefined;
  readonly validationAccuracy?: number | undefined;
  /** How its logits become probabilities, and which readings to rely on. */
  readonly confidence?: Confidence | undefined;
  /** Versions of what made it, by package name. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
}

/** MNIST's form: 28x28, light ink on black, pixels divided by 255. */
export const MNIST_PREPROCESSING: ModelInfo['preprocessing'] = {
  form: 'mnist',
  width: 28,
  height: 28,
  scale: 1 / 255,
};

/** The `metadata_props` of a model, in a fixed order. */
export function toMetadata(info: ModelInfo): Record<string, string> {
  const metadata: Record<string, string> = {
    classes: JSON.stringify(info.classes),
    preprocessing: JSON.stringify(info.preprocessing),
  };
  if (info.dataset) {
    metadata.dataset = info.dataset.name;
    metadata.dataset_sha256 = info.dataset.sha256;
  }
  if (info.testAccuracy !== undefined) metadata.test_accuracy = String(info.testAccuracy);
  if (info.validationAccuracy !== undefined) metadata.validation_accuracy = String(info.validationAccuracy);
  if (info.confidence) metadata.confidence = JSON.stringify(info.confidence);
  if (info.versions) metadata.versions = JSON.stringify(info.versions);
  return metadata;
}

/**
 * Reads back what `toMetadata` wrote. Models of other makers carry none of it: what is missing is left out,
 * and `undefined` is returned where there is not even a list of classes.
 *
 * @throws UserError if an entry is there but damaged.
 */
export function fromMetadata(metadata: Readonly<Record<string, string>>): ModelInfo | undefined {
  if (metadata.classes === undefined) return undefined;
  const classes = parseJson(metadata, 'classes');
  if (!Array.isArray(classes) || classes.length === 0 || !classes.every((c) => typeof c === 'string'))
    throw damaged('classes');
  const dataset = metadata.dataset;
  return {
    classes,
    preprocessing: readPreprocessing(metadata),
    dataset: dataset === undefined ? undefined : { name: dataset, sha256: metadata.dataset_sha256 ?? '' },
    testAccuracy: readFraction(metadata, 'test_accuracy'),
    validationAccuracy: readFraction(metadata, 'validation_accuracy'),
    confidence: readConfidence(metadata),
    versions: readVersions(metadata),
  };
}

function readPreprocessing(metadata: Readonly<Record<string, string>>): ModelInfo['preprocessing'] {
  if (metadata.preprocessing === undefined) return MNIST_PREPROCESSING;
  const value = parseJson(metadata, 'preprocessing') as Partial<ModelInfo['preprocessing']> | null;
  if (
    value?.form !== 'mnist' ||
    !positive(value.width) ||
    !positive(value.height) ||
    !positive(value.scale)
  ) {
    throw damaged('preprocessing');
  }
  return { form: 'mnist', width: value.width, height: value.height, scale: value.scale };
}

function readConfidence(metadata: Readonly<Record<string, string>>): Confidence | undefined {
  if (metadata.confidence === undefined) return undefined;
  const value = parseJson(metadata, 'confidence');
  if (!isConfidence(value)) throw damaged('confidence');
  const { temperature, minProbability, minEvidence } = value;
  return { temperature, minProbability, minEvidence };
}

function positive(n: unknown): n is number {
  return typeof n === 'number' && Number.isFinite(n) && n > 0;
}

function readVersions(metadata: Readonly<Record<string, string>>): Record<string, string> | undefined {
  if (metadata.versions === undefined) return undefined;
  const value = parseJson(metadata, 'versions');
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isTable || !Object.values(value).every((version) => typeof version === 'string'))
    throw damaged('versions');
  return value as Record<string, string>;
}

function readFraction(metadata: Readonly<Record<string, string>>, key: string): number | undefined {
  const text = metadata[key];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw damaged(key);
  return value;
}

function parseJson(metadata: Readonly<Record<string, string>>, key: string): unknown {
  try {
    return JSON.parse(metadata[key]!);
  } catch {
    throw damaged(key);
  }
}

function damaged(key: string): UserError {
  return new UserError(`the model's metadata entry "${key}" is damaged`, { hint: 'Export the model again.' });
}
