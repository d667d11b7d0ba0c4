import type { LayersModel } from '@tensorflow/tfjs';
import type { Confidence } from '../../core/confidence.js';
import type { Dataset } from '../../core/dataset/dataset.js';
import type { EpochRecord, TrainingRecord } from '../../core/training-record.js';
import { packageVersion } from '../paths.js';
import type { LoadedTensorFlow } from '../tensorflow/load.js';
import type { Checkpoint } from './checkpoint.js';
import type { Split } from './data.js';
import type { ModelFiles } from './model-files.js';

export interface RecordParts {
  readonly loaded: LoadedTensorFlow;
  readonly dataset: Dataset;
  /** Of the data set without the user's own images. */
  readonly baseSha256: string;
  readonly split: Split;
  readonly confidence: Confidence | undefined;
  readonly checkpoint: Checkpoint;
  readonly best: EpochRecord;
  readonly model: LayersModel;
  readonly files: ModelFiles;
  readonly interrupted: boolean;
}

/** Puts together what `training.json` says. */
export function createTrainingRecord(parts: RecordParts): TrainingRecord {
  const { loaded, dataset, baseSha256, split, confidence, checkpoint, best, model, files, interrupted } =
    parts;
  return {
    format: 1,
    config: checkpoint.config,
    dataset: {
      name: dataset.name,
      sha256: dataset.sha256,
      ...(baseSha256 === dataset.sha256 ? {} : { baseSha256 }),
      classes: dataset.classes,
    },
    split: {
      training: split.training.count,
      validation: split.validation.count,
      test: dataset.test.count,
    },
    backend: loaded.backend,
    versions: versionsOf(loaded),
    parameterCount: model.countParams(),
    weightsSha256: files.weightsSha256,
    finished: !interrupted,
    history: checkpoint.history,
    bestEpoch: best.epoch,
    validation: best.validation,
    test: best.test,
    confidence,
  };
}

function versionsOf({ tf, backend, version }: LoadedTensorFlow): Record<string, string> {
  return {
    'mnist-onnx': packageVersion(),
    '@tensorflow/tfjs': tf.version.tfjs ?? tf.version_core,
    [backend === 'native' ? 'tensorflow' : '@tensorflow/tfjs-backend-wasm']: version,
    node: process.versions.node,
  };
}
