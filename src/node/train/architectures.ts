import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs';
import { UserError } from '../../core/errors.js';
import type { TensorFlow } from '../tensorflow/load.js';
import { randomFor } from './streams.js';

/** What a network is made for; every field decides shapes or first weights. */
export interface NetworkSpec {
  readonly height: number;
  readonly width: number;
  readonly classCount: number;
  readonly dropout: number;
  readonly seed: number;
}

interface Architecture {
  readonly summary: string;
  /** The hyperparameters that it trains best with, where they are not the defaults; chosen on validation data. */
  readonly recipe: { readonly [name: string]: number };
  /** One network, or several whose logits are averaged. */
  readonly networks: readonly BuildNetwork[];
}

type Layer = layers.Layer;

/** The layers of a network up to its logits; `suffix` ends their names, where there are several networks. */
type BuildNetwork = (tf: TensorFlow, spec: NetworkSpec, nextSeed: () => number, suffix: string) => Layer[];

/** A deep network: at each width `repeats` convolutions, then max-pooling, which halves the sides. */
interface Stages {
  readonly kernelSize: number;
  readonly repeats: 1 | 2;
  readonly filters: readonly number[];
}

/**
 * Networks that err apart correct each other (Ciresan, Meier and Schmidhuber 2012), and those with different
 * kernels err furthest apart (An, Lee, Park, Yang and So 2020). All have about as many parameters.
 */
const DEEP_NETWORKS: readonly Stages[] = [
  { kernelSize: 3, repeats: 2, filters: [16, 40, 80] },
  { kernelSize: 3, repeats: 2, filters: [16, 40, 80] },
  { kernelSize: 5, repeats: 2, filters: [12, 28, 44] },
  { kernelSize: 7, repeats: 1, filters: [16, 36, 44] },
];

/** Every architecture by its name; each ends in logits, to which `buildModel` adds the softmax. */
export const ARCHITECTURES = {
  cnn: { summary: 'two convolutions and two dense layers', recipe: {}, networks: [cnn] },
  deep: {
    summary:
      'four batch-normalized networks with kernels of 3, 5 and 7, averaged, with a recipe of its own: augmented, 22 epochs',
    recipe: {
      epochs: 22,
      batchSize: 128,
      lr: 0.003,
      lrDecay: 0.82,
      weightAveraging: 0.999,
      augment: 1,
      refineFrom: 12,
      synthetic: 0.25,
      nonDigits: 0.2,
      dropout: 0.3,
      valSplit: 0.05,
    },
    networks: DEEP_NETWORKS.map(deep),
  },
  mlp: { summary: 'two dense layers, no convolution', recipe: {}, networks: [mlp] },
} as const satisfies Record<string, Architecture>;

export type ArchitectureName = keyof typeof ARCHITECTURES;

export function isArchitectureName(name: string): name is ArchitectureName {
  return Object.hasOwn(ARCHITECTURES, name);
}

/** @throws UserError (exit status 2) if the table has no such network. */
export function checkArchitecture(arch: string): asserts arch is ArchitectureName {
  if (isArchitectureName(arch)) return;
  throw new UserError(`there is no architecture ${arch}`, {
    hint: `Give --arch one of ${Object.keys(ARCHITECTURES).join(', ')}, or a tfjs model.json.`,
    exitCode: 2,
  });
}

function cnn(
  tf: TensorFlow,
  { height, width, classCount, dropout }: NetworkSpec,
  nextSeed: () => number,
): Layer[] {
  const { conv2d, activation, maxPooling2d, flatten, dropout: drop, dense } = tf.layers;
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: nextSeed() });
  const relu = (name: string) => activation({ name, activation: 'relu' });
  return [
    conv2d({
      name: 'conv1',
      filters: 32,
      kernelSize: 3,
      kernelInitializer: kernelInitializer(),
      inputShape: [height, width, 1],
    }),
    relu('relu1'),
    maxPooling2d({ name: 'pool1', poolSize: 2 }),
    conv2d({ name: 'conv2', filters: 64, kernelSize: 3, kernelInitializer: kernelInitializer() }),
    relu('relu2'),
    maxPooling2d({ name: 'pool2', poolSize: 2 }),
    flatten({ name: 'flatten' }),
    drop({ name: 'dropout', rate: dropout }),
    dense({ name: 'dense', units: 128, kernelInitializer: kernelInitializer() }),
    relu('relu3'),
    dense({ name: 'logits', units: classCount, kernelInitializer: kernelInitializer() }),
  ];
}

