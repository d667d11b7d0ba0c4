import type { LayersModel, layers, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import type { RandomBits } from '../../core/random.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { normalizeBatch } from './batch-norm.js';
import { multiplyDense } from './dense.js';
import { isMaxPool, maxPool } from './max-pool.js';

/**
 * From images [N, H, W, 1] in 0..1 to logits [N, classes]; with dropout's masks, as in training. There
 * a network that ends in an average of others gives the logits of each, one below the other, [columns * N,
 * classes]: each is to be right alone, since networks that only learn to be right together gain little.
 */
export type Forward = (images: Tensor, mask?: MaskSource) => Tensor;

/** A layer's dropout. */
export interface MaskSpec {
  readonly shape: readonly number[];
  /** The share of the values that become 0. */
  readonly rate: number;
}

/** Gives a layer's mask: by what dropout multiplies each of its values. */
export type MaskSource = (spec: MaskSpec) => Tensor;

/** One layer of a model, and the steps (by index, -1 the images) whose results it takes. */
interface Step {
  layer: layers.Layer;
  readonly inputs: readonly number[];
  /** In training, the convolution whose bias this step adds to its result. */
  addsBiasOf?: layers.Layer;
}

/**
 * The forward pass of a model up to its logits: the softmax at its end is left to the loss, which computes
 * both in one stable step. Dropout's masks are given, so that a resumed run repeats them.
 *
 * @throws UserError for a model whose layers are shared, nested or draw random numbers of their own.
 */
export function createForward(tf: TensorFlow, model: LayersModel): Forward {
  const steps = poolFirst(listSteps(model));
  const withoutBias = new Set(steps.map(({ addsBiasOf }) => addsBiasOf));
  const last = steps.at(-1)?.layer;
  const committee = last?.getClassName() === 'Average' ? last : undefined;
  return (images, mask) => {
    const results: Tensor[] = [];
    for (const { layer, inputs, addsBiasOf } of steps) {
      const values = inputs.map((i) => (i < 0 ? images : results[i]!));
      if (mask && layer === committee) return tf.concat(values, 0);
      if (!mask) results.push(applyLayer(tf, layer, values, mask));
      else if (withoutBias.has(layer)) results.push(convolve(tf, layer, values[0]!));
      else {
        const result = applyLayer(tf, layer, values, mask);
        results.push(addsBiasOf ? tf.add(result, addsBiasOf.weights[1]!.read()) : result);
      }
    }
    return results.at(-1)!;
  };
}

/** What tfjs's own layer keeps of a convolution, by its configuration's names. */
interface ConvolutionConfig {
  readonly strides: [number, number];
  readonly padding: 'valid' | 'same';
  readonly dataFormat: 'channelsFirst' | 'channelsLast';
  readonly dilationRate: [number, number];
  readonly activation: string;
  readonly useBias: boolean;
}

/** A Conv2D layer without its bias. */
function convolve(tf: TensorFlow, layer: layers.Layer, x: Tensor): Tensor {
  const { strides, padding, dilationRate } = layer.getConfig() as unknown as ConvolutionConfig;
  const kernel = layer.weights[0]!.read() as Tensor4D;
  return tf.conv2d(x as Tensor4D, kernel, strides, padding, 'NHWC', dilationRate);
}

function applyLayer(
  tf: TensorFlow,
  layer: layers.Layer,
  values: Tensor[],
  mask: MaskSource | undefined,
): Tensor {
  const value = values[0]!;
  if (layer.getClassName() === 'Dropout')
    return mask ? drop(tf, value, Number(layer.getConfig().rate), mask) : value;
  if (mask && layer.getClassName() === 'BatchNormalization') return normalizeBatch(tf, layer, value);
  if (mask && layer.getClassName() === 'MaxPooling2D') return maxPool(tf, layer, value);
  if (mask && layer.getClassName() === 'Dense') return multiplyDense(tf, layer, value);
  return layer.apply(values.length > 1 ? values : value, { training: mask !== undefined }) as Tensor;
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
 * Max-pooling changes places with the ReLU and the bias before it: neither reverses an order, so that no result
 * changes, and they and their gradients have a quarter of the work.
 */
function poolFirst(steps: Step[]): Step[] {
  const follower = (i: number) => {
    const users = steps.filter(({ inputs }) => inputs.includes(i));
    return users.length === 1 ? users[0] : undefined;
  };
  for (const [i, step] of steps.entries()) {
    const next = follower(i);
    if (isRelu(step.layer) && next && isMaxPool(next.layer))
      [step.layer, next.layer] = [next.layer, step.layer];
  }
  for (const [i, step] of steps.entries()) {
    const next = follower(i);
    if (hasPlainBias(step.layer) && next && isMaxPool(next.layer)) next.addsBiasOf = step.layer;
  }
  return steps;
}

function isRelu(layer: layers.Layer): boolean {
  return layer.getClassName() === 'Activation' && layer.getConfig().activation === 'relu';
}

/** Is this a convolution whose last act is to add its bias? */
function hasPlainBias(layer: layers.Layer): boolean {
  if (layer.getClassName() !== 'Conv2D') return false;
  const { activation, useBias, dataFormat } = layer.getConfig() as unknown as ConvolutionConfig;
  return activation === 'linear' && useBias && dataFormat === 'channelsLast';
}

/** Sets a fraction `rate` of the values to 0 and scales the others up, so that the expectation stays. */
function drop(tf: TensorFlow, value: Tensor, rate: number, mask: MaskSource): Tensor {
  return rate === 0 ? value : tf.mul(value, mask({ shape: value.shape, rate }));
}

/** Draws a mask: 0 for a fraction `rate` of the values, and for the others what makes up for it. */
export function drawMask({ shape, rate }: MaskSpec, random: RandomBits): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  // Two decisions a draw, of 16 bits each: drawing is what takes the time.
  const bits = new Uint32Array(Math.ceil(size / 2));
  random.fill(bits);
  const mask = new Float32Array(size);
  // Looked up, since a jump that depends on chance takes longer than all else.
  const factors = Float32Array.of(1 / (1 - rate), 0);
  const dropped = Math.round(rate * 0x10000);
  for (let i = 0; i < bits.length; i++) {
    const both = bits[i]!;
    mask[2 * i] = factors[Number((both & 0xffff) < dropped)]!;
    // Beyond the end of an odd number of values nothing is written.
    mask[2 * i + 1] = factors[Number(both >>> 16 < dropped)]!;
  }
  return mask;
}
