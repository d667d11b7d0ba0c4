import { type Classification, checkScores, classify } from '../classify.js';
import { type GrayImage, MNIST_PIXELS } from '../image.js';
import type { ModelInfo } from '../model-info.js';
import {
  type DigitPrediction,
  digitsText,
  isSureDigit,
  type Prediction,
  type PredictionOptions,
  predictionOptions,
  statusOf,
  type Thresholds,
  toDigitPrediction,
} from '../prediction.js';
import type { PreparedDigit } from '../preprocess/prepare.js';
import type { InferenceSession } from '../session.js';
import { type DigitSearch, type FindDigitsOptions, findDigits, type ReadingLine } from './find-digits.js';

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
  /** What the model says of one of these crops. */
  scoresOf(index: number): DigitScores;
}

/** The rows of one crop in a {@link Classification}, each [K]. */
export type DigitScores = Pick<Classification, 'logits' | 'probabilities'>;

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
  checkScores(classification);
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
  const row = (values: Float32Array, index: number) =>
    values.subarray((first + index) * classCount, (first + index + 1) * classCount);
  const digits: DigitPrediction[] = [];
  const crops: PreparedDigit[] = [];
  let text = '';
  let isDoubted = false;
  for (const { numbers } of search.choose((index) => Math.max(...row(probabilities, index))).lines) {
    const start = digits.length;
    for (const number of numbers) {
      for (const index of number) {
        const crop = search.crops[index]!;
        const scores = { probabilities: row(probabilities, index), evidence: evidence[first + index]! };
        digits.push(toDigitPrediction(scores, crop.box, options));
        crops.push(crop);
      }
    }
    const strict = isWriting(digits, start, options) ? options : DOUBT_ALL;
    isDoubted ||= strict === DOUBT_ALL;
    if (start > 0) text += '\n';
    text += numbersText(numbers, digits, start, strict);
  }
  const status = isDoubted ? 'unsure' : statusOf(digits, options);
  return {
    prediction: { file: '', text, status, digits, error: null },
    crops,
    scoresOf: (chosen) => {
      const index = search.crops.indexOf(crops[chosen]!);
      return { logits: row(logits, index).slice(), probabilities: row(probabilities, index).slice() };
    },
  };
}

/** A line's text: its numbers, parted by spaces, have their digits from `start` on. */
function numbersText(
  numbers: ReadingLine['numbers'],
  digits: readonly DigitPrediction[],
  start: number,
  thresholds: Thresholds,
): string {
  let text = '';
  let at = start;
  for (const { length } of numbers) {
    if (at > start) text += ' ';
    text += digitsText(digits, thresholds, at, at + length);
    at += length;
  }
  return text;
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
