import type { GrayImage } from '../image.js';

/** Grey values. */
const LEVELS = 256;

/**
 * The image with its dark parts that do not reach the border filled, each up to where it would flow over: the lowest of
 * what has to be crossed to the border (Barnes, Lehman and Mulla 2014: priority flood).
 */
export function fillHoles({ width, height, data }: GrayImage): GrayImage {
  const level = new Uint8Array(data.length);
  const isSeen = new Uint8Array(data.length);
  // A list for each level, of pixels whose neighbours are still to be looked at: the first pixel, and to each the next one.
  const first = new Int32Array(LEVELS).fill(-1);
  const next = new Int32Array(data.length);
  let lowest = LEVELS - 1;
  const see = (at: number, least: number) => {
    if (isSeen[at] === 1) return;
    isSeen[at] = 1;
    const own = Math.max(least, data[at]!);
    level[at] = own;
    next[at] = first[own]!;
    first[own] = at;
    if (own < lowest) lowest = own;
  };
  for (let x = 0; x < width; x++) {
    see(x, 0);
    see((height - 1) * width + x, 0);
  }
  for (let y = 0; y < height; y++) {
    see(y * width, 0);
    see(y * width + width - 1, 0);
  }
  for (; lowest < LEVELS; lowest++) {
    for (let at = first[lowest]!; at >= 0; at = first[lowest]!) {
      first[lowest] = next[at]!;
      const x = at % width;
      if (x > 0) see(at - 1, lowest);
      if (x < width - 1) see(at + 1, lowest);
      if (at >= width) see(at - width, lowest);
      if (at < data.length - width) see(at + width, lowest);
    }
  }
  return { width, height, data: level };
}
