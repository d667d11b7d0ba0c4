import type { GrayImage } from '../image.js';
import { type Blob, cropInk, uniteBlobs } from '../preprocess/crop-ink.js';
import { type FoundInk, findInk } from '../preprocess/find-ink.js';
import { mnistFormOf, type PreparedDigit, toImageBox, wholeDigit } from '../preprocess/prepare.js';
import { type LineCandidates, listCandidates } from './candidates.js';
import { chooseCandidates } from './choose.js';
import { boxAround, findLines } from './lines.js';
import { groupNumbers } from './numbers.js';

/** Whether an image holds one digit, several, or whatever is found there. */
export type DigitSegment = 'auto' | 'single' | 'multi';

/** How an image is searched. */
export interface FindDigitsOptions {
  readonly segment: DigitSegment;
  /** The grey value of an even ground, 0 to 255, where it is known: a canvas that was drawn on. */
  readonly ground?: number | undefined;
}

/** The chosen crops of an image in reading order: lines of numbers of indices into `DigitSearch.crops`. */
export interface Reading {
  readonly lines: readonly ReadingLine[];
}

/** One written line. */
export interface ReadingLine {
  /** Numbers from left to right, each the indices of its digits. */
  readonly numbers: readonly (readonly number[])[];
}

/** What may be digits in an image, to be classified; alternatives of one another where ink can be cut in several ways. */
export interface DigitSearch {
  /** All crops to classify; none means that the paper is blank. */
  readonly crops: readonly PreparedDigit[];
  /**
   * Chooses among the crops by what the classifier says of them.
   *
   * @param confidence the highest probability, 0 to 1, of the crop with an index
   */
  choose(confidence: (crop: number) => number): Reading;
}

/** Pictures no larger than this hold one digit, unless they are searched for several. */
const ONE_DIGIT_SIDE = 40;
/** In `auto`, so few pieces in a box no wider than this may be one digit, whatever their lines. */
const ONE_DIGIT_PIECES = 6;
const ONE_DIGIT_ASPECT = 1.3;
/** Parts far apart are seldom one digit: this off the logarithm of the whole's probability. */
const SCATTERED = 0.3;
/** A digit of this probability is sure, in telling lines of writing from what is none. */
const SURE = 0.8;
/** They lie no further apart, from side to side, than this share of their height. */
const ONE_DIGIT_GAP = 0.04;

/**
 * Finds the digits of an image: everything up to the classifier.
 *
 * @param image of any size, dark ink on light or light on dark
 */
export function findDigits(image: GrayImage, { segment, ground }: FindDigitsOptions): DigitSearch {
  const ready = mnistFormOf(image);
  if (ready && segment !== 'multi') return oneDigit(ready);
  const found = findInk(image, ground);
  if (found.pieces.length === 0) return { crops: [], choose: () => ({ lines: [] }) };
  const isTiny = Math.max(image.width, image.height) <= ONE_DIGIT_SIDE;
  if (segment === 'single' || (segment === 'auto' && isTiny)) return oneDigit(wholeDigit(image, found));
  return manyDigits(image, found, segment);
}

function oneDigit(crop: PreparedDigit): DigitSearch {
  return { crops: [crop], choose: () => ONE };
}

const ONE: Reading = { lines: [{ numbers: [[0]] }] };

function manyDigits(image: GrayImage, found: FoundInk, segment: DigitSegment): DigitSearch {
  const lines = findLines(found.pieces).map((line) => listCandidates(found.ink, line));
  const toCrop = (blob: Blob): PreparedDigit => ({
    pixels: cropInk(found.ink, found.strokes, blob),
    box: toImageBox(blob.box, found, image),
  });
  const crops = lines.flatMap(({ candidates }) => candidates.map(({ blob }) => toCrop(blob)));
  const whole =
    segment === 'auto' && mayBeOneDigit(found) ? crops.push(toCrop(uniteBlobs(found.pieces))) - 1 : undefined;
  return toSearch(lines, crops, whole);
}

/** Apart, so that what is kept for the choice is not the whole picture as well. */
function toSearch(
  lines: readonly LineCandidates[],
  crops: readonly PreparedDigit[],
  whole: number | undefined,
): DigitSearch {
  return { crops, choose: (confidence) => chooseReading(lines, whole, confidence) };
}

/** Whether all pieces may be one digit whose parts lie so far apart that they look like several lines. */
function mayBeOneDigit({ pieces }: FoundInk): boolean {
  if (pieces.length < 2 || pieces.length > ONE_DIGIT_PIECES) return false;
  const { width, height } = boxAround(pieces);
  const boxes = pieces.map(({ box }) => box).sort((a, b) => a.x - b.x);
  let right = boxes[0]!.x;
  for (const box of boxes) {
    if (box.x - right > ONE_DIGIT_GAP * height) return false;
    right = Math.max(right, box.x + box.width);
  }
  return width <= ONE_DIGIT_ASPECT * height;
}

function chooseReading(
  lines: readonly LineCandidates[],
  whole: number | undefined,
  confidence: (crop: number) => number,
): Reading {
  let first = 0;
  let score = 0;
  const read = lines.map((line) => {
    const start = first;
    first += line.candidates.length;
    const choice = chooseCandidates(line, (index) => confidence(start + index));
    score += choice.score;
    const digits = choice.candidates.map((candidate) => start + line.candidates.indexOf(candidate));
    const boxes = choice.candidates.map(({ blob }) => blob.box);
    const numbers = groupNumbers(boxes, line.digitHeight).map((number) => number.map((i) => digits[i]!));
    return { numbers, sure: digits.filter((crop) => confidence(crop) >= SURE).length, count: digits.length };
  });
  if (whole !== undefined && lines.length * Math.log(confidence(whole)) - SCATTERED > score)
    return { lines: [{ numbers: [[whole]] }] };
  // Beside lines that are read well, one without a single sure digit is the desk, a fold, a stain.
  const isWellRead = read.some(({ sure, count }) => sure >= 2 && sure >= 0.8 * count);
  return { lines: isWellRead ? read.filter(({ sure }) => sure > 0) : read };
}
