import type { LayersModel, Tensor2D, Variable } from '@tensorflow/tfjs';
import { NO_CLASS } from '../../core/dataset/dataset.js';
import type { Random } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { type AdamState, adamUpdate, beginAdamStep, createAdam } from './adam.js';
import type { Batch } from './data.js';
import { createForward, type Forward } from './forward.js';
import { useNativeGradients } from './native-kernels.js';

/** A model under training: its forward pass, its step, and its state as plain arrays. */
export interface Learner {
  readonly forward: Forward;
  /** Moves the weights along one batch's gradient; returns the logits [N, classes] from before. */
  step(batch: Batch, options: { learningRate: number; dropout: Random }): Float32Array;
  /** Copies of all weights, in the order of `model.weights`. */
  readWeights(): Float32Array[];
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
  const adam = from ? structuredClone(from.adam) : createAdam(variables.map((variable) => variable.size));
  return {
    forward,
    adam,
    readWeights: () => readWeights(model),
    step: (batch, { learningRate, dropout }) =>
      tf.tidy(() => {
        const images = tf.tensor4d(batch.pixels, batch.shape);
        let logits: Float32Array = new Float32Array();
        const { grads } = tf.variableGrads(() => {
          const output = forward(images, dropout);
          logits = output.dataSync() as Float32Array;
          const expected = expectedProbabilities(tf, batch.labels, output.shape[1]!, labelSmoothing);
          return tf.losses.softmaxCrossEntropy(expected, output);
        }, variables);
        const rate = beginAdamStep(adam, learningRate);
        for (const [index, variable] of variables.entries()) {
          // A copy where the values lie in TensorFlow's memory, and else no one's but the variable's.
          const weights = variable.dataSync() as Float32Array;
          const gradient = grads[variable.name]!.dataSync() as Float32Array;
          adamUpdate(adam, index, { weights, gradient, rate });
          variable.assign(tf.tensor(weights, variable.shape));
        }
        return logits;
      }),
  };
}

/**
 * What the network is to answer, [N, classes]: the label's class, a little of it spread over all classes;
 * an image of no class is to be any of them alike (outlier exposure, Hendrycks, Mazeika and Dietterich 2019).
 */
function expectedProbabilities(
  tf: TensorFlow,
  labels: Int32Array,
  classCount: number,
  labelSmoothing: number,
): Tensor2D {
  const values = new Float32Array(labels.length * classCount).fill(labelSmoothing / classCount);
  for (const [i, label] of labels.entries()) {
    const row = values.subarray(i * classCount, (i + 1) * classCount);
    if (label === NO_CLASS) row.fill(1 / classCount);
    else row[label]! += 1 - labelSmoothing;
  }
  return tf.tensor2d(values, [labels.length, classCount]);
}

/** Copies of all of a model's weights, in the order of `model.weights`. */
export function readWeights(model: LayersModel): Float32Array[] {
  return model.weights.map((weight) => (weight.read().dataSync() as Float32Array).slice());
}

/** Gives a model the weights that `readWeights` copied. */
export function writeWeights(tf: TensorFlow, model: LayersModel, weights: readonly Float32Array[]): void {
  tf.tidy(() => {
    for (const [index, weight] of model.weights.entries())
      weight.write(tf.tensor(weights[index]!, weight.shape as number[]));
  });
}
