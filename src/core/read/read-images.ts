import { type Classification, classify } from '../classify.js';
import { type GrayImage, MNIST_PIXELS } from '../image.js';
import type { ModelInfo } from '../model-info.js';
import {
  type DigitPrediction,
  digitsText,
  isSureDigit,
  type Prediction,
  type PredictionOptions,
  predictionOptions,
  toDigitPrediction,
  toPrediction,
} from '../prediction.js';
import type { PreparedDigit } from '../preprocess/prepare.js';
import type { InferenceSession } from '../session.js';
import { type DigitSearch, type FindDigitsOptions, findDigits } from './find-digits.js';

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
  const count = searches.reduce((sum, { crops }) => sum + crops.length, 0);
  const pixels = new Uint8Array(count * MNIST_PIXELS);
  let end = 0;
  for (const { crops } of searches) for (const crop of crops) pixels.set(crop.pixels, MNIST_PIXELS * end++);
  const classification = await classify(session, info, pixels);
  const recordOptions = predictionOptions(info, options);
  let next = 0;
  return searches.map((search) => {
    const first = next;
    next += search.crops.length;
    return toReading(search, first, classification, recordOptions);
  });
}

/** @param first where the rows of the search's crops begin */
function toReading(
  search: DigitSearch,
  first: number,
  { logits, probabilities, evidence, classCount }: Classification,
  options: PredictionOptions,
): ImageReading {
  const rows = (values: Float32Array, index: number, count: number) =>
    values.subarray((first + index) * classCount, (first + index + count) * classCount);
  const toDigit = (index: number): DigitPrediction => {
    const scores = { probabilities: rows(probabilities, index, 1), evidence: evidence[first + index]! };
    return toDigitPrediction(scores, search.crops[index]!.box, options);
  };
  const count = search.crops.length;
  const { lines } = search.choose(rows(logits, 0, count), rows(probabilities, 0, count));
  const digits: DigitPrediction[] = [];
  const crops: PreparedDigit[] = [];
  const texts: string[] = [];
  let isDoubted = false;
  for (const { numbers } of lines) {
    const line = numbers.map((number) => number.map(toDigit));
    for (const number of numbers) for (const index of number) crops.push(search.crops[index]!);
    const start = digits.length;
    for (const number of line) digits.push(...number);
    const strict = isWriting(digits, start, options) ? options : DOUBT_ALL;
    isDoubted ||= strict === DOUBT_ALL;
    texts.push(line.map((number) => digitsText(number, strict)).join(' '));
  }
  const record = toPrediction('', digits, options);
  const status = isDoubted ? 'unsure' : record.status;
  return { prediction: { ...record, text: texts.join('\n'), status }, crops };
}

/** No digit is sure enough. */
const DOUBT_ALL = { minProbability: Number.POSITIVE_INFINITY, minEvidence: 0 };
/** A line with at least so many signs of which more than this share are unsure is no number. */
const LINE = 3;
const MOST_UNSURE = 0.34;

/** Whether the digits from `start` on, a line, are digits indeed: in a word some letters resemble digits, but not all do. */
function isWriting(digits: readonly DigitPrediction[], start: number, options: PredictionOptions): boolean {
  const count = digits.length - start;
  if (count < LINE || options.minProbability === 0) return true;
  let unsure = 0;
  for (let i = start; i < digits.length; i++) if (!isSureDigit(digits[i]!, options)) unsure++;
  return unsure <= MOST_UNSURE * count;
}
