import { classify } from '../../../src/core/classify.js';
import { type GrayImage, MNIST_PIXELS } from '../../../src/core/image.js';
import type { ModelInfo } from '../../../src/core/model-info.js';
import { DEFAULT_MIN_PROBABILITY, toDigitPrediction, toPrediction } from '../../../src/core/prediction.js';
import { prepareDigits } from '../../../src/core/preprocess/prepare.js';
import type { InferenceSession } from '../../../src/core/session.js';
import type { Reading } from './protocol.js';

/** A model that is ready to run. */
export interface Model {
  readonly session: InferenceSession;
  readonly info: ModelInfo;
}

/** Finds and reads the digits of a picture, with the thresholds of the command line. */
export async function read(image: GrayImage, name: string, { session, info }: Model): Promise<Reading> {
  const started = performance.now();
  const digits = prepareDigits(image);
  const pixels = new Uint8Array(digits.length * MNIST_PIXELS);
  for (const [i, digit] of digits.entries()) pixels.set(digit.pixels, i * MNIST_PIXELS);
  const prepared = performance.now();
  const { logits, probabilities, classCount } = await classify(session, info, pixels);
  const finished = performance.now();
  const row = (values: Float32Array, i: number) => values.slice(i * classCount, (i + 1) * classCount);
  const seen = digits.map((digit, i) => ({
    pixels: digit.pixels,
    logits: row(logits, i),
    probabilities: row(probabilities, i),
  }));
  const options = { classes: info.classes, topK: classCount, minProbability: DEFAULT_MIN_PROBABILITY };
  const predictions = seen.map(({ probabilities }, i) =>
    toDigitPrediction(probabilities, digits[i]!.box, options),
  );
  return {
    prediction: toPrediction(name, predictions, options),
    seen,
    width: image.width,
    height: image.height,
    prepareMs: prepared - started,
    runMs: finished - prepared,
  };
}
