import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { saveToArtifacts, weightBytes } from '../../core/convert/artifacts.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { type AtomicFile, createAtomicFile } from '../files.js';
import { sha256Of } from '../hash.js';

/** A model as tfjs's own two files. */
export interface ModelFiles {
  readonly modelJson: string;
  readonly weights: Uint8Array;
  readonly weightsSha256: string;
}

/** The files that tfjs loads as a LayersModel: the topology, and the weights in one file. */
export async function encodeModel(model: LayersModel): Promise<ModelFiles> {
  const artifacts = await saveToArtifacts(model);
  const { modelTopology, weightSpecs, format, generatedBy, convertedBy } = artifacts;
  const weights = weightBytes(artifacts);
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  return {
    modelJson: JSON.stringify({
      format,
      generatedBy,
      convertedBy: convertedBy ?? null,
      modelTopology,
      weightsManifest,
    }),
    weights,
    weightsSha256: sha256Of(weights),
  };
}

/** What `saveModel` writes. */
export const MODEL_FILES = ['model.json', 'weights.bin', 'training.json'] as const;

/**
 * Writes model.json, weights.bin and training.json: all are written aside first, so that a full disk leaves
 * the model that stood there.
 *
 * @throws UserError if one of them cannot be written.
 */
export async function saveModel(modelDir: string, files: ModelFiles, record: TrainingRecord): Promise<void> {
  const contents: Record<(typeof MODEL_FILES)[number], string | Uint8Array> = {
    'model.json': files.modelJson,
    'weights.bin': files.weights,
    'training.json': `${JSON.stringify(record, null, 2)}\n`,
  };
  const open: AtomicFile[] = [];
  try {
    for (const name of MODEL_FILES) {
      const file = await createAtomicFile(join(modelDir, name));
      open.push(file);
      await file.write(contents[name]);
    }
    for (const file of open) await file.commit();
  } catch (error) {
    for (const file of open) await file.discard();
    throw error;
  }
}
