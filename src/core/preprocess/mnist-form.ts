import { type Box, type GrayImage, MNIST_PIXELS, MNIST_SIZE } from '../image.js';
import { resize } from './resize.js';

/** The box that a digit fills in an MNIST image, by its longer side. */
const DIGIT_SIDE = 20;
/** Where MNIST puts the centre of mass: the pixel right of and below the middle. */
const CENTRE = MNIST_SIZE / 2;

/** Values up to this are taken for background, so that an MNIST image that was a JPEG is still known. */
export const BACKGROUND = 24;

/**
 * Whether an image is in MNIST's form already: 28x28, light on dark, filling the 20-pixel box, its centre of
 * mass in the middle. All 70,000 images of MNIST are (their centres lie at 13.48 to 14.50, their longer
 * sides measure 19 or 20); a digit drawn freely on 28x28 pixels hardly ever is.
 */
export function isMnistForm(image: GrayImage): boolean {
  return mnistFormBox(image) !== undefined;
}

/** The box of the ink of an image that is in MNIST's form; `undefined` for all others. */
export function mnistFormBox(image: GrayImage): Box | undefined {
  const ink = inkOfMnistSize(image);
  const isCentred =
    ink !== undefined && Math.abs(ink.centre.x - CENTRE) <= 1 && Math.abs(ink.centre.y - CENTRE) <= 1;
  return isCentred ? ink.box : undefined;
}

/** The ink of an image that is in MNIST's form but for the place of its digit; `undefined` for all others. */
function inkOfMnistSize(image: GrayImage): Ink | undefined {
  if (image.width !== MNIST_SIZE || image.height !== MNIST_SIZE) return undefined;
  const ink = measureInk(image, BACKGROUND);
  if (!ink || ink.count > MNIST_PIXELS / 2 || ink.peak < 192) return undefined;
  const longer = Math.max(ink.box.width, ink.box.height);
  return longer >= DIGIT_SIDE - 3 && longer <= DIGIT_SIDE ? ink : undefined;
}

/** MNIST's strokes cover at least this share of their pixels with squares of 2x2; those of a thin pen do not. */
const THICK_SHARE = 0.85;

/**
 * An MNIST digit that only stands elsewhere on its 28x28 pixels, moved into the middle by whole pixels and
 * otherwise unchanged; `undefined` for any other image.
 */
export function centreMnistDigit(image: GrayImage): GrayImage | undefined {
  const ink = inkOfMnistSize(image);
  if (!ink || thickShare(image) < THICK_SHARE) return undefined;
  const { box, centre } = ink;
  const left = offset(centre.x - box.x, box.width);
  const top = offset(centre.y - box.y, box.height);
  const data = new Uint8Array(MNIST_PIXELS);
  for (let y = 0; y < MNIST_SIZE; y++) {
    for (let x = 0; x < MNIST_SIZE; x++) {
      const [toX, toY] = [x + left - box.x, y + top - box.y];
      if (toX < 0 || toY < 0 || toX >= MNIST_SIZE || toY >= MNIST_SIZE) continue;
      data[toY * MNIST_SIZE + toX] = image.data[y * MNIST_SIZE + x]!;
    }
  }
  return { width: MNIST_SIZE, height: MNIST_SIZE, data };
}

/** The share of the ink's pixels that lie in a square of 2x2 of ink. */
function thickShare({ data }: GrayImage): number {
  const isThick = new Uint8Array(MNIST_PIXELS);
  let ink = 0;
  for (let i = 0; i < MNIST_PIXELS; i++) {
    if (data[i]! <= BACKGROUND) continue;
    ink++;
    if ((i + 1) % MNIST_SIZE === 0) continue;
    const square = [i, i + 1, i + MNIST_SIZE, i + MNIST_SIZE + 1];
    if (square.every((at) => (data[at] ?? 0) > BACKGROUND)) for (const at of square) isThick[at] = 1;
  }
  return isThick.reduce((sum, value) => sum + value, 0) / Math.max(1, ink);
}

/**
 * Puts one digit's ink into MNIST's form: its longer side scaled to 20 pixels with the aspect kept, its
 * centre of mass in the middle of 28x28 (moved by whole pixels, and not out of the picture).
 *
 * @param ink the digit alone, cut to its ink: 0 paper, 255 ink
 */
export function toMnistForm(ink: GrayImage): GrayImage {
  const scale = DIGIT_SIDE / Math.max(ink.width, ink.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const digit = resize(ink, side(ink.width), side(ink.height));
  // Ink so faint that nothing is left of it has its centre in the middle.
  const centre = measureInk(digit, 0)?.centre ?? { x: (digit.width - 1) / 2, y: (digit.height - 1) / 2 };
  const left = offset(centre.x, digit.width);
  const top = offset(centre.y, digit.height);
  const data = new Uint8Array(MNIST_PIXELS);
  for (let y = 0; y < digit.height; y++) {
    const row = digit.data.subarray(y * digit.width, (y + 1) * digit.width);
    data.set(row, (top + y) * MNIST_SIZE + left);
  }
  return { width: MNIST_SIZE, height: MNIST_SIZE, data };
}

function offset(centre: number, length: number): number {
  return Math.max(0, Math.min(MNIST_SIZE - length, Math.round(CENTRE - centre)));
}

/** The smallest box around all pixels above `threshold`; `undefined` where there are none. */
export function inkBox(image: GrayImage, threshold: number): Box | undefined {
  return measureInk(image, threshold)?.box;
}

/** The pixels above a threshold. */
interface Ink {
  readonly box: Box;
  readonly count: number;
  /** The highest value. */
  readonly peak: number;
  /** The centre of mass, in pixels; pixel (0, 0) has its centre at 0, 0. */
  readonly centre: { readonly x: number; readonly y: number };
}

/** Measures all in one pass, since every small image is looked at so; `undefined` where there is no ink. */
function measureInk({ width, height, data }: GrayImage, threshold: number): Ink | undefined {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  let count = 0;
  let peak = 0;
  let mass = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = 0, at = 0; y < height; y++) {
    let rowMass = 0;
    for (let x = 0; x < width; x++, at++) {
      const value = data[at]!;
      if (value <= threshold) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (value > peak) peak = value;
      count++;
      rowMass += value;
      sumX += value * x;
    }
    if (rowMass === 0) continue;
    if (y < top) top = y;
    bottom = y;
    mass += rowMass;
    sumY += rowMass * y;
  }
  if (count === 0) return undefined;
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  return { box, count, peak, centre: { x: sumX / mass, y: sumY / mass } };
}
