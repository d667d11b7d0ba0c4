import type { ModelScores } from '../classify.js';
import { softmaxRows } from '../softmax.js';

/** Scores of N images of K classes, in which runtimes are compared; tensors are [N, K], row by row. */
export interface ComparableScores {
  /** Only where they are given: the logarithms of probabilities are others, and tfjs's softmax cannot always be taken off. */
  readonly logits: Float32Array | undefined;
  /** Without calibration, which tfjs does not know. */
  readonly probabilities: Float32Array;
}

/** What a model gave, and the probabilities of that. */
export function comparableScores({ kind, values }: ModelScores, classCount: number): ComparableScores {
  if (kind === 'probabilities') return { logits: undefined, probabilities: values };
  return { logits: values, probabilities: softmaxRows(values, classCount) };
}