function deep({ kernelSize, repeats, filters }: Stages): BuildNetwork {
  return (tf, { height, width, classCount, dropout }, nextSeed, suffix) => {
    const { conv2d, batchNormalization, activation, maxPooling2d, flatten, dropout: drop, dense } = tf.layers;
    const convolution = (place: string, count: number): Layer[] => [
      conv2d({
        name: `conv${place}${suffix}`,
        filters: count,
        kernelSize,
        padding: 'same',
        // Batch normalization adds the bias.
        useBias: false,
        kernelInitializer: tf.initializers.heNormal({ seed: nextSeed() }),
        ...(place === '1a' ? { inputShape: [height, width, 1] } : {}),
      }),
      batchNormalization({ name: `norm${place}${suffix}`, momentum: 0.99 }),
      activation({ name: `relu${place}${suffix}`, activation: 'relu' }),
    ];
    return [
      ...filters.flatMap((count, stage) => [
        ...Array.from({ length: repeats }, (_, i) => convolution(`${stage + 1}${'ab'[i]}`, count)).flat(),
        maxPooling2d({ name: `pool${stage + 1}${suffix}`, poolSize: 2 }),
      ]),
      flatten({ name: `flatten${suffix}` }),
      drop({ name: `dropout${suffix}`, rate: dropout }),
      dense({
        name: `logits${suffix}`,
        units: classCount,
        kernelInitializer: tf.initializers.glorotUniform({ seed: nextSeed() }),
      }),
    ];
  };
}

function mlp(
  tf: TensorFlow,
  { height, width, classCount, dropout }: NetworkSpec,
  nextSeed: () => number,
): Layer[] {
  const { activation, flatten, dropout: drop, dense } = tf.layers;
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: nextSeed() });
  return [
    flatten({ name: 'flatten', inputShape: [height, width, 1] }),
    dense({ name: 'dense1', units: 256, kernelInitializer: kernelInitializer() }),
    activation({ name: 'relu1', activation: 'relu' }),
    drop({ name: 'dropout', rate: dropout }),
    dense({ name: 'dense2', units: 128, kernelInitializer: kernelInitializer() }),
    activation({ name: 'relu2', activation: 'relu' }),
    dense({ name: 'logits', units: classCount, kernelInitializer: kernelInitializer() }),
  ];
}

/**
 * Builds a network of the table with its first weights fixed by the seed: from images [N, height, width, 1]
 * in 0..1 to probabilities [N, classCount]. Its last layer but one gives the logits.
 */
export function buildModel(tf: TensorFlow, arch: ArchitectureName, spec: NetworkSpec): LayersModel {
  const random = randomFor('weights', spec.seed);
  const nextSeed = () => Math.floor(random() * 2 ** 31);
  const { networks }: Architecture = ARCHITECTURES[arch];
  const name = `mnist_${arch}`;
  const softmax = tf.layers.activation({ name: 'probabilities', activation: 'softmax' });
  if (networks.length === 1)
    return tf.sequential({ name, layers: [...networks[0]!(tf, spec, nextSeed, ''), softmax] });
  const images = tf.input({ name: 'images', shape: [spec.height, spec.width, 1] });
  const columnLogits = networks.map((build, i) =>
    build(tf, spec, nextSeed, `_${i + 1}`).reduce((x, layer) => layer.apply(x) as SymbolicTensor, images),
  );
  const logits = tf.layers.average({ name: 'logits' }).apply(columnLogits) as SymbolicTensor;
  return tf.model({ name, inputs: images, outputs: softmax.apply(logits) as SymbolicTensor });
}
