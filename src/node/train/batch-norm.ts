import type { layers, Tensor, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';
import { BACKEND, floatType, type NodeBackend, registerNativeKernel } from './native-kernels.js';

/** What tfjs's own layer keeps, by its configuration's names. */
interface BatchNormConfig {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
}

/**
 * Batch normalization in training: x [N, H, W, C] normalized by the batch's own mean and variance; the
 * layer's moving averages follow. On native TensorFlow by its fused kernels, forwards and backwards one pass
 * each; tfjs composes them of more than twenty ops.
 */
export function normalizeBatch(tf: TensorFlow, layer: layers.Layer, x: Tensor): Tensor {
  const { axis, momentum, epsilon } = layer.getConfig() as unknown as BatchNormConfig;
  const weights = layer.weights.map((weight) => weight.read() as Variable);
  const isFused = tf.getBackend() === BACKEND && x.rank === 4 && (axis === 3 || axis === -1);
  // Without scale or centre a layer has fewer weights: rare, and right, if slower, as tfjs does it.
  if (!isFused || weights.length !== 4) return layer.apply(x, { training: true }) as Tensor;
  registerKernels(tf);
  const [gamma, beta, movingMean, movingVariance] = weights as [Variable, Variable, Variable, Variable];
  const none = tf.tensor1d([]);
  const normalize = tf.customGrad((...inputs) => {
    const [input, scale, offset, save] = inputs as unknown as [Tensor, Tensor, Tensor, (t: Tensor[]) => void];
    const [y, mean, variance, ...reserved] = tf
      .engine()
      .runKernel(
        'FusedBatchNormTraining',
        { x: input, scale, offset, mean: none, variance: none },
        { epsilon },
      ) as Tensor[];
    follow(tf, movingMean, mean!, momentum);
    follow(tf, movingVariance, variance!, momentum);
    save([input, scale, ...reserved]);
    return {
      value: y!,
      gradFunc: (dy, saved) => {
        const [x, scale, r1, r2, r3] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        return tf
          .engine()
          .runKernel(
            'FusedBatchNormGrad',
            { dy: dy as Tensor, x, scale, r1, r2, r3 },
            { epsilon },
          ) as Tensor[];
      },
    };
  });
  return normalize(x, gamma, beta);
}

/** The moving average goes `1 - momentum` of the way to the batch's value. */
function follow(tf: TensorFlow, average: Variable, value: Tensor, momentum: number): void {
  tf.tidy(() => average.assign(tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum))));
}

function registerKernels(tf: TensorFlow): void {
  if (tf.getKernel('FusedBatchNormTraining', BACKEND)) return;
  registerNativeKernel(tf, 'FusedBatchNormTraining', ({ x, scale, offset, mean, variance }, backend, attrs) =>
    backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      [
        ...attributes(backend, attrs),
        { name: 'exponential_avg_factor', type: backend.binding.TF_ATTR_FLOAT, value: 1 },
      ],
      [x!, scale!, offset!, mean!, variance!],
      6,
    ),
  );
  registerNativeKernel(tf, 'FusedBatchNormGrad', ({ dy, x, scale, r1, r2, r3 }, backend, attrs) =>
    backend
      .executeMultipleOutputs(
        'FusedBatchNormGradV3',
        attributes(backend, attrs),
        [dy!, x!, scale!, r1!, r2!, r3!],
        5,
      )
      .slice(0, 3),
  );
}

function attributes(backend: NodeBackend, attrs: Record<string, unknown>) {
  const { binding } = backend;
  return [
    floatType(backend),
    { ...floatType(backend), name: 'U' },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: attrs.epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
}
