import { UserError } from '../../../src/core/errors.js';
import { isPicture } from '../inputs/open-picture.js';
import { loadPart } from '../load-part.js';
import type { ModelSource } from '../reader/protocol.js';
import { texts } from '../texts.js';

/** A page holds a file several times as it loads it. */
const MAX_BYTES = 300e6;

const isOnnx = ({ name }: File) => /\.onnx$/i.test(name);
const isJson = ({ name }: File) => /\.json$/i.test(name);

/** Whether dropped files are meant as a model rather than as a picture, beside which another .json file may lie. */
export const isModel = (files: readonly File[]): boolean =>
  files.some((file) => isOnnx(file) || /^model\.json$|\.bin$/i.test(file.name)) ||
  (files.some(isJson) && !files.some(isPicture));

/**
 * Makes a model of an .onnx file, or of a tfjs model.json and its weight files, which are converted.
 *
 * @throws UserError if the files are none, too large, or cannot be converted.
 */
export async function openModel(files: readonly File[]): Promise<ModelSource> {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > MAX_BYTES) throw new UserError(texts.errors.tooLarge(size / 1e6, MAX_BYTES / 1e6));
  const onnx = files.find(isOnnx);
  if (onnx) return { kind: 'file', name: onnx.name, bytes: new Uint8Array(await onnx.arrayBuffer()) };
  if (!files.some(isJson)) throw new UserError(texts.errors.noModel, { hint: texts.errors.noModelHint });
  // The converter is as large as the rest of the page, and few need it.
  const { convertFiles } = await loadPart(() => import('../convert/convert-files.js'));
  const { name, model } = await convertFiles(files);
  return { kind: 'file', name, bytes: model.bytes };
}
