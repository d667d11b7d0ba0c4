import type { GrayImage } from '../image.js';

/** The largest value within `radius` pixels across and down of each pixel (grey dilation by a square). */
export function maxFilter(image: GrayImage, radius: number): GrayImage {
  return slideAlongBoth(image, radius, 0);
}

/** The smallest value within `radius` pixels across and down of each pixel (grey erosion by a square). */
export function minFilter(image: GrayImage, radius: number): GrayImage {
  return slideAlongBoth(image, radius, 255);
}

/** The image without its dark parts narrower than 2 `radius` + 1; edges of wider ones stay where they are. */
export function closing(image: GrayImage, radius: number): GrayImage {
  return minFilter(maxFilter(image, radius), radius);
}

/** The image without its light parts narrower than 2 `radius` + 1. */
export function opening(image: GrayImage, radius: number): GrayImage {
  return maxFilter(minFilter(image, radius), radius);
}

/**
 * The mean of the values within `radius` pixels across and down, weighted.
 *
 * @param values [height, width]
 * @param weights [height, width]
 * @returns [height, width], NaN where no weight is in reach
 */
export function weightedMean(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const mass = new Float64Array(width * height);
  const sum = new Float64Array(width * height);
  for (let i = 0; i < mass.length; i++) {
    mass[i] = weights[i]!;
    sum[i] = weights[i]! * values[i]!;
  }
  boxSum(mass, width, height, radius);
  boxSum(sum, width, height, radius);
  return Float32Array.from(sum, (s, i) => (mass[i]! > 1e-6 ? s / mass[i]! : Number.NaN));
}

/** The sliding maximum of all values XOR `flip` (255 makes it the minimum), flipped back. */
function slideAlongBoth({ width, height, data }: GrayImage, radius: number, flip: number): GrayImage {
  const result = data.slice();
  const slide = createSlide(Math.max(width, height), radius, flip);
  for (let y = 0; y < height; y++) slide(result, y * width, 1, width);
  for (let x = 0; x < width; x++) slide(result, x, width, height);
  return { width, height, data: result };
}

/** Makes the sliding maximum of a line by running maxima of blocks (van Herk 1992), whatever the radius. */
function createSlide(longest: number, radius: number, flip: number) {
  const block = 2 * radius + 1;
  const ahead = new Uint8Array(longest + 3 * block);
  const behind = new Uint8Array(ahead.length);
  return (values: Uint8Array, start: number, step: number, count: number): void => {
    const end = Math.ceil((count + 2 * radius) / block) * block;
    ahead.fill(0, 0, end);
    for (let i = 0, at = start; i < count; i++, at += step) ahead[radius + i] = values[at]! ^ flip;
    for (let from = 0; from < end; from += block) {
      let most = 0;
      for (let i = from; i < from + block; i++) {
        if (ahead[i]! > most) most = ahead[i]!;
        behind[i] = most;
      }
      most = 0;
      for (let i = from + block - 1; i >= from; i--) {
        if (ahead[i]! > most) most = ahead[i]!;
        ahead[i] = most;
      }
    }
    for (let i = 0, at = start; i < count; i++, at += step) {
      values[at] = Math.max(ahead[i]!, behind[i + block - 1]!) ^ flip;
    }
  };
}

/**
 * Replaces each value by the sum of those within `radius`; near the border within less, as much to each
 * side, so that a slope is not bent there.
 */
function boxSum(values: Float64Array, width: number, height: number, radius: number): void {
  const running = new Float64Array(Math.max(width, height) + 1);
  const along = (start: number, step: number, count: number) => {
    for (let i = 0; i < count; i++) running[i + 1] = running[i]! + values[start + i * step]!;
    for (let i = 0; i < count; i++) {
      const reach = Math.min(radius, Math.max(1, Math.min(i, count - 1 - i)));
      const end = Math.min(count, i + reach + 1);
      values[start + i * step] = running[end]! - running[Math.max(0, i - reach)]!;
    }
  };
  for (let y = 0; y < height; y++) along(y * width, 1, width);
  for (let x = 0; x < width; x++) along(x, width, height);
}
