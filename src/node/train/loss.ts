import { NO_CLASS } from '../../core/dataset/dataset.js';
import { softmaxRows } from '../../core/softmax.js';

/** The logits [N, classes] of a network's output, and the loss's gradient by the output. */
export function lossOf(
  output: Float32Array,
  labels: Int32Array,
  { labelSmoothing, classCount }: { labelSmoothing: number; classCount: number },
): { logits: Float32Array; gradient: Float32Array } {
  return {
    logits: meanOfColumns(output, labels.length * classCount),
    gradient: crossEntropyGradient(output, labels, labelSmoothing, classCount),
  };
}

/** The logits [N, classes] of a network, of those of its columns one below the other, `length` numbers each. */
function meanOfColumns(all: Float32Array, length: number): Float32Array {
  const columns = all.length / length;
  if (columns === 1) return all;
  const mean = new Float32Array(length);
  for (let i = 0; i < all.length; i++) mean[i % length]! += all[i]! / columns;
  return mean;
}

/**
 * The gradient of the mean cross-entropy by the logits, [N, classes]: (softmax - expected) / N. Expected is the
 * label's class, a little of it spread over all classes; an image of no class is to be any of them alike
 * (outlier exposure, Hendrycks, Mazeika and Dietterich 2019). Where there are more rows of logits than labels,
 * the labels count anew for each so many.
 */
function crossEntropyGradient(
  logits: Float32Array,
  labels: Int32Array,
  labelSmoothing: number,
  classCount: number,
): Float32Array {
  const gradient = softmaxRows(logits, classCount);
  for (let i = 0; i < gradient.length; i++) {
    const label = labels[Math.floor(i / classCount) % labels.length];
    const spread = label === NO_CLASS ? 1 : labelSmoothing;
    const expected = spread / classCount + (i % classCount === label ? 1 - spread : 0);
    gradient[i] = (gradient[i]! - expected) / labels.length;
  }
  return gradient;
}
