export {
  type DigitSearch,
  type DigitSegment,
  type FindDigitsOptions,
  findDigits,
  type Reading,
  type ReadingLine,
} from './find-digits.js';
export {
  type DigitScores,
  type ImageReading,
  type ReadOptions,
  readImages,
  readSearches,
} from './read-images.js';
