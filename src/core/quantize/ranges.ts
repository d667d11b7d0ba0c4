/** The values that a tensor takes. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * How a range is chosen from what was seen: all of it; all but the rarest values; or where the quantized
 * distribution loses the least information (Kullback-Leibler divergence, as TensorRT calibrates).
 */
export type CalibrationMethod = 'minmax' | 'percentile' | 'entropy';

const BINS = 2048;
const PERCENTILE = 0.9999;

/** Collects a tensor's values over many runs; memory does not grow with them. */
export class RangeCollector {
  #min = 0;
  #max = 0;
  /** Counts of |value| in equal steps up to `#limit`. */
  #histogram = new Float64Array(BINS);
  #limit = 0;

  add(values: Float32Array): void {
    let largest = 0;
    for (const value of values) {
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
      const size = Math.abs(value);
      if (size > largest) largest = size;
    }
    this.#widen(largest);
    if (this.#limit === 0) return;
    const scale = BINS / this.#limit;
    for (const value of values) {
      // Every range holds 0 exactly: the many zeros of a Relu say nothing of where it should end.
      if (value === 0) continue;
      this.#histogram[Math.min(BINS - 1, Math.floor(Math.abs(value) * scale))]! += 1;
    }
  }

  /** The range to quantize for. It always holds 0, which padding needs exactly. */
  range(method: CalibrationMethod): Range {
    if (method === 'minmax' || this.#limit === 0) return { min: this.#min, max: this.#max };
    const threshold = method === 'percentile' ? this.#percentile() : this.#leastDivergence();
    return { min: Math.max(this.#min, -threshold), max: Math.min(this.#max, threshold) };
  }

  /** Doubles the histogram's steps until the largest value fits. */
  #widen(largest: number): void {
    if (this.#limit === 0) this.#limit = largest;
    while (largest > this.#limit) {
      const merged = new Float64Array(BINS);
      for (let i = 0; i < BINS; i++) merged[i >> 1]! += this.#histogram[i]!;
      this.#histogram = merged;
      this.#limit *= 2;
    }
  }

  #percentile(): number {
    const total = this.#histogram.reduce((sum, count) => sum + count, 0);
    let seen = 0;
    for (let i = 0; i < BINS; i++) {
      seen += this.#histogram[i]!;
      if (seen >= total * PERCENTILE) return ((i + 1) * this.#limit) / BINS;
    }
    return this.#limit;
  }

  #leastDivergence(): number {
    let best = BINS;
    let least = Number.POSITIVE_INFINITY;
    // Of 256 codes, values of both signs share the half.
    const levels = this.#min < 0 ? 128 : 256;
    for (let bins = levels; bins <= BINS; bins += 16) {
      const divergence = divergenceAt(this.#histogram, bins, levels);
      if (divergence < least) {
        least = divergence;
        best = bins;
      }
    }
    return (best * this.#limit) / BINS;
  }
}

/**
 * The divergence of the distribution cut at `bins` (what lies beyond counted into the last one) from the same
 * spread over as many equal levels.
 */
function divergenceAt(histogram: Float64Array, bins: number, levels: number): number {
  const kept = histogram.slice(0, bins);
  const quantized = new Float64Array(bins);
  for (let level = 0; level < levels; level++) {
    const start = Math.floor((level * bins) / levels);
    const end = Math.floor(((level + 1) * bins) / levels);
    let sum = 0;
    let used = 0;
    for (let i = start; i < end; i++) {
      sum += kept[i]!;
      if (kept[i]! > 0) used++;
    }
    for (let i = start; i < end; i++) if (kept[i]! > 0) quantized[i] = sum / used;
  }
  const beyond = histogram.subarray(bins).reduce((sum, count) => sum + count, 0);
  kept[bins - 1]! += beyond;
  const [keptSum, quantizedSum] = [kept, quantized].map((counts) => counts.reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  if (quantizedSum === 0) return Number.POSITIVE_INFINITY;
  let divergence = 0;
  for (let i = 0; i < bins; i++) {
    if (kept[i] === 0) continue;
    const p = kept[i]! / keptSum;
    // A bin that only what lies beyond fills has no counterpart: a large, finite price.
    const q = quantized[i]! > 0 ? quantized[i]! / quantizedSum : 1e-9;
    divergence += p * Math.log(p / q);
  }
  return divergence;
}
