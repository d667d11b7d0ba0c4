import type { layers, Sequential } from '@tensorflow/tfjs';
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
  build(tf: TensorFlow, spec: NetworkSpec, seeds: () => number): Layer[];
}

type Layer = layers.Layer;

/** Every architecture by its name; each ends in logits, to which `buildModel` adds the softmax. */
export const ARCHITECTURES = {
  cnn: { summary: 'two convolutions and two dense layers', build: cnn },
} as const satisfies Record<string, Architecture>;

export type ArchitectureName = keyof typeof ARCHITECTURES;

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

/**
 * Builds a network of the table with its first weights fixed by the seed: from images [N, height, width, 1]
 * in 0..1 to probabilities [N, classCount]. Its last layer but one gives the logits.
 */
export function buildModel(tf: TensorFlow, arch: ArchitectureName, spec: NetworkSpec): Sequential {
  const random = randomFor('weights', spec.seed);
  const nextSeed = () => Math.floor(random() * 2 ** 31);
  const layers = ARCHITECTURES[arch].build(tf, spec, nextSeed);
  const softmax = tf.layers.activation({ name: 'probabilities', activation: 'softmax' });
  return tf.sequential({ name: `mnist_${arch}`, layers: [...layers, softmax] });
}
