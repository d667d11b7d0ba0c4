import type { layers, Sequential, Tensor } from '@tensorflow/tfjs';
import type { Random } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';

/** From images [N, H, W, 1] in 0..1 to logits [N, classes]; with a source of randomness, as in training. */
export type Forward = (images: Tensor, dropout?: Random) => Tensor;

/**
 * The forward pass of a model up to its logits: the softmax at its end is left to the loss, which computes
 * both in one stable step.
 */
export function createForward(tf: TensorFlow, model: Sequential): Forward {
  const order = poolBeforeRelu(model.layers.slice(0, -1));
  return (images, dropout) =>
    order.reduce<Tensor>((value, layer) => {
      if (layer.getClassName() === 'Dropout')
        return dropout ? drop(tf, value, Number(layer.getConfig().rate), dropout) : value;
      return layer.apply(value, { training: dropout !== undefined }) as Tensor;
    }, images);
}

/**
 * Max-pooling and ReLU may change places without changing any result, since ReLU never reverses an order;
 * pooled first, ReLU and its gradient have a quarter of the work.
 */
function poolBeforeRelu(order: readonly layers.Layer[]): layers.Layer[] {
  const swapped = [...order];
  for (let i = 0; i + 1 < swapped.length; i++) {
    const [first, second] = [swapped[i]!, swapped[i + 1]!];
    const isRelu = first.getClassName() === 'Activation' && first.getConfig().activation === 'relu';
    if (isRelu && second.getClassName() === 'MaxPooling2D') [swapped[i], swapped[i + 1]] = [second, first];
  }
  return swapped;
}

/** Sets a fraction `rate` of the values to 0 and scales the others up, so that the expectation stays. */
function drop(tf: TensorFlow, value: Tensor, rate: number, random: Random): Tensor {
  if (rate === 0) return value;
  const mask = new Float32Array(value.size);
  const scale = 1 / (1 - rate);
  for (let i = 0; i < mask.length; i++) mask[i] = random() < rate ? 0 : scale;
  return tf.mul(value, tf.tensor(mask, value.shape));
}
