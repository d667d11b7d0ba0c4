import { editDistance } from '../../core/edit-distance.js';
import type { GrayImage } from '../../core/image.js';
import { guessedText } from '../../core/prediction.js';
import { findDigits, readSearches } from '../../core/read/index.js';
import type { OpenModel } from '../runtime/index.js';

/** One digit of a picture with its class. */
export interface LabelledDigit {
  readonly file: string;
  readonly label: number;
  /** [28, 28] uint8 */
  readonly pixels: Uint8Array;
}

/** What a picture of several digits says and what was read, digits alone. */
export interface ReadText {
  readonly file: string;
  readonly expected: string;
  readonly read: string;
}

/** How pictures of several digits were read as a whole. */
export interface TextScore {
  readonly count: number;
  /** Pictures of which every digit was found and read. */
  readonly exact: number;
  /** Digits in all pictures. */
  readonly characters: number;
  /** Digits to insert, delete or replace in what was read. */
  readonly characterErrors: number;
  /** Pictures in which another number of digits was found, and the digits that they show: no image is made of these. */
  readonly miscounted: { readonly pictures: number; readonly digits: number };
  readonly mistakes: readonly ReadText[];
}

/**
 * Reads a picture of several digits as `infer` does.
 *
 * @param labels the classes of its digits in reading order
 * @returns its digits, too, where as many were found
 */
export async function readText(
  file: string,
  image: GrayImage,
  labels: readonly number[],
  { session, info }: Pick<OpenModel, 'session' | 'info'>,
): Promise<{ text: ReadText; digits: LabelledDigit[] }> {
  const search = findDigits(image, { segment: 'auto' });
  const [reading] = await readSearches(session, info, [search], { topK: 1 });
  const { prediction, crops } = reading!;
  const digits = crops.length === labels.length ? crops : [];
  return {
    text: {
      file,
      expected: labels.map((label) => info.classes[label]).join(''),
      read: guessedText(prediction).replace(/\s/g, ''),
    },
    digits: digits.map(({ pixels }, i) => ({ file, label: labels[i]!, pixels })),
  };
}

/**
 * Sums up what was read.
 *
 * @param miscounted those of the texts in which another number of digits was found
 */
export function scoreTexts(texts: readonly ReadText[], miscounted: readonly ReadText[]): TextScore {
  const mistakes = texts.filter(({ expected, read }) => expected !== read);
  const digitsOf = (some: readonly ReadText[]) =>
    some.reduce((sum, { expected }) => sum + expected.length, 0);
  return {
    count: texts.length,
    exact: texts.length - mistakes.length,
    characters: digitsOf(texts),
    characterErrors: mistakes.reduce((sum, { expected, read }) => sum + editDistance(expected, read), 0),
    miscounted: { pictures: miscounted.length, digits: digitsOf(miscounted) },
    mistakes,
  };
}
