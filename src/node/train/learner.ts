import type { LayersModel, Variable } from '@tensorflow/tfjs';
import type { RandomBits } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { type AdamState, adamUpdate, beginAdamStep, createAdam } from './adam.js';
import type { Batch } from './data.js';
import { createForward, type Forward } from './forward.js';
import { eagerGradients, type Gradients, type GradientsSetting } from './gradients.js';
import { compileGradients } from './graph/compile-gradients.js';
import { useNativeGradients } from './native-gradients.js';
import { BACKEND } from './native-kernels.js';

/** A model under training: its forward pass, its step, and its state as plain arrays. */
export interface Learner {
  readonly forward: Forward;
  /** Moves the weights along one batch's gradient; returns the logits [N, classes] from before. */
  step(batch: Batch, options: { learningRate: number; dropout: RandomBits }): Float32Array;
  /** All weights as they are until the next step, in the order of `model.weights`; not to be changed. */
  weights(): Float32Array[];
  readonly adam: AdamState;
  /** Frees what the steps hold; the model stays. */
  dispose(): void;
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
  const gradients = createGradients({ tf, model, forward, labelSmoothing });
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
        const found = gradients.of(batch, dropout);
        const rate = beginAdamStep(adam, learningRate);
        for (const [index, variable] of variables.entries()) {
          const weights = trained[index]!;
          const gradient = found.gradients[index]!.dataSync() as Float32Array;
          adamUpdate(adam, index, { weights, gradient, rate });
          variable.assign(tf.tensor(weights, variable.shape));
        }
        return found.logits;
      }),
    dispose: () => gradients.dispose(),
  };
}

/** Op by op, by tfjs; on native TensorFlow the ops become a graph once their order is known. */
function createGradients(setting: GradientsSetting): Gradients {
  const eager = (batch: Batch, dropout: RandomBits) => eagerGradients(setting, batch, dropout);
  if (setting.tf.getBackend() !== BACKEND) return { of: eager, dispose: () => {} };
  return compileGradients(setting, eager);
}

/** Gives a model weights, in the order of `model.weights`. */
export function writeWeights(tf: TensorFlow, model: LayersModel, weights: readonly Float32Array[]): void {
  tf.tidy(() => {
    for (const [index, weight] of model.weights.entries())
      weight.write(tf.tensor(weights[index]!, weight.shape as number[]));
  });
}
