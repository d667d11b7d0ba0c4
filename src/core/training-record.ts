import { type Confidence, isConfidence } from './confidence.js';
import { UserError } from './errors.js';

/** Mean cross-entropy (in nats) and accuracy (a fraction of 1) over some images. */
export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/** One epoch of a training run. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** The learning rate of its last step. */
  readonly learningRate: number;
  /** The running mean while the weights changed, with dropout. */
  readonly training: Score;
  readonly validation: Score;
  /** Only measured: nothing is ever chosen by it. */
  readonly test: Score;
}

/** What `training.json` beside a model says of how it was made. */
export interface TrainingRecord {
  readonly format: 1;
  /** The hyperparameters, the seed among them. */
  readonly config: Readonly<Record<string, string | number>>;
  readonly dataset: {
    readonly name: string;
    /** Of all images: of the data set's and the user's own. */
    readonly sha256: string;
    /** Of the data set's alone, where own ones were mixed in. */
    readonly baseSha256?: string | undefined;
    readonly classes: readonly string[];
  };
  /** How many images each part had. */
  readonly split: { readonly training: number; readonly validation: number; readonly test: number };
  readonly backend: string;
  /** Versions of what made it, by package name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly parameterCount: number;
  /** SHA-256 of the weights file, so that a record of other weights is noticed. */
  readonly weightsSha256: string;
  /** False for a run that was interrupted and can be resumed. */
  readonly finished: boolean;
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch: number;
  readonly validation: Score;
  readonly test: Score;
  /** Chosen on the validation images; missing in records of earlier versions. */
  readonly confidence?: Confidence | undefined;
}

/**
 * Reads a `training.json`.
 *
 * @param path names the file in the error.
 * @throws UserError if it is damaged or of another format.
 */
export function parseTrainingRecord(text: string, path: string): TrainingRecord {
  let record: Partial<TrainingRecord> | null;
  try {
    record = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, 'it is not JSON', cause);
  }
  if (record?.format !== 1) throw damaged(path, 'it is of another format');
  const { dataset, history, validation, test, versions, config } = record;
  if (
    typeof dataset?.name !== 'string' ||
    typeof dataset.sha256 !== 'string' ||
    (dataset.baseSha256 !== undefined && typeof dataset.baseSha256 !== 'string') ||
    !Array.isArray(dataset.classes) ||
    dataset.classes.length === 0 ||
    !dataset.classes.every((name) => typeof name === 'string')
  )
    throw damaged(path, 'its dataset is missing');
  if (!Array.isArray(history) || !history.every(isEpochRecord) || !isScore(validation) || !isScore(test))
    throw damaged(path, 'its history or its scores are missing');
  const { split, bestEpoch, parameterCount } = record;
  if (![split?.training, split?.validation, split?.test].every(isCount))
    throw damaged(path, 'the sizes of its split are missing');
  if (!isCount(bestEpoch) || bestEpoch < 1 || bestEpoch > history.length)
    throw damaged(path, 'its best epoch is none of its history');
  if (!isCount(parameterCount)) throw damaged(path, 'its number of parameters is missing');
  if (
    typeof record.backend !== 'string' ||
    typeof record.weightsSha256 !== 'string' ||
    typeof record.finished !== 'boolean'
  )
    throw damaged(path, 'its backend, the digest of its weights or whether it finished is missing');
  if (!isTable(versions)) throw damaged(path, 'its versions are missing');
  if (!isTable(config)) throw damaged(path, 'its hyperparameters are missing');
  if (record.confidence !== undefined && !isConfidence(record.confidence))
    throw damaged(path, 'its confidence is not one');
  return record as TrainingRecord;
}

/** Whether something read from a file is an epoch's record. */
export function isEpochRecord(value: unknown): value is EpochRecord {
  const record = value as Partial<EpochRecord> | null | undefined;
  return (
    Number.isSafeInteger(record?.epoch) &&
    Number.isFinite(record?.learningRate) &&
    isScore(record?.training) &&
    isScore(record?.validation) &&
    isScore(record?.test)
  );
}

/** Names with a text or a number each. */
function isTable(value: object | undefined): boolean {
  const isPlain = (entry: unknown) => typeof entry === 'string' || typeof entry === 'number';
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isPlain)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isScore(value: Partial<Score> | null | undefined): value is Score {
  return (
    typeof value?.loss === 'number' &&
    typeof value.accuracy === 'number' &&
    value.accuracy >= 0 &&
    value.accuracy <= 1
  );
}

function damaged(path: string, why: string, cause?: unknown): UserError {
  return new UserError(`cannot use the training record ${path}: ${why}`, {
    hint: 'Train again: mnist-onnx train.',
    cause,
  });
}
