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

const GRID = 64;
const ROUNDS = 10;
/** The median of |x| of a normal distribution times this is its standard deviation. */
const MAD_TO_SIGMA = 1.4826;
/** Residuals beyond this many standard deviations are ink, not paper. */
const INLIER = 3;

interface Samples {
  /** Coordinates from -1 to 1. */
  readonly x: number[];
  readonly y: number[];
  readonly value: number[];
  readonly onRim: boolean[];
}

/**
 * Estimates the paper of a picture that is mostly paper, at least along its rim: a plane is fitted to the
 * rim, then a paraboloid to all that agrees with it, again and again. What disagrees is ink, and the
 * side with more of it tells the polarity. Uneven light and vignettes are followed, sharp shadows are not.
 */
export function estimatePaper(image: GrayImage): Paper {
  const samples = takeSamples(image);
  const count = samples.value.length;
  let weights: number[] = samples.onRim.map((onRim) => (onRim ? 1 : 0));
  let coefficients = new Float64Array(6);
  let noise = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const terms = round < ROUNDS / 2 ? 3 : 6;
    coefficients = fitSurface(samples, weights, terms);
    const residuals = samples.value.map((v, i) => v - evaluate(coefficients, samples.x[i]!, samples.y[i]!));
    const consulted = residuals.filter((_, i) => terms === 6 || samples.onRim[i]);
    noise = Math.max(1, MAD_TO_SIGMA * median(consulted.map(Math.abs)));
    const spread = noise;
    weights = residuals.map((r, i) =>
      terms === 3 && !samples.onRim[i] ? 0 : 1 / (1 + (r / (2 * spread)) ** 4),
    );
  }
  let dark = 0;
  let light = 0;
  for (let i = 0; i < count; i++) {
    const residual = samples.value[i]! - evaluate(coefficients, samples.x[i]!, samples.y[i]!);
    if (residual < -INLIER * noise) dark -= residual;
    else if (residual > INLIER * noise) light += residual;
  }
  const scaleX = 2 / Math.max(1, image.width - 1);
  const scaleY = 2 / Math.max(1, image.height - 1);
  return {
    at: (x, y) => Math.max(0, Math.min(255, evaluate(coefficients, x * scaleX - 1, y * scaleY - 1))),
    noise,
    ink: light > dark ? 'light' : 'dark',
  };
}

function takeSamples({ width, height, data }: GrayImage): Samples {
  const samples: Samples = { x: [], y: [], value: [], onRim: [] };
  const columns = Math.min(GRID, width);
  const rows = Math.min(GRID, height);
  const rim = Math.max(1, Math.round(Math.min(columns, rows) * 0.06));
  for (let row = 0; row < rows; row++) {
    const y = rows === 1 ? 0 : Math.round((row * (height - 1)) / (rows - 1));
    for (let column = 0; column < columns; column++) {
      const x = columns === 1 ? 0 : Math.round((column * (width - 1)) / (columns - 1));
      samples.x.push(width > 1 ? (2 * x) / (width - 1) - 1 : 0);
      samples.y.push(height > 1 ? (2 * y) / (height - 1) - 1 : 0);
      samples.value.push(data[y * width + x]!);
      samples.onRim.push(row < rim || column < rim || row >= rows - rim || column >= columns - rim);
    }
  }
  return samples;
}

function basis(x: number, y: number): number[] {
  return [1, x, y, x * x, x * y, y * y];
}

function evaluate(c: Float64Array, x: number, y: number): number {
  return c[0]! + c[1]! * x + c[2]! * y + c[3]! * x * x + c[4]! * x * y + c[5]! * y * y;
}

/** Weighted least squares by the normal equations, over the first `terms` functions of the basis. */
function fitSurface(samples: Samples, weights: readonly number[], terms: number): Float64Array<ArrayBuffer> {
  const matrix = Array.from({ length: terms }, () => new Float64Array(terms + 1));
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const functions = basis(samples.x[i]!, samples.y[i]!);
    for (let a = 0; a < terms; a++) {
      const weighted = weight * functions[a]!;
      for (let b = 0; b < terms; b++) matrix[a]![b]! += weighted * functions[b]!;
      matrix[a]![terms]! += weighted * samples.value[i]!;
    }
  }
  const solution = new Float64Array(6);
  solution.set(solve(matrix));
  return solution;
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

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}
