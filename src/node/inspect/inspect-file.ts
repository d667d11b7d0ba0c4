import { stat } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import { type Inspection, inspectOnnx, readOnnx } from '../../core/onnx/index.js';
import { printable } from '../../core/printable.js';
import { fileErrorReason, readFileOrFail } from '../files.js';

/** Protobuf holds no more in one message, and so ONNX no more in one file. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/**
 * Inspects an ONNX file of any maker.
 *
 * @throws UserError if it cannot be read, is no regular file (a pipe or device may never end), is larger than
 * 2 GB, or is no ONNX model.
 */
export async function inspectFile(path: string): Promise<Inspection> {
  const name = printable(path);
  const cannotRead = (reason: string, cause?: unknown) =>
    new UserError(`cannot read the model ${name}: ${reason}`, {
      cause,
      hint: 'Name an ONNX file, for example: mnist-onnx inspect models/mnist_cnn.onnx',
    });
  const found = await stat(path).catch((error: unknown) => {
    throw cannotRead(fileErrorReason(error), error);
  });
  if (found.isDirectory()) throw cannotRead('it is a folder');
  if (!found.isFile()) throw cannotRead('it is no regular file');
  if (found.size > MAX_FILE_BYTES) {
    throw new UserError(`${name} is larger than 2 GB, which no ONNX file in one piece can be`, {
      hint: 'Weights of such models lie in files beside it; name the .onnx file itself.',
    });
  }
  return inspectOnnx(readOnnx(await readFileOrFail(path, 'the model'), name));
}
