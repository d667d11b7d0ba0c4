import type { LayersModel, layers, Tensor } from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import type { Random } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { normalizeBatch } from './batch-norm.js';
import { maxPool } from './max-pool.js';

/** From images [N, H, W, 1] in 0..1 to logits [N, classes]; with a source of randomness, as in training. */
export type Forward = (images: Tensor, dropout?: Random) => Tensor;

/** One layer of a model, and the steps (by index, -1 the images) whose results it takes. */
interface Step {
  layer: layers.Layer;
  readonly inputs: readonly number[];
}

/**
 * The forward pass of a model up to its logits: the softmax at its end is left to the loss, which computes
 * both in one stable step. Dropout draws from the given source, so that a resumed run repeats it.
 *
 * @throws UserError for a model whose layers are shared, nested or draw random numbers of their own.
 */
export function createForward(tf: TensorFlow, model: LayersModel): Forward {
  const steps = poolBeforeRelu(listSteps(model));
  return (images, dropout) => {
    const results: Tensor[] = [];
    for (const { layer, inputs } of steps) {
      const values = inputs.map((i) => (i < 0 ? images : results[i]!));
      results.push(applyLayer(tf, layer, values, dropout));
    }
    return results.at(-1)!;
  };
}

function applyLayer(
  tf: TensorFlow,
  layer: layers.Layer,
  values: Tensor[],
  dropout: Random | undefined,
): Tensor {
  const value = values[0]!;
  if (layer.getClassName() === 'Dropout')
    return dropout ? drop(tf, value, Number(layer.getConfig().rate), dropout) : value;
  if (dropout && layer.getClassName() === 'BatchNormalization') return normalizeBatch(tf, layer, value);
  if (dropout && layer.getClassName() === 'MaxPooling2D') return maxPool(tf, layer, value);
  return layer.apply(values.length > 1 ? values : value, { training: dropout !== undefined }) as Tensor;
}

/** Layers that would draw random numbers which no seed of ours decides, or hide layers that do. */
const REFUSED = new Set([
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'SpatialDropout1D',
  'Sequential',
  'Functional',
  'Model',
  'TimeDistributed',
  'Bidirectional',
]);

/** The model's layers but for the softmax at its end, each after those that it takes its input from. */
function listSteps(model: LayersModel): Step[] {
  const order = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  const refused = order.filter(
    (layer) => REFUSED.has(layer.getClassName()) || layer.inboundNodes.length !== 1,
  );
  if (refused.length > 0) {
    const list = refused.map((layer) => `${layer.name} (${layer.getClassName()})`).join(', ');
    throw new UserError(
      `training cannot use ${list}: nested and shared layers, and random ones other than Dropout, are not supported`,
      { hint: 'Give a topology of single layers.' },
    );
  }
  return order.slice(0, -1).map((layer) => ({
    layer,
    inputs: layer.inboundNodes[0]!.inboundLayers.map((from) => order.indexOf(from)),
  }));
}

/**
 * Max-pooling and ReLU may change places without changing any result, since ReLU never reverses an order;
 * pooled first, ReLU and its gradient have a quarter of the work.
 */
function poolBeforeRelu(steps: Step[]): Step[] {
  for (let i = 0; i + 1 < steps.length; i++) {
    const [first, second] = [steps[i]!, steps[i + 1]!];
    const isRelu =
      first.layer.getClassName() === 'Activation' && first.layer.getConfig().activation === 'relu';
    const users = steps.filter(({ inputs }) => inputs.includes(i));
    if (isRelu && users.length === 1 && users[0] === second && second.layer.getClassName() === 'MaxPooling2D')
      [first.layer, second.layer] = [second.layer, first.layer];
  }
  return steps;
}

/** Sets a fraction `rate` of the values to 0 and scales the others up, so that the expectation stays. */
function drop(tf: TensorFlow, value: Tensor, rate: number, random: Random): Tensor {
  if (rate === 0) return value;
  const mask = new Float32Array(value.size);
  const scale = 1 / (1 - rate);
  // Two decisions a draw, of 16 bits each: drawing is what takes the time.
  const dropped = Math.round(rate * 0x10000);
  for (let i = 0; i < mask.length; i += 2) {
    const bits = random() * 0x100000000;
    mask[i] = (bits & 0xffff) < dropped ? 0 : scale;
    if (i + 1 < mask.length) mask[i + 1] = bits / 0x10000 < dropped ? 0 : scale;
  }
  return tf.mul(value, tf.tensor(mask, value.shape));
}
