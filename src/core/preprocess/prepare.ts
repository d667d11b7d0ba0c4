import { type Box, type GrayImage, MNIST_SIZE } from '../image.js';
import { findInk } from './ink.js';
import { BACKGROUND, inkBox, isMnistForm, toMnistForm } from './mnist-form.js';
import { crop, invert, shrinkToFit } from './resize.js';
import { widenThinStrokes } from './stroke.js';

/** One digit of an image, ready for a model. */
export interface PreparedDigit {
  /** [28, 28] uint8: 0 background, 255 ink. */
  readonly pixels: Uint8Array;
  /** Where it stands, in the given image's own pixels. */
  readonly box: Box;
}

/** Larger pictures are shrunk to this before ink is looked for. */
const WORK_SIDE = 800;

/**
 * Finds the digit of an image and brings it into MNIST's form; an image that is in it already (or is its
 * negative) passes unchanged, pixel for pixel. The same code serves the command line and the browser.
 *
 * @param image of any size, dark ink on light or light on dark
 * @returns the digits in reading order, for now at most one; none for a blank image.
 */
export function prepareDigits(image: GrayImage): PreparedDigit[] {
  const ready = mnistFormOf(image);
  if (ready) return [{ pixels: ready.data, box: inkBox(ready, BACKGROUND)! }];
  const small = shrinkToFit(image, WORK_SIDE);
  const ink = findInk(small);
  if (!ink) return [];
  const digit = widenThinStrokes(crop(ink.image, ink.box));
  return [{ pixels: toMnistForm(digit).data, box: scaleBox(ink.box, small, image) }];
}

function mnistFormOf(image: GrayImage): GrayImage | undefined {
  if (image.width !== MNIST_SIZE || image.height !== MNIST_SIZE) return undefined;
  if (isMnistForm(image)) return image;
  const negative = invert(image);
  return isMnistForm(negative) ? negative : undefined;
}

function scaleBox(box: Box, from: GrayImage, to: GrayImage): Box {
  const scaleX = to.width / from.width;
  const scaleY = to.height / from.height;
  const x = Math.floor(box.x * scaleX);
  const y = Math.floor(box.y * scaleY);
  return {
    x,
    y,
    width: Math.min(to.width, Math.ceil((box.x + box.width) * scaleX)) - x,
    height: Math.min(to.height, Math.ceil((box.y + box.height) * scaleY)) - y,
  };
}
