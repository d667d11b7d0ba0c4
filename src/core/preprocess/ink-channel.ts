import type { GrayImage, RawPixels } from '../image.js';
import { closing, opening } from './filters.js';
import { valueAtRank } from './rank.js';

/** What each pixel's red, green and blue add to its grey, in 256ths; they sum to 256. */
export type ChannelWeights = readonly [red: number, green: number, blue: number];

/** Luma of ITU-R BT.601. */
export const LUMA: ChannelWeights = [77, 150, 29];

const CHANNELS: readonly ChannelWeights[] = [
  [256, 0, 0],
  [0, 256, 0],
  [0, 0, 256],
];
/** The picture is looked at on at most so many pixels a side. */
const SAMPLES = 320;
/** Strokes up to twice as many of those pixels wide are compared, and broader ones if none of them is seen... */
const RADII = [6, 20];
/** ...which have this contrast in luma. */
const SEEN = 40;
/** The contrast that this share of the pixels exceeds is the strokes'. */
const STROKES = 0.003;
/** A channel must show so many times the contrast of luma, which has the least noise... */
const BETTER = 1.5;
/** ...and so many grey values more. */
const MORE = 24;

/**
 * Finds how a colour picture's ink is seen best: as luma, unless one channel shows clearly more of it, as blue
 * does of yellow ink on white, and red of light blue ink.
 */
export function chooseWeights(pixels: RawPixels): ChannelWeights {
  const luma = sample(pixels, LUMA);
  const coloured = CHANNELS.map((weights) => ({ weights, gray: sample(pixels, weights) })).filter(
    // What lies so near luma everywhere cannot show so much more; in most pictures that is every channel.
    ({ gray }) => spread(gray, luma) > MORE,
  );
  if (coloured.length === 0) return LUMA;
  for (const radius of RADII) {
    const contrast = contrastOf(luma, radius);
    let best = { weights: LUMA, contrast: Math.max(BETTER * contrast, contrast + MORE) };
    for (const { weights, gray } of coloured) {
      const own = contrastOf(gray, radius);
      if (own > best.contrast) best = { weights, contrast: own };
    }
    if (best.weights !== LUMA || contrast >= SEEN) return best.weights;
  }
  return LUMA;
}

/** How far the differences of two pictures lie apart. */
function spread(a: GrayImage, b: GrayImage): number {
  let [least, most] = [255, -255];
  for (let i = 0; i < a.data.length; i++) {
    const difference = a.data[i]! - b.data[i]!;
    least = Math.min(least, difference);
    most = Math.max(most, difference);
  }
  return most - least;
}

/** The grey of some pixels, evenly spread; transparent ones are taken for white. */
function sample({ width, height, channels, data }: RawPixels, [red, green, blue]: ChannelWeights): GrayImage {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / SAMPLES));
  const columns = Math.ceil(width / step);
  const rows = Math.ceil(height / step);
  const gray = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * step * width + column * step) * channels;
      const value = (red * data[at]! + green * data[at + 1]! + blue * data[at + 2]! + 128) >> 8;
      const alpha = channels === 4 ? data[at + 3]! : 255;
      gray[row * columns + column] = (value * alpha + 255 * (255 - alpha)) / 255;
    }
  }
  return { width: columns, height: rows, data: gray };
}

/** How far strokes up to twice the radius wide differ from what lies round them, in grey values. */
function contrastOf(gray: GrayImage, radius: number): number {
  const upper = closing(gray, radius).data;
  const lower = opening(gray, radius).data;
  const differences = new Uint8Array(gray.data.length);
  for (let i = 0; i < differences.length; i++) {
    const v = gray.data[i]!;
    differences[i] = Math.max(upper[i]! - v, v - lower[i]!);
  }
  return valueAtRank(differences, Math.floor((1 - STROKES) * (differences.length - 1)));
}
