import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { classify } from '../../core/classify.js';
import { messageOf, UserError } from '../../core/errors.js';
import { MNIST_PIXELS } from '../../core/image.js';
import type { ModelInfo } from '../../core/model-info.js';
import {
  type Prediction,
  type PredictionOptions,
  toDigitPrediction,
  toFailure,
  toPrediction,
} from '../../core/prediction.js';
import { type PreparedDigit, prepareDigits } from '../../core/preprocess/prepare.js';
import type { InferenceSession } from '../../core/session.js';
import { fileErrorReason } from '../files.js';
import { decodeImage } from '../images/decode-image.js';
import { type Input, listInputs, STDIN } from './list-inputs.js';
import { mapOrdered } from './map-ordered.js';
import { saveInputs } from './save-input.js';

export interface InferOptions extends Omit<PredictionOptions, 'classes'> {
  /** Files, folders, glob patterns; `-` is `stdin`. */
  readonly inputs: readonly string[];
  readonly session: InferenceSession;
  readonly info: ModelInfo;
  /** Where the 28x28 pictures that the model sees are written, if anywhere. */
  readonly saveInputsDir?: string | undefined;
  readonly stdin?: NodeJS.ReadableStream;
  readonly signal?: AbortSignal | undefined;
}

/** An image with its digits cut out, or why it could not be read. */
type Prepared = { readonly file: string } & (
  | { readonly digits: readonly PreparedDigit[]; readonly pixelCount: number; readonly error?: undefined }
  | { readonly error: string }
);

/**
 * Images that are classified in one go: enough for the runtime to be busy, and few enough, large photos
 * fewer, to appear soon. Counted, not timed, so that the batches are the same in every run.
 */
const BATCH_IMAGES = 128;
const BATCH_PIXELS = 8e6;
/** Images under way at a time; a large photo takes tens of megabytes, and libuv has four threads by default. */
const CONCURRENCY = Math.min(8, availableParallelism() + 2);

/**
 * Reads the digits of images: one record an image, in the order of the inputs, as they come. Images are
 * decoded several at a time and classified in batches; memory does not grow with their number. An image
 * that cannot be read gives an `error` record and stops nothing.
 *
 * @throws UserError if the 28x28 pictures cannot be written; the signal's reason once it is aborted.
 */
export async function* infer(options: InferOptions): AsyncGenerator<Prediction> {
  const { inputs, saveInputsDir, stdin = process.stdin, signal } = options;
  const prepare = async (input: Input): Promise<Prepared> => {
    const prepared = await prepareInput(input, stdin);
    if (saveInputsDir !== undefined && prepared.error === undefined) {
      await saveInputs(saveInputsDir, prepared.file, prepared.digits);
    }
    return prepared;
  };
  let batch: Prepared[] = [];
  let pixels = 0;
  for await (const prepared of mapOrdered(listInputs(inputs), CONCURRENCY, prepare)) {
    signal?.throwIfAborted();
    batch.push(prepared);
    if (prepared.error === undefined) pixels += prepared.pixelCount;
    if (batch.length < BATCH_IMAGES && pixels < BATCH_PIXELS) continue;
    yield* await predict(batch, options);
    batch = [];
    pixels = 0;
  }
  yield* await predict(batch, options);
}

async function prepareInput({ file, error }: Input, stdin: NodeJS.ReadableStream): Promise<Prepared> {
  if (error !== undefined) return { file, error };
  let bytes: Uint8Array;
  try {
    bytes = file === STDIN ? await buffer(stdin) : await readFile(file);
  } catch (cause) {
    return { file, error: fileErrorReason(cause) };
  }
  try {
    const image = await decodeImage(bytes);
    return { file, digits: prepareDigits(image), pixelCount: image.data.length };
  } catch (cause) {
    if (cause instanceof UserError) return { file, error: messageOf(cause) };
    throw cause;
  }
}

async function predict(batch: readonly Prepared[], options: InferOptions): Promise<Prediction[]> {
  const { session, info, topK, minProbability } = options;
  const digits = batch.flatMap((image) => (image.error === undefined ? image.digits : []));
  const pixels = new Uint8Array(digits.length * MNIST_PIXELS);
  for (const [i, digit] of digits.entries()) pixels.set(digit.pixels, i * MNIST_PIXELS);
  const { probabilities, classCount } = await classify(session, info, pixels);
  let next = 0;
  return batch.map((image) => {
    if (image.error !== undefined) return toFailure(image.file, image.error);
    const read = image.digits.map(({ box }) => {
      const row = probabilities.subarray(next * classCount, ++next * classCount);
      return toDigitPrediction(row, box, { classes: info.classes, topK });
    });
    return toPrediction(image.file, read, { minProbability });
  });
}
