import type { LayersModel, Scalar, Tensor2D, Variable } from '@tensorflow/tfjs';
import { NO_CLASS } from '../../core/dataset/dataset.js';
import type { RandomBits } from '../../core/random.js';
import { softmaxRows } from '../../core/softmax.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { type AdamState, adamUpdate, beginAdamStep, createAdam } from './adam.js';
import type { Batch } from './data.js';
import { createForward, type Forward } from './forward.js';
import { useNativeGradients } from './native-kernels.js';

/** A model under training: its forward pass, its step, and its state as plain arrays. */
export interface Learner {
  readonly forward: Forward;
  /** Moves the weights along one batch's gradient; returns the logits [N, classes] from before. */
  step(batch: Batch, options: { learningRate: number; dropout: RandomBits }): Float32Array;
  /** All weights as they are until the next step, in the order of `model.weights`; not to be changed. */
  weights(): Float32Array[];
  readonly adam: AdamState;
}

/** What a learner goes on from. */
export interface LearnerState {
  readonly weights: readonly Float32Array[];
  readonly adam: AdamState;
}

/** Makes a learner of a model, at the weights that it has or at a saved state. */
export function createLearner(
  tf: TensorFlow,
  model: LayersModel,
  { labelSmoothing, from }: { labelSmoothing: number; from?: LearnerState | undefined },
): Learner {
  useNativeGradients(tf);
  if (from) writeWeights(tf, model, from.weights);
  const forward = createForward(tf, model);
  // read() gives the layer's own variable, which the gradients are asked for and the steps assign to.
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  // Kept here too, so that no step has to fetch them.
  const trained = variables.map((variable) => (variable.dataSync() as Float32Array).slice());
  const adam = from ? structuredClone(from.adam) : createAdam(trained.map(({ length }) => length));
  return {
    forward,
    adam,
    weights: () =>
      model.weights.map((weight) => {
        const variable = weight.read() as Variable;
        return trained[variables.indexOf(variable)] ?? (variable.dataSync() as Float32Array);
      }),
    step: (batch, { learningRate, dropout }) =>
      tf.tidy(() => {
        const images = tf.tensor4d(batch.pixels, batch.shape);
        let logits: Float32Array = new Float32Array();
        const { grads } = tf.variableGrads(() => {
          const output = forward(images, dropout) as Tensor2D;
          const all = output.dataSync() as Float32Array;
          const classCount = output.shape[1];
          logits = meanOfColumns(all, batch.labels.length * classCount);
          return crossEntropy(
            tf,
            output,
            crossEntropyGradient(all, batch.labels, labelSmoothing, classCount),
          );
        }, variables);
        const rate = beginAdamStep(adam, learningRate);
        for (const [index, variable] of variables.entries()) {
          const weights = trained[index]!;
          const gradient = grads[variable.name]!.dataSync() as Float32Array;
          adamUpdate(adam, index, { weights, gradient, rate });
          variable.assign(tf.tensor(weights, variable.shape));
        }
        return logits;
      }),
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
 * The loss as far as its gradient goes, the only thing that a step takes of it: a dozen tensor ops on a few
 * hundred numbers would cost more than the loop that has made the gradient already.
 */
function crossEntropy(tf: TensorFlow, output: Tensor2D, gradient: Float32Array): Scalar {
  const loss = tf.customGrad(() => ({
    value: tf.scalar(0),
    gradFunc: () => tf.tensor2d(gradient, output.shape),
  }));
  return loss(output) as Scalar;
}

/**
 * The gradient of the mean cross-entropy by the logits, [N, classes]: (softmax - expected) / N. Expected is the
 * label's class, a little of it spread over all classes; an image of no class is to be any of them alike
 * (outlier exposure, Hendrycks, Mazeika and Dietterich 2019). Where there are more rows of logits than labels,
 * the labels count anew for each so many.
 */
export function crossEntropyGradient(
  logits: Float32Array,
  labels: Int32Array,
  labelSmoothing: number,
  classCount = logits.length / labels.length,
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

/** Gives a model weights, in the order of `model.weights`. */
export function writeWeights(tf: TensorFlow, model: LayersModel, weights: readonly Float32Array[]): void {
  tf.tidy(() => {
    for (const [index, weight] of model.weights.entries())
      weight.write(tf.tensor(weights[index]!, weight.shape as number[]));
  });
}
