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
  const columns = weightsOf(image.width, width);
  const rows = weightsOf(image.height, height);
  // A row of the source serves neighbouring rows of the result: the last two are kept, by their evenness.
  const lines = [new Float32Array(width), new Float32Array(width)] as const;
  const held = [-1, -1];
  const lineAt = (source: number) => {
    const line = lines[source & 1]!;
    if (held[source & 1] !== source) averageColumns(line, image.data, source * image.width, columns);
    held[source & 1] = source;
    return line;
  };
  const data = new Uint8Array(width * height);
  const sums = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    let [k, source] = [rows.start[y]!, rows.source[y]!];
    const last = rows.start[y + 1]! - 1;
    if (last === k + 1) {
      const [first, second] = [lineAt(source), lineAt(source + 1)];
      blendLines(data, y * width, first, rows.weight[k]!, second, rows.weight[last]!);
      continue;
    }
    sums.fill(0);
    for (; k < last; k++, source++) addLine(sums, rows.weight[k]!, lineAt(source));
    roundLine(data, y * width, sums, rows.weight[last]!, lineAt(source));
  }
  return { width, height, data };
}

function addLine(sums: Float32Array, weight: number, line: Float32Array): void {
  for (let x = 0; x < sums.length; x++) sums[x]! += weight * line[x]!;
}

function roundLine(
  data: Uint8Array,
  at: number,
  sums: Float32Array,
  weight: number,
  line: Float32Array,
): void {
  for (let x = 0; x < sums.length; x++) data[at + x] = Math.fround(sums[x]! + weight * line[x]!) + 0.5;
}

/** What the two functions above make of two lines, in one pass. */
function blendLines(
  data: Uint8Array,
  at: number,
  first: Float32Array,
  firstWeight: number,
  second: Float32Array,
  secondWeight: number,
): void {
  for (let x = 0; x < first.length; x++)
    data[at + x] = Math.fround(Math.fround(firstWeight * first[x]!) + secondWeight * second[x]!) + 0.5;
}

/** The image no longer than `maxSide`, aspect kept; unchanged where it is small enough. */
export function shrinkToFit(image: GrayImage, maxSide: number): GrayImage {
  const scale = maxSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resize(image, side(image.width), side(image.height));
}

/** What each pixel of a result takes of neighbouring pixels of the source, from source[t] on: weight[start[t]] to weight[start[t + 1]]. */
interface Weights {
  readonly start: Uint32Array;
  readonly source: Uint32Array;
  readonly weight: Float64Array;
}

function weightsOf(from: number, to: number): Weights {
  const scale = from / to;
  const start = new Uint32Array(to + 1);
  const source = new Uint32Array(to);
  const weight: number[] = [];
  for (let target = 0; target < to; target++) {
    if (scale >= 1) {
      const begin = target * scale;
      const end = Math.min(from, begin + scale);
      source[target] = Math.floor(begin);
      for (let s = source[target]!; s < end; s++)
        weight.push((Math.min(end, s + 1) - Math.max(begin, s)) / scale);
    } else {
      const centre = Math.min(from - 1, Math.max(0, (target + 0.5) * scale - 0.5));
      source[target] = Math.floor(centre);
      const next = centre - source[target]!;
      weight.push(1 - next);
      if (next > 0) weight.push(next);
    }
    start[target + 1] = weight.length;
  }
  return { start, source, weight: Float64Array.from(weight) };
}

function averageColumns(line: Float32Array, data: Uint8Array, offset: number, columns: Weights): void {
  const { start, source, weight } = columns;
  let k = 0;
  for (let x = 0; x < line.length; x++) {
    let sum = 0;
    const end = start[x + 1]!;
    for (let at = offset + source[x]!; k < end; k++, at++) sum += weight[k]! * data[at]!;
    line[x] = sum;
  }
}
