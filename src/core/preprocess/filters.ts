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

/** Each value brought into the range of its eight neighbours (conservative smoothing): lone specks go, all else stays. */
export function withoutSpecks({ width, height, data }: GrayImage): GrayImage {
  const result = data.slice();
  for (let y = 1; y < height - 1; y++) clampRow(result, data, y * width + 1, width);
  return { width, height, data: result };
}

/** Of a row whose first pixel but one is at `start`, brings each pixel that is not at the border into its neighbours' range. */
function clampRow(result: Uint8Array, data: Uint8Array, start: number, width: number): void {
  for (let at = start; at < start + width - 2; at++) {
    let least = 255;
    let most = 0;
    for (let near = at - width - 1; near <= at + width - 1; near += width) {
      for (let i = near; i < near + 3; i++) {
        if (i === at) continue;
        const value = data[i]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
    const own = data[at]!;
    result[at] = Math.max(least, Math.min(most, own));
  }
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
  const means = new Float32Array(mass.length);
  for (let i = 0; i < means.length; i++) means[i] = sum[i]! / mass[i]!;
  return means;
}

/** The sliding maximum of all values XOR `flip` (255 makes it the minimum), flipped back. */
function slideAlongBoth({ width, height, data }: GrayImage, radius: number, flip: number): GrayImage {
  const across = width + 2 * radius;
  // With a margin that never wins, and each window's maximum where the window starts.
  const values = new Uint8Array(across * (height + 2 * radius) + LANES).fill(flip);
  for (let y = 0; y < height; y++)
    values.set(data.subarray(y * width, (y + 1) * width), (y + radius) * across + radius);
  maxAhead(values, 2 * radius + 1, 1, flip);
  maxAhead(values, 2 * radius + 1, across, flip);
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) result.set(values.subarray(y * across, y * across + width), y * width);
  return { width, height, data: result };
}

/** So many bytes are compared at a time, as one 32-bit integer: a byte each takes three times as long. */
const LANES = 4;
const HIGH_BITS = 0x80808080 | 0;

/** Replaces each value by the greatest of `count` that follow at every `step`, itself among them: tripling their number each time. */
function maxAhead(values: Uint8Array, count: number, step: number, flip: number): void {
  const lanes = new DataView(values.buffer);
  const mask = flip === 0 ? 0 : -1;
  for (let have = 1; have < count; have = Math.min(3 * have, count)) {
    const more = Math.min(have, count - have) * step;
    const most = Math.min(2 * have, count - have) * step;
    // Whole lanes: those that reach beyond the last full window hold the margin, and nothing looks there.
    const end = values.length - most - LANES;
    for (let i = 0; i <= end; i += LANES) {
      const near = greaterBytes(lanes.getInt32(i, true) ^ mask, lanes.getInt32(i + more, true) ^ mask);
      lanes.setInt32(i, greaterBytes(near, lanes.getInt32(i + most, true) ^ mask) ^ mask, true);
    }
  }
}

/** The greater one of each two bytes that stand at the same place in two 32-bit integers. */
function greaterBytes(a: number, b: number): number {
  // Each byte's highest bit: whether the other seven are greater or equal, then with the highest itself.
  const rest = (a | HIGH_BITS) - (b & ~HIGH_BITS);
  const isGreater = ((a & ~b) | (~(a ^ b) & rest)) & HIGH_BITS;
  const mask = (isGreater << 1) - (isGreater >>> 7);
  return b ^ ((a ^ b) & mask);
}

/**
 * Replaces each value by the sum of those within `radius`; near the border within less, as much to each
 * side, so that a slope is not bent there.
 */
function boxSum(values: Float64Array, width: number, height: number, radius: number): void {
  const running = new Float64Array(Math.max(width, height) + 1);
  for (let y = 0; y < height; y++)
    sumAlong(values, { start: y * width, step: 1, count: width }, radius, running);
  for (let x = 0; x < width; x++) sumAlong(values, { start: x, step: width, count: height }, radius, running);
}

/** `boxSum` along one line of the values; `running` is room for its sums up to each place. */
function sumAlong(
  values: Float64Array,
  { start, step, count }: { start: number; step: number; count: number },
  radius: number,
  running: Float64Array,
): void {
  let sum = 0;
  for (let i = 0, at = start; i < count; i++, at += step) {
    sum += values[at]!;
    running[i + 1] = sum;
  }
  for (let i = 0, at = start; i < count; i++, at += step) {
    const reach = Math.min(radius, Math.max(1, Math.min(i, count - 1 - i)));
    values[at] = running[Math.min(count, i + reach + 1)]! - running[Math.max(0, i - reach)]!;
  }
}
