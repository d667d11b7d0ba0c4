import {
  artifactsFromJson,
  type ConvertedModel,
  convertLayersModel,
  weightPaths,
} from '../../../src/core/convert/index.js';
import { UserError } from '../../../src/core/errors.js';
import { texts } from '../texts.js';

/** A converted model with the name of its file: that of the .json, with another ending. */
export interface NamedModel {
  readonly name: string;
  readonly model: ConvertedModel;
}

/**
 * Converts the files of a saved layers model: one that ends in .json, and the weight files that it names.
 *
 * @throws UserError if a file is missing or damaged, or the model cannot be converted.
 */
export async function convertFiles(files: readonly File[]): Promise<NamedModel> {
  const json = await findModelJson(files);
  if (!json) throw new UserError(noJson(files));
  const modelJson = parse(json.name, await json.text());
  const weights = weightPaths(modelJson).map((path) => findFile(files, path, json.name));
  const bytes = new Uint8Array(await new Blob(weights).arrayBuffer());
  const model = await convertLayersModel(artifactsFromJson(modelJson, bytes));
  return { name: json.name.replace(/\.json$/i, '.onnx'), model };
}

/** Of several .json files, as training leaves them beside the model, the one that is a model. */
async function findModelJson(files: readonly File[]): Promise<File | undefined> {
  const all = files.filter(({ name }) => /\.json$/i.test(name));
  const named = all.find(({ name }) => name.toLowerCase() === 'model.json');
  if (named || all.length <= 1) return named ?? all[0];
  for (const file of all) if ((await file.text()).includes('"modelTopology"')) return file;
  return all[0];
}

function noJson(files: readonly File[]): string {
  const keras = files.find(({ name }) => /\.(h5|hdf5|keras)$/i.test(name));
  if (keras) return texts.convert.keras(keras.name);
  const onnx = files.find(({ name }) => /\.onnx$/i.test(name));
  return onnx ? texts.convert.isOnnx(onnx.name) : texts.convert.noJson;
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
