import { type Box, type GrayImage, MNIST_SIZE } from '../image.js';
import { cropInk, uniteBlobs } from './crop-ink.js';
import { type FoundInk, findInk } from './find-ink.js';
import { BACKGROUND, centreMnistDigit, inkBox, mnistFormBox } from './mnist-form.js';
import { invert } from './resize.js';

/** One digit of an image, ready for a model. */
export interface PreparedDigit {
  /** [28, 28] uint8: 0 background, 255 ink. */
  readonly pixels: Uint8Array;
  /** Where it stands, in the given image's own pixels. */
  readonly box: Box;
}

/** Pieces of less than this share of the largest one's ink are no part of a lone digit. */
const MIN_PART = 0.03;

/**
 * Takes all ink of an image for one digit and brings it into MNIST's form; an image that is in it already
 * (or is its negative) passes unchanged, pixel for pixel, and one that is so but for its place is moved.
 *
 * @param image of any size, dark ink on light or light on dark
 * @returns the digit alone; nothing for a blank image
 */
export function prepareDigits(image: GrayImage): PreparedDigit[] {
  const ready = mnistFormOf(image);
  if (ready) return [ready];
  const found = findInk(image);
  return found.pieces.length === 0 ? [] : [wholeDigit(image, found)];
}

/** The digit of an image that is in MNIST's form, be it its negative, or moved; `undefined` for all others. */
export function mnistFormOf(image: GrayImage): PreparedDigit | undefined {
  if (image.width !== MNIST_SIZE || image.height !== MNIST_SIZE) return undefined;
  const box = mnistFormBox(image);
  if (box) return { pixels: image.data, box };
  const negative = invert(image);
  const negativeBox = mnistFormBox(negative);
  if (negativeBox) return { pixels: negative.data, box: negativeBox };
  for (const one of [image, negative]) {
    const moved = centreMnistDigit(one);
    if (moved) return { pixels: moved.data, box: inkBox(one, BACKGROUND)! };
  }
  return undefined;
}

/** All that was written on an image as one digit. */
export function wholeDigit(image: GrayImage, found: FoundInk): PreparedDigit {
  const { ink, strokes, pieces } = found;
  const largest = Math.max(...pieces.map(({ pixels }) => pixels.length));
  const digit = uniteBlobs(pieces.filter(({ pixels }) => pixels.length >= MIN_PART * largest));
  return { pixels: cropInk(ink, strokes, digit), box: toImageBox(digit.box, found, image) };
}

/** A box of the searched picture in the given image's own pixels. */
export function toImageBox(box: Box, { scaleX, scaleY }: FoundInk, image: GrayImage): Box {
  const x = Math.floor(box.x * scaleX);
  const y = Math.floor(box.y * scaleY);
  return {
    x,
    y,
    width: Math.min(image.width, Math.ceil((box.x + box.width) * scaleX)) - x,
    height: Math.min(image.height, Math.ceil((box.y + box.height) * scaleY)) - y,
  };
}
