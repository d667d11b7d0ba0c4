import type { GrayImage } from '../image.js';

/** A smooth model of the bare paper: its grey value at each place, and how much real paper scatters round it. */
export interface Paper {
  /** The modelled grey value at a pixel. */
  at(x: number, y: number): number;
  /** The standard deviation of the paper's grey values, at least 1. */
  readonly noise: number;
  /** Which side of the paper the ink lies on. */
  readonly ink: 'dark' | 'light';
}

/** The picture is looked at on a grid of at most so many points a side; the rim is this share of one. */
const GRID = 48;
const RIM = 0.06;
const ROUNDS = 10;
/** The median of |x| of a normal distribution times this is its standard deviation. */
const MAD_TO_SIGMA = 1.4826;
/** Residuals beyond this many standard deviations are ink, not paper. */
const INLIER = 3;

interface Samples {
  readonly count: number;
  /** [count, 6]: the surface's terms at each sample, its coordinates running from -1 to 1. */
  readonly terms: Float64Array;
  readonly value: Float64Array;
  /** 1 for a sample on the picture's rim, else 0. */
  readonly onRim: Uint8Array;
}

/** The terms of a plane come first: 1, x, y; then x^2, xy, y^2. */
const PLANE = 3;
const PARABOLOID = 6;

/**
 * Estimates the paper of a picture that is mostly paper, at least along its rim: a plane is fitted to the
 * rim, then a paraboloid to all that agrees with it, again and again. What disagrees is ink, and the
 * side with more of it tells the polarity. Uneven light and vignettes are followed, sharp shadows are not.
 */
export function estimatePaper(image: GrayImage): Paper {
  const samples = takeSamples(image);
  const weights = Float64Array.from(samples.onRim);
  let surface = new Float64Array(PARABOLOID);
  let residuals: Float64Array = samples.value;
  let noise = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const rimOnly = round < ROUNDS / 2;
    surface = fitSurface(samples, weights, rimOnly ? PLANE : PARABOLOID);
    residuals = residualsOf(samples, surface);
    noise = Math.max(1, MAD_TO_SIGMA * medianMagnitude(residuals, rimOnly ? samples.onRim : undefined));
    for (let i = 0; i < samples.count; i++) {
      const distance = residuals[i]! / (2 * noise);
      weights[i] = rimOnly && samples.onRim[i] === 0 ? 0 : 1 / (1 + distance ** 4);
    }
  }
  const scaleX = 2 / Math.max(1, image.width - 1);
  const scaleY = 2 / Math.max(1, image.height - 1);
  return {
    at: (x, y) => Math.max(0, Math.min(255, evaluate(surface, x * scaleX - 1, y * scaleY - 1))),
    noise,
    ink: inkSide(residuals, INLIER * noise),
  };
}

function inkSide(residuals: Float64Array, threshold: number): Paper['ink'] {
  let dark = 0;
  let light = 0;
  for (const residual of residuals) {
    if (residual < -threshold) dark -= residual;
    else if (residual > threshold) light += residual;
  }
  return light > dark ? 'light' : 'dark';
}

function takeSamples({ width, height, data }: GrayImage): Samples {
  const columns = Math.min(GRID, width);
  const rows = Math.min(GRID, height);
  const rim = Math.max(1, Math.round(Math.min(columns, rows) * RIM));
  const count = columns * rows;
  const samples = {
    count,
    terms: new Float64Array(PARABOLOID * count),
    value: new Float64Array(count),
    onRim: new Uint8Array(count),
  };
  for (let i = 0; i < count; i++) {
    const column = i % columns;
    const row = (i - column) / columns;
    const x = columns === 1 ? 0 : Math.round((column * (width - 1)) / (columns - 1));
    const y = rows === 1 ? 0 : Math.round((row * (height - 1)) / (rows - 1));
    const u = width > 1 ? (2 * x) / (width - 1) - 1 : 0;
    const v = height > 1 ? (2 * y) / (height - 1) - 1 : 0;
    samples.terms.set([1, u, v, u * u, u * v, v * v], PARABOLOID * i);
    samples.value[i] = data[y * width + x]!;
    const toRim = Math.min(column, row, columns - 1 - column, rows - 1 - row);
    samples.onRim[i] = toRim < rim ? 1 : 0;
  }
  return samples;
}

function evaluate(c: Float64Array, x: number, y: number): number {
  return c[0]! + c[1]! * x + c[2]! * y + c[3]! * x * x + c[4]! * x * y + c[5]! * y * y;
}

function residualsOf({ count, terms, value }: Samples, surface: Float64Array): Float64Array<ArrayBuffer> {
  const residuals = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let modelled = 0;
    for (let k = 0; k < PARABOLOID; k++) modelled += surface[k]! * terms[PARABOLOID * i + k]!;
    residuals[i] = value[i]! - modelled;
  }
  return residuals;
}

/** Weighted least squares by the normal equations, over the first `size` terms. */
function fitSurface(samples: Samples, weights: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const { count, terms, value } = samples;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (let i = 0; i < count; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    for (let a = 0; a < size; a++) {
      const row = matrix[a]!;
      const weighted = weight * terms[PARABOLOID * i + a]!;
      for (let b = 0; b < size; b++) row[b]! += weighted * terms[PARABOLOID * i + b]!;
      row[size]! += weighted * value[i]!;
    }
  }
  const surface = new Float64Array(PARABOLOID);
  surface.set(solve(matrix));
  return surface;
}

/** Gauss-Jordan elimination; a row without a pivot (a picture one pixel wide) gives 0. */
function solve(matrix: Float64Array[]): number[] {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    let best = column;
    for (let row = column; row < size; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[best]![column]!)) best = row;
    }
    [matrix[column], matrix[best]] = [matrix[best]!, matrix[column]!];
    const pivot = matrix[column]![column]!;
    if (Math.abs(pivot) < 1e-9) continue;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / pivot;
      for (let k = column; k <= size; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
    }
  }
  return matrix.map((row, i) => (Math.abs(row[i]!) < 1e-9 ? 0 : row[size]! / row[i]!));
}

/** The median of the absolute values, of those that `mask` keeps, to an eighth. */
function medianMagnitude(values: Float64Array, mask?: Uint8Array): number {
  const histogram = new Uint32Array(8 * 256);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask && mask[i] === 0) continue;
    histogram[Math.min(histogram.length - 1, Math.floor(8 * Math.abs(values[i]!)))]! += 1;
    count++;
  }
  let bin = 0;
  for (let below = histogram[0]!; below <= count / 2 && bin < histogram.length - 1; )
    below += histogram[++bin]!;
  return bin / 8;
}
