import type { DataId, LayersModel, Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { RandomBits } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import type { Batch } from './data.js';
import { drawMask, type Forward, type MaskSource, type MaskSpec } from './forward.js';
import { lossOf } from './loss.js';

/** What a batch says of the weights. */
export interface BatchGradients {
  /** [N, classes], from before the step. */
  readonly logits: Float32Array;
  /** In the order of `model.trainableWeights`. */
  readonly gradients: readonly Tensor[];
}

/** Computes a batch's gradients, and lets the moving averages of batch normalization follow. Run within `tf.tidy`. */
export interface Gradients {
  of(batch: Batch, dropout: RandomBits): BatchGradients;
  dispose(): void;
}

/** {@link BatchGradients}, with what was computed on the way; its tensors may be gone. */
export interface EagerGradients extends BatchGradients {
  readonly masks: readonly (MaskSpec & { readonly values: Float32Array; readonly dataId: DataId })[];
  readonly images: Tensor;
  /** Of all columns of the network. */
  readonly output: Tensor;
  /** The loss's gradient by it. */
  readonly outputGradient: Tensor;
}

/** What a network's gradients are computed with. */
export interface GradientsSetting {
  readonly tf: TensorFlow;
  readonly model: LayersModel;
  readonly forward: Forward;
  readonly labelSmoothing: number;
}

/** Op by op, by tfjs. */
export function eagerGradients(
  { tf, model, forward, labelSmoothing }: GradientsSetting,
  batch: Batch,
  dropout: RandomBits,
): EagerGradients {
  const images = tf.tensor4d(batch.pixels, batch.shape);
  const masks: EagerGradients['masks'][number][] = [];
  const mask: MaskSource = (spec) => {
    const values = drawMask(spec, dropout);
    const tensor = tf.tensor(values, [...spec.shape]);
    masks.push({ ...spec, values, dataId: tensor.dataId });
    return tensor;
  };
  // read() gives the layer's own variable, which the gradients are asked for.
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  let logits: Float32Array = new Float32Array();
  let output: Tensor | undefined;
  let outputGradient: Tensor | undefined;
  const { grads } = tf.variableGrads(() => {
    const columns = forward(images, mask) as Tensor2D;
    const classCount = columns.shape[1];
    const loss = lossOf(columns.dataSync() as Float32Array, batch.labels, { labelSmoothing, classCount });
    output = columns;
    logits = loss.logits;
    return crossEntropy(tf, columns, () => {
      outputGradient = tf.tensor2d(loss.gradient, columns.shape);
      return outputGradient;
    });
  }, variables);
  return {
    logits,
    gradients: variables.map(({ name }) => grads[name]!),
    masks,
    images,
    output: output!,
    outputGradient: outputGradient!,
  };
}

/**
 * The loss as far as its gradient goes, the only thing that a step takes of it: a dozen tensor ops on a few
 * hundred numbers would cost more than the loop that has made the gradient already.
 */
function crossEntropy(tf: TensorFlow, output: Tensor2D, gradient: () => Tensor): Scalar {
  const loss = tf.customGrad(() => ({ value: tf.scalar(0), gradFunc: gradient }));
  return loss(output) as Scalar;
}
