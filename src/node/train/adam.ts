/** Adam's memory: the steps done, and for each weight array the running means of gradient and square. */
export interface AdamState {
  step: number;
  readonly m: readonly Float32Array[];
  readonly v: readonly Float32Array[];
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/** The state before the first step, for weight arrays of these lengths. */
export function createAdam(lengths: readonly number[]): AdamState {
  const zeros = () => lengths.map((length) => new Float32Array(length));
  return { step: 0, m: zeros(), v: zeros() };
}

/** Begins a step and returns its rate: `learningRate` with the correction of the means' bias towards zero. */
export function beginAdamStep(state: AdamState, learningRate: number): number {
  state.step++;
  return (learningRate * Math.sqrt(1 - BETA2 ** state.step)) / (1 - BETA1 ** state.step);
}

/**
 * Moves one weight array along its gradient, in place (Kingma and Ba 2015, section 2's faster form). One loop in
 * JavaScript costs less than the dozen tensor ops that it takes the place of, and its memory needs no download
 * for a checkpoint.
 */
export function adamUpdate(
  state: AdamState,
  index: number,
  { weights, gradient, rate }: { weights: Float32Array; gradient: Float32Array; rate: number },
): void {
  const m = state.m[index]!;
  const v = state.v[index]!;
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i]!;
    // Kept in locals: read back from the arrays, they would make the loop take twice the time.
    const mean = m[i]! + (1 - BETA1) * (g - m[i]!);
    const square = v[i]! + (1 - BETA2) * (g * g - v[i]!);
    m[i] = mean;
    v[i] = square;
    weights[i] = weights[i]! - (rate * mean) / (Math.sqrt(square) + EPSILON);
  }
}
