import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseTrainingRecord, type TrainingRecord } from '../../core/training-record.js';
import { MODEL_DIR } from '../paths.js';
import type { OpenModel } from '../runtime/index.js';

/**
 * The record of a model's training, where it lies beside the model or in the usual folder and fits: the ONNX
 * file says which data and which accuracies it came from.
 */
export async function findTrainingRecord({ path, info }: OpenModel): Promise<TrainingRecord | undefined> {
  const folders = [path.replace(/\.onnx$/i, ''), join(dirname(path), 'mnist_cnn'), MODEL_DIR];
  for (const folder of folders) {
    const file = join(folder, 'training.json');
    try {
      const record = parseTrainingRecord(await readFile(file, 'utf8'), file);
      const isSame =
        record.dataset.sha256 === info.dataset?.sha256 &&
        record.test.accuracy === info.testAccuracy &&
        record.validation.accuracy === info.validationAccuracy;
      if (isSame) return record;
    } catch {
      // Not there, or no record of this format: the model can be measured without.
    }
  }
  return undefined;
}
