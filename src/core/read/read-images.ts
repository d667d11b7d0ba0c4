import { type Classification, classify } from '../classify.js';
import { type GrayImage, MNIST_PIXELS } from '../image.js';
import type { ModelInfo } from '../model-info.js';
import {
  type DigitPrediction,
  type Prediction,
  type PredictionOptions,
  predictionOptions,
  toDigitPrediction,
  toPrediction,
} from '../prediction.js';
import type { PreparedDigit } from '../preprocess/prepare.js';
import type { InferenceSession } from '../session.js';
import { type DigitSearch, type FindDigitsOptions, findDigits, type Reading } from './find-digits.js';

/** How readings become records. */
export interface ReadOptions {
  /** How many candidates each digit lists, at least 1. */
  readonly topK: number;
  /** Digits of a lower probability are `unsure`; by default what the model was given for it. */
  readonly minProbability?: number | undefined;
}

/** An image's record (its `file` empty), with the 28x28 crop of each of its digits. */
export interface ImageReading {
  readonly prediction: Prediction;
  /** In the order of `prediction.digits`. */
  readonly crops: readonly PreparedDigit[];
}

/**
 * Reads images: finds their digits, classifies them together and chooses. Command line and browser both
 * read through this.
 *
 * @throws UserError where the model does not fit, as `classify`.
 */
export async function readImages(
  session: InferenceSession,
  info: ModelInfo,
  images: readonly GrayImage[],
  options: ReadOptions & FindDigitsOptions,
): Promise<Prediction[]> {
  const searches = images.map((image) => findDigits(image, options));
  const readings = await readSearches(session, info, searches, options);
  return readings.map(({ prediction }) => prediction);
}

/** {@link readImages} from the classifier on, for who need not keep the images meanwhile, or wants the crops. */
export async function readSearches(
  session: InferenceSession,
  info: ModelInfo,
  searches: readonly DigitSearch[],
  options: ReadOptions,
): Promise<ImageReading[]> {
  const crops = searches.flatMap((search) => search.crops);
  const pixels = new Uint8Array(crops.length * MNIST_PIXELS);
  for (const [i, crop] of crops.entries()) pixels.set(crop.pixels, i * MNIST_PIXELS);
  const classification = await classify(session, info, pixels);
  const recordOptions = predictionOptions(info, options);
  let next = 0;
  return searches.map((search) => {
    const part = rows(classification, next, search.crops.length);
    next += search.crops.length;
    const reading = search.choose(part.logits, part.probabilities);
    return toReading(search, reading, part, recordOptions);
  });
}

function rows(
  { classCount, logits, probabilities, evidence }: Classification,
  start: number,
  count: number,
): Classification {
  const part = (values: Float32Array) => values.subarray(start * classCount, (start + count) * classCount);
  return {
    count,
    classCount,
    logits: part(logits),
    probabilities: part(probabilities),
    evidence: evidence.subarray(start, start + count),
  };
}

function toReading(
  search: DigitSearch,
  { lines }: Reading,
  { probabilities, evidence, classCount }: Classification,
  options: PredictionOptions,
): ImageReading {
  const toDigit = (index: number): DigitPrediction => {
    const row = probabilities.subarray(index * classCount, (index + 1) * classCount);
    const scores = { probabilities: row, evidence: evidence[index]! };
    return toDigitPrediction(scores, search.crops[index]!.box, options);
  };
  const digits = lines.map(({ numbers }) => numbers.map((number) => number.map(toDigit)));
  const strict = digits.map((numbers) => (isWriting(numbers.flat(), options) ? options : DOUBT_ALL));
  const text = digits
    .map((numbers, i) => numbers.map((number) => toPrediction('', number, strict[i]!).text).join(' '))
    .join('\n');
  const record = toPrediction('', digits.flat(2), options);
  return {
    prediction: { ...record, text, status: strict.includes(DOUBT_ALL) ? 'unsure' : record.status },
    crops: lines.flatMap(({ numbers }) => numbers.flat()).map((index) => search.crops[index]!),
  };
}

/** No digit is sure enough. */
const DOUBT_ALL = { minProbability: Number.POSITIVE_INFINITY, minEvidence: 0 };
/** A line with at least so many signs of which more than this share are unsure is no number. */
const LINE = 3;
const MOST_UNSURE = 0.34;

/** Whether a line is made of digits: in a word some letters resemble digits, but not all do. */
function isWriting(digits: readonly DigitPrediction[], options: PredictionOptions): boolean {
  if (digits.length < LINE || options.minProbability === 0) return true;
  const unsure = digits.filter((digit) => toPrediction('', [digit], options).status === 'unsure');
  return unsure.length <= MOST_UNSURE * digits.length;
}
