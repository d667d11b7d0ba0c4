import { DEFAULT_CONFIDENCE } from './confidence.js';
import type { Box } from './image.js';
import type { ModelInfo } from './model-info.js';

/** One class with the model's probability for it, from 0 to 1. */
export interface Candidate {
  readonly digit: string;
  readonly probability: number;
}

/** A digit that was found in an image and read. */
export interface DigitPrediction extends Candidate {
  /** The most probable classes, best first. */
  readonly topK: readonly Candidate[];
  /**
   * How far the best class stands out of all classes, at least 0: low for letters and scribbles. A rejection
   * score beside the probability.
   */
  readonly evidence: number;
  /** Where it stands, in the image's own pixels, the image upright. */
  readonly box: Box;
}

/**
 * What was read: `ok`; `blank` (no ink); `unsure` (a probability or an evidence below its threshold); `error` (the image
 * could not be read).
 */
export type PredictionStatus = 'ok' | 'blank' | 'unsure' | 'error';

/** The reading of one image. Command line and browser give the same record. */
export interface Prediction {
  /** The image's name as it was given or found. */
  readonly file: string;
  /** What was read, `?` for a digit below the threshold; empty for blank images and errors. */
  readonly text: string;
  readonly status: PredictionStatus;
  readonly digits: readonly DigitPrediction[];
  /** Why the image could not be read, one sentence; `null` for all others. */
  readonly error: string | null;
}

/** How probabilities become a record. */
export interface PredictionOptions {
  readonly classes: readonly string[];
  /** Digits of a lower probability are `unsure`... */
  readonly minProbability: number;
  /** ...and digits of a lower evidence. */
  readonly minEvidence: number;
  /** How many candidates each digit lists, at least 1. */
  readonly topK: number;
}

/** What a digit must reach to be sure. */
export type Thresholds = Pick<PredictionOptions, 'minProbability' | 'minEvidence'>;

/**
 * The options for a model's readings: its own thresholds, but for a `minProbability` that is given; 0 refuses
 * nothing.
 */
export function predictionOptions(
  { classes, confidence = DEFAULT_CONFIDENCE }: ModelInfo,
  { topK, minProbability }: { topK: number; minProbability?: number | undefined },
): PredictionOptions {
  return {
    classes,
    topK,
    minProbability: minProbability ?? confidence.minProbability,
    minEvidence: minProbability === 0 ? 0 : confidence.minEvidence,
  };
}

/**
 * Makes a digit's record.
 *
 * @param scores probabilities [K], summing to 1, and the evidence
 */
export function toDigitPrediction(
  { probabilities, evidence }: { probabilities: Float32Array; evidence: number },
  box: Box,
  { classes, topK }: Pick<PredictionOptions, 'classes' | 'topK'>,
): DigitPrediction {
  const candidates: Candidate[] = [];
  for (const k of mostProbable(probabilities, topK))
    candidates.push({ digit: classes[k]!, probability: round(probabilities[k]!) });
  const { digit, probability } = candidates[0]!;
  return { digit, probability, topK: candidates, evidence: round(evidence), box };
}

/** The classes of the highest probabilities; equal ones keep the classes' order, so that the output is the same everywhere. */
function mostProbable(probabilities: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let k = 0; k < probabilities.length; k++) {
    const value = probabilities[k]!;
    let at = Math.min(best.length, count - 1);
    // Also of what is no number nothing is displaced.
    if (best.length === count && !(value > probabilities[best[at]!]!)) continue;
    for (; at > 0 && value > probabilities[best[at - 1]!]!; at--) best[at] = best[at - 1]!;
    best[at] = k;
  }
  return best;
}

/** Makes an image's record from its digits; none means that it is blank. */
export function toPrediction(
  file: string,
  digits: readonly DigitPrediction[],
  thresholds: Thresholds,
): Prediction {
  const text = digitsText(digits, thresholds);
  return { file, text, status: statusOf(digits, thresholds), digits, error: null };
}

/** The digits from `start` to before `end` as text, those that are not sure as `?`. */
export function digitsText(
  digits: readonly DigitPrediction[],
  thresholds: Thresholds,
  start = 0,
  end = digits.length,
): string {
  let text = '';
  for (let i = start; i < end; i++) text += isSureDigit(digits[i]!, thresholds) ? digits[i]!.digit : '?';
  return text;
}

/** What an image's digits make of its record. */
export function statusOf(digits: readonly DigitPrediction[], thresholds: Thresholds): PredictionStatus {
  if (digits.length === 0) return 'blank';
  return digits.every((digit) => isSureDigit(digit, thresholds)) ? 'ok' : 'unsure';
}

/** Whether a digit's probability and evidence reach their thresholds. */
export function isSureDigit(
  { probability, evidence }: DigitPrediction,
  { minProbability, minEvidence }: Thresholds,
): boolean {
  return probability >= minProbability && evidence >= minEvidence;
}

/** Which digits of a record stand in its text as they were read, and not as `?`. */
export function sureDigits({ text, digits }: Prediction): boolean[] {
  let at = 0;
  return digits.map(({ digit }) => {
    while (text[at] === ' ' || text[at] === '\n') at++;
    const isSure = text.startsWith(digit, at);
    at += isSure ? digit.length : 1;
    return isSure;
  });
}

/** A record's text with the most probable digit in the place of each `?`. */
export function guessedText(prediction: Prediction): string {
  const { text, digits } = prediction;
  let rest = text;
  let guess = '';
  for (const [i, isSure] of sureDigits(prediction).entries()) {
    const { digit } = digits[i]!;
    const gap = /^[ \n]*/.exec(rest)![0];
    guess += gap + digit;
    rest = rest.slice(gap.length + (isSure ? digit.length : 1));
  }
  return guess;
}

/** The record of an image that could not be read. */
export function toFailure(file: string, error: string): Prediction {
  return { file, text: '', status: 'error', digits: [], error };
}

/** Six decimals: float32 holds no more, and runtimes differ beyond. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
