import {
  artifactsFromJson,
  type ConvertedModel,
  convertLayersModel,
  weightPaths,
} from '../../../src/core/convert/index.js';
import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';

/**
 * Converts the files of a saved layers model: one that ends in .json, and the weight files that it names.
 *
 * @throws UserError if a file is missing or damaged, or the model cannot be converted.
 */
export async function convertFiles(files: readonly File[]): Promise<ConvertedModel> {
  const json = files.find((file) => file.name.endsWith('.json'));
  if (!json) throw new UserError(texts.convert.noJson);
  const modelJson = parse(json.name, await json.text());
  const weights = weightPaths(modelJson).map((path) => findFile(files, path, json.name));
  const bytes = new Uint8Array(await new Blob(weights).arrayBuffer());
  return convertLayersModel(artifactsFromJson(modelJson, bytes));
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(texts.convert.notJson(name), { cause });
  }
}

function findFile(files: readonly File[], path: string, json: string): File {
  const name = path.split('/').at(-1)!;
  const file = files.find((candidate) => candidate.name === name);
  if (!file) throw new UserError(texts.convert.missing(name, json));
  return file;
}
