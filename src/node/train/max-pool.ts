import type { layers, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';
import { BACKEND, floatType, type NodeBackend, registerNativeKernel } from './native-kernels.js';

/** What tfjs's own layer keeps, by its configuration's names. */
interface PoolConfig {
  readonly dataFormat: 'channelsFirst' | 'channelsLast';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'valid' | 'same';
}

/**
 * Max-pooling of x [N, H, W, C] in training. TensorFlow's own gradient looks for each maximum again, one
 * image's pixel after the other, and took half of a training step; oneDNN's op notes the places on the way
 * forward, and its gradient takes a thirtieth of the time for the same values to the last bit.
 */
export function maxPool(tf: TensorFlow, layer: layers.Layer, x: Tensor): Tensor {
  const { poolSize, strides, padding } = poolConfig(layer);
  if (!isMaxPool(layer) || !hasOneDnnPool(tf)) return layer.apply(x, { training: true }) as Tensor;
  const attrs = { poolSize: [...poolSize], strides: [...strides], padding: padding.toUpperCase() };
  const pool = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [Tensor, (tensors: Tensor[]) => void];
    const [y, workspace] = tf.engine().runKernel('OneDnnMaxPool', { x: input }, attrs) as [Tensor, Tensor];
    save([input, y, workspace]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [x, y, workspace] = saved as [Tensor, Tensor, Tensor];
        const given = { x, y, dy: dy as Tensor, workspace };
        return tf.engine().runKernel('OneDnnMaxPoolGrad', given, attrs) as Tensor;
      },
    };
  });
  return pool(x);
}

/** Is this max-pooling of [N, H, W, C]? With the channels first it pools other axes. */
export function isMaxPool(layer: layers.Layer): boolean {
  return layer.getClassName() === 'MaxPooling2D' && poolConfig(layer).dataFormat === 'channelsLast';
}

function poolConfig(layer: layers.Layer): PoolConfig {
  return layer.getConfig() as unknown as PoolConfig;
}

/** Found out once: libraries without oneDNN, or with it switched off, lack these ops. */
const found = new WeakMap<TensorFlow, boolean>();

function hasOneDnnPool(tf: TensorFlow): boolean {
  if (tf.getBackend() !== BACKEND) return false;
  let has = found.get(tf);
  if (has === undefined) {
    registerKernels(tf);
    has = tf.tidy(() => {
      try {
        const attrs = { poolSize: [2, 2], strides: [2, 2], padding: 'VALID' };
        const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
        const [y, workspace] = tf.engine().runKernel('OneDnnMaxPool', { x }, attrs) as [Tensor, Tensor];
        const dx = tf.engine().runKernel('OneDnnMaxPoolGrad', { x, y, dy: y, workspace }, attrs) as Tensor;
        return [...dx.dataSync()].join() === '0,0,0,4';
      } catch {
        return false;
      }
    });
    found.set(tf, has);
  }
  return has;
}

function registerKernels(tf: TensorFlow): void {
  registerNativeKernel(tf, 'OneDnnMaxPool', ({ x }, backend, attrs) =>
    backend.executeMultipleOutputs('_MklNativeMaxPool', attributes(backend, attrs), [x!], 2),
  );
  registerNativeKernel(tf, 'OneDnnMaxPoolGrad', ({ x, y, dy, workspace }, backend, attrs) =>
    backend.executeSingleOutput(
      '_MklNativeMaxPoolGrad',
      [
        ...attributes(backend, attrs),
        { name: 'workspace_enabled', type: backend.binding.TF_ATTR_BOOL, value: true },
      ],
      [x!, y!, dy!, workspace!],
    ),
  );
}

function attributes(backend: NodeBackend, attrs: Record<string, unknown>) {
  const { TF_ATTR_INT, TF_ATTR_STRING } = backend.binding;
  const perAxis = (value: unknown) => [1, ...(value as [number, number]), 1];
  return [
    floatType(backend),
    { name: 'ksize', type: TF_ATTR_INT, value: perAxis(attrs.poolSize) },
    { name: 'strides', type: TF_ATTR_INT, value: perAxis(attrs.strides) },
    { name: 'padding', type: TF_ATTR_STRING, value: attrs.padding },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    // The ops of oneDNN are registered under this label, which TensorFlow's own rewriting sets too.
    { name: '_kernel', type: TF_ATTR_STRING, value: 'MklNameChangeOp' },
  ];
}
