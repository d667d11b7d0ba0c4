import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { artifactsFromJson, type ModelArtifacts, weightPaths } from '../../core/convert/index.js';
import { UserError } from '../../core/errors.js';
import { parseTrainingRecord, type TrainingRecord } from '../../core/training-record.js';
import { fileErrorReason, readFileOrFail } from '../files.js';
import { sha256Of } from '../hash.js';
import { MODEL_DIR, PRETRAINED_DIR } from '../paths.js';
import type { Reporter } from '../reporter.js';

/** A tfjs model as it lies on the disk. */
export interface SavedModel {
  /** The folder. */
  readonly path: string;
  /** The folder's name. */
  readonly name: string;
  readonly artifacts: ModelArtifacts;
  /** How it was trained, where our trainer made it. */
  readonly record: TrainingRecord | undefined;
}

/**
 * Reads a saved layers model: model.json, the weight files that it names, and training.json if it is there.
 *
 * @param given a folder, a model.json, or the name of a model that comes with us; by default the user's own model, then the one that comes with us
 * @param output the file to be made: models of its name come first
 * @throws UserError if a file is missing or damaged.
 */
export async function readSavedModel(
  given: string | undefined,
  reporter: Reporter,
  output = '',
): Promise<SavedModel> {
  const jsonPath = await findModelJson(given, reporter, basename(output, '.onnx'));
  const folder = dirname(jsonPath);
  const json = parseJson(
    await readFileOrFail(jsonPath, 'the model', 'Train one with: mnist-onnx train'),
    jsonPath,
  );
  const parts: Buffer[] = [];
  for (const path of weightPaths(json)) {
    parts.push(await readFileOrFail(join(folder, path), 'the weights', `${jsonPath} names this file.`));
  }
  const weights = Buffer.concat(parts);
  return {
    path: folder,
    name: basename(resolve(folder)),
    artifacts: artifactsFromJson(json, weights),
    record: await readRecord(folder, weights, reporter),
  };
}

/** Can it name a model that comes with us? */
function isBareName(given: string): boolean {
  return /^[\w-]+$/.test(given);
}

async function findModelJson(given: string | undefined, reporter: Reporter, name: string): Promise<string> {
  if (given !== undefined) {
    const stats = await stat(given).catch((error: unknown) => {
      const shipped = join(PRETRAINED_DIR, given, 'model.json');
      if (isBareName(given) && existsSync(shipped)) return shipped;
      throw new UserError(`cannot read the model ${given}: ${fileErrorReason(error)}`, {
        hint: 'Name the folder or the model.json that model.save(...) wrote.',
      });
    });
    if (typeof stats === 'string') return stats;
    return stats.isDirectory() ? join(given, 'model.json') : given;
  }
  // What has the output's name is meant, the user's own before the one that comes with us.
  const named = name === '' ? [] : [join(dirname(MODEL_DIR), name), join(PRETRAINED_DIR, name)];
  for (const folder of [...named, MODEL_DIR, join(PRETRAINED_DIR, 'mnist_cnn')]) {
    const path = join(folder, 'model.json');
    if (!(await stat(path).catch(() => undefined))) continue;
    reporter.note(
      `model: ${folder}${folder.startsWith(PRETRAINED_DIR) ? ' (the one that comes with mnist-onnx)' : ''}`,
    );
    return path;
  }
  throw new UserError(`there is no model to export: ${MODEL_DIR} does not exist`, {
    hint: 'Train one with: mnist-onnx train, or name a tfjs model with --model DIR.',
  });
}

function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new UserError(`${path} is not JSON, so it is no tfjs model`, {
      cause,
      hint: 'Name the folder or the model.json that model.save(...) wrote.',
    });
  }
}

async function readRecord(
  folder: string,
  weights: Buffer,
  reporter: Reporter,
): Promise<TrainingRecord | undefined> {
  const path = join(folder, 'training.json');
  if (!(await stat(path).catch(() => undefined))) return undefined;
  const record = parseTrainingRecord(
    (await readFileOrFail(path, 'the training record')).toString('utf8'),
    path,
  );
  if (record.weightsSha256 === sha256Of(weights)) return record;
  reporter.warn(`${path} is of other weights than these: the model gets no metadata from it`);
  return undefined;
}
