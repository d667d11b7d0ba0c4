import type { DataId, KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow/load.js';
import { stepOverUnmetPixels } from './one-pixel-convolutions.js';

/** What this file uses of tfjs-node's backend: any op of the TensorFlow library can be run by its name. */
export interface NodeBackend {
  readonly binding: Readonly<
    Record<
      'TF_ATTR_TYPE' | 'TF_ATTR_STRING' | 'TF_ATTR_FLOAT' | 'TF_ATTR_INT' | 'TF_ATTR_BOOL' | 'TF_FLOAT',
      number
    >
  > & {
    tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  };
  /** Types by TensorFlow's numbers; `id` once the library has the values. */
  readonly tensorMap: {
    get(
      dataId: DataId,
    ): { readonly shape: number[]; readonly dtype: number; readonly id: number } | undefined;
  };
  executeSingleOutput(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
  ): TensorInfo;
  executeMultipleOutputs(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
    outputCount: number,
  ): TensorInfo[];
  readSync(dataId: DataId): unknown;
  /** Loads a folder's SavedModel; returns its number. */
  loadSavedModelMetaGraph(path: string, tags: string): number;
  /** Runs a loaded graph as far as these outputs ("node:0") need it. */
  runSavedModel(
    model: number,
    inputs: readonly TensorInfo[],
    inputNames: readonly { readonly name: string }[],
    outputNames: readonly string[],
  ): Tensor[];
  deleteSavedModel(model: number): void;
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** tfjs-node's name of its backend. */
export const BACKEND = 'tensorflow';

/**
 * Lets training on native TensorFlow use the library's own kernels for ReLU's gradient and for bias
 * gradients; tfjs composes the one of three ops, and its sum over a layout's leading axes is slower. And keeps
 * it from a kernel that crashes.
 * Does nothing on other backends, or the second time.
 */
export function useNativeGradients(tf: TensorFlow): void {
  if (tf.getBackend() !== BACKEND || tf.getKernel('ReluGrad', BACKEND)) return;
  registerNativeKernel(tf, 'ReluGrad', ({ y, dy }, backend) =>
    backend.executeSingleOutput('ReluGrad', [floatType(backend)], [dy!, y!]),
  );
  registerNativeKernel(tf, 'BiasAddGrad', ({ dy }, backend) =>
    backend.executeSingleOutput(
      'BiasAddGrad',
      [floatType(backend), { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' }],
      [dy!],
    ),
  );
  tf.unregisterGradient('Relu');
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => tf.engine().runKernel('ReluGrad', { y: y!, dy: dy as Tensor }) as Tensor,
    }),
  });
  sumWithBiasAddGrad(tf);
  stepOverUnmetPixels(tf);
}

/** A sum over all axes but the last is what BiasAddGrad computes. */
function sumWithBiasAddGrad(tf: TensorFlow): void {
  const sum = tf.getKernel('Sum', BACKEND) as KernelConfig;
  tf.unregisterKernel('Sum', BACKEND);
  tf.registerKernel({
    ...sum,
    kernelFunc: (call) => {
      const x = call.inputs.x as TensorInfo;
      const axes = tf.util.parseAxisParam((call.attrs?.axis ?? []) as number[], x.shape);
      const lastAxis = x.shape.length - 1;
      const isBiasGradient =
        x.dtype === 'float32' &&
        !call.attrs?.keepDims &&
        lastAxis > 0 &&
        axes.length === lastAxis &&
        !axes.includes(lastAxis);
      if (!isBiasGradient) return sum.kernelFunc(call);
      return tf.engine().runKernel('BiasAddGrad', { dy: x as Tensor }) as Tensor;
    },
  });
}

/** Makes an op of the TensorFlow library a kernel of tfjs. */
export function registerNativeKernel(
  tf: TensorFlow,
  kernelName: string,
  run: (
    inputs: Record<string, TensorInfo | undefined>,
    backend: NodeBackend,
    attrs: Record<string, unknown>,
  ) => TensorInfo | TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      run(
        inputs as Record<string, TensorInfo | undefined>,
        backend as unknown as NodeBackend,
        (attrs ?? {}) as Record<string, unknown>,
      ),
  });
}

/** The type attribute of an op on float32 tensors. */
export function floatType({ binding }: NodeBackend) {
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
