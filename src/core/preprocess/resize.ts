import type { Box, GrayImage } from '../image.js';

/** The rectangle of an image, copied; it must lie inside. */
export function crop(image: GrayImage, box: Box): GrayImage {
  const data = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * image.width + box.x;
    data.set(image.data.subarray(from, from + box.width), y * box.width);
  }
  return { width: box.width, height: box.height, data };
}

/** The image on a larger ground of `value`, `margin` pixels on every side. */
export function pad(image: GrayImage, margin: number, value = 0): GrayImage {
  const width = image.width + 2 * margin;
  const height = image.height + 2 * margin;
  const data = new Uint8Array(width * height).fill(value);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width, (y + 1) * image.width);
    data.set(row, (y + margin) * width + margin);
  }
  return { width, height, data };
}

/** Every grey value turned round: 0 becomes 255. */
export function invert(image: GrayImage): GrayImage {
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = 255 - image.data[i]!;
  return { ...image, data };
}

/** The image at `width` x `height`: each side area-averaged where it shrinks, linear between pixels where it grows. */
export function resize(image: GrayImage, width: number, height: number): GrayImage {
  if (width === image.width && height === image.height) return image;
  const columns = weights(image.width, width);
  const rows = weights(image.height, height);
  const sums = new Float32Array(width * height);
  const line = new Float32Array(width);
  for (let y = 0; y < image.height; y++) {
    if (rows.first[y] === rows.first[y + 1]) continue;
    sumColumns(line, image.data, y * image.width, columns);
    for (let k = rows.first[y]!; k < rows.first[y + 1]!; k++) {
      const to = rows.target[k]! * width;
      const weight = rows.weight[k]!;
      for (let x = 0; x < width; x++) sums[to + x]! += weight * line[x]!;
    }
  }
  const data = new Uint8Array(sums.length);
  // Loops of plain arithmetic over millions of pixels: callbacks take many times longer.
  for (let i = 0; i < sums.length; i++) data[i] = Math.min(255, sums[i]! + 0.5);
  return { width, height, data };
}

/** The image no longer than `maxSide`, aspect kept; unchanged where it is small enough. */
export function shrinkToFit(image: GrayImage, maxSide: number): GrayImage {
  const scale = maxSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resize(image, side(image.width), side(image.height));
}

/** For each source pixel s, the entries first[s] to first[s + 1] of the pixels that it adds to. */
interface Weights {
  readonly first: Uint32Array;
  readonly target: Uint32Array;
  readonly weight: Float64Array;
}

function weights(from: number, to: number): Weights {
  const scale = from / to;
  const entries: { source: number; target: number; weight: number }[] = [];
  for (let target = 0; target < to; target++) {
    if (scale >= 1) {
      const start = target * scale;
      const end = Math.min(from, start + scale);
      for (let source = Math.floor(start); source < end; source++) {
        const weight = (Math.min(end, source + 1) - Math.max(start, source)) / scale;
        entries.push({ source, target, weight });
      }
    } else {
      const centre = Math.min(from - 1, Math.max(0, (target + 0.5) * scale - 0.5));
      const source = Math.floor(centre);
      const weight = centre - source;
      entries.push({ source, target, weight: 1 - weight });
      if (weight > 0) entries.push({ source: source + 1, target, weight });
    }
  }
  const first = new Uint32Array(from + 1);
  for (const { source } of entries) first[source + 1]! += 1;
  for (let s = 0; s < from; s++) first[s + 1]! += first[s]!;
  entries.sort((a, b) => a.source - b.source || a.target - b.target);
  return {
    first,
    target: Uint32Array.from(entries, ({ target }) => target),
    weight: Float64Array.from(entries, ({ weight }) => weight),
  };
}

function sumColumns(line: Float32Array, data: Uint8Array, offset: number, columns: Weights): void {
  line.fill(0);
  const { first, target, weight } = columns;
  for (let x = 0; x < first.length - 1; x++) {
    const value = data[offset + x]!;
    if (value === 0) continue;
    for (let k = first[x]!; k < first[x + 1]!; k++) line[target[k]!]! += weight[k]! * value;
  }
}
