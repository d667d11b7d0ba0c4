import type { Learner } from './learner.js';

/** The running mean of a learner's weights over its steps (Polyak averaging, with exponential forgetting). */
export interface WeightAverage {
  /** In the order of `model.weights`. */
  readonly weights: readonly Float32Array[];
  /**
   * Takes in the weights after a step.
   *
   * @param keep the share of the mean that stays, below 1
   */
  follow(keep: number): void;
}

/** Begins at the learner's weights, or goes on from a saved mean. */
export function createAverage(learner: Learner, saved: readonly Float32Array[] | undefined): WeightAverage {
  const weights = structuredClone(saved ?? learner.weights());
  return {
    weights,
    follow(keep) {
      // Further at the start, so that the first, random weights are soon forgotten.
      const rate = Math.max(1 - keep, 9 / (10 + learner.adam.step));
      for (const [index, now] of learner.weights().entries()) {
        const mean = weights[index]!;
        for (let i = 0; i < mean.length; i++) mean[i] = mean[i]! + rate * (now[i]! - mean[i]!);
      }
    },
  };
}
