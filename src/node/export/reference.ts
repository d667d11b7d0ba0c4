import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { ModelArtifacts } from '../../core/convert/index.js';
import type { DenseArray } from '../../core/parity/differences.js';
import type { Reporter } from '../reporter.js';
import { loadLayersModel } from '../tensorflow/layers-model.js';
import { type LoadedTensorFlow, loadTensorFlow } from '../tensorflow/load.js';
import { endInLogits } from '../tensorflow/topology.js';
import { BATCH_SIZE, firstRows, type SampleBatch } from './samples.js';

export interface Prediction {
  /** Each of the model's outputs. */
  readonly outputs: readonly DenseArray[];
  /** Of a classifier; logits only where the model shows them or ends in a softmax that can be taken off. */
  readonly logits?: DenseArray | undefined;
  readonly probabilities?: DenseArray | undefined;
}

/** The model in tfjs, as the truth that the ONNX file is compared with. */
export interface Reference {
  /** `tfjs 4.22.0 on native TensorFlow 2.18.0` */
  readonly description: string;
  /** With the batch first; null is what a run decides. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
  /** What the model gives for the rows that count. */
  predict(batch: SampleBatch): Prediction;
  /** The outputs of each layer that is called once, by name. */
  predictLayers(batch: SampleBatch): Map<string, DenseArray[]>;
  dispose(): void;
}

interface ReferenceOptions {
  readonly isClassifier: boolean;
  /** As the converter says, which also sees a softmax that is not the last layer's. */
  readonly endsInSoftmax: boolean;
  readonly reporter: Reporter;
}

/**
 * Loads a model into tfjs: on native TensorFlow where that is ready, else on WASM; an export never installs
 * anything.
 *
 * @throws UserError if tfjs cannot load the model.
 */
export async function loadReference(
  artifacts: ModelArtifacts,
  { isClassifier, endsInSoftmax, reporter }: ReferenceOptions,
): Promise<Reference> {
  const loaded = await loadTensorFlow({ backend: 'auto', prepare: false, reporter });
  const { tf } = loaded;
  const model = await loadLayersModel(tf, artifacts);
  const logitsTopology = isClassifier ? endInLogits(artifacts.modelTopology) : undefined;
  const logitsModel = logitsTopology
    ? await loadLayersModel(tf, { ...artifacts, modelTopology: logitsTopology }).catch((error: unknown) => {
        model.dispose();
        throw error;
      })
    : undefined;
  const pinned = model.inputs[0]?.shape[0] ?? undefined;
  const feed = (batch: SampleBatch, rows: number): Tensor[] =>
    batch.inputs.map((input, i) => {
      const { data, shape } = firstRows(input, input.shape[0]!, rows);
      const { dtype } = model.inputs[i]!;
      return tf.tensor(dtype === 'int32' ? Int32Array.from(data) : data, shape, dtype as 'float32');
    });
  const run = (target: LayersModel, batch: SampleBatch): DenseArray[] =>
    withoutLeaks(tf, () => {
      // A batch that is pinned in the ONNX file alone is no reason to compute its filling, or all of it at once.
      const rows = pinned ?? batch.count;
      const inputs = feed(batch, rows);
      const batchSize = pinned ?? Math.min(rows, BATCH_SIZE);
      const result = target.predict(inputs.length === 1 ? inputs[0]! : inputs, { batchSize });
      return [result].flat().map((tensor) => firstRows(toDense(tensor), rows, batch.count));
    });
  const predict = (batch: SampleBatch): Prediction => {
    const outputs = run(logitsModel ?? model, batch);
    const [logits] = outputs as [DenseArray];
    if (!isClassifier) return { outputs };
    const softmax = withoutLeaks(tf, () => toDense(tf.softmax(tf.tensor(logits.data, [...logits.shape]))));
    if (logitsModel) return { outputs: [softmax], logits, probabilities: softmax };
    // A softmax that cannot be taken off is all that the model shows.
    return endsInSoftmax ? { outputs, probabilities: logits } : { outputs, logits, probabilities: softmax };
  };
  return {
    description: `tfjs ${tf.version.tfjs ?? tf.version_core} on ${loaded.backend === 'native' ? 'native TensorFlow' : 'WASM'} ${loaded.version}`,
    inputShapes: model.inputs.map((input) => input.shape),
    predict,
    predictLayers: (batch) => predictLayers(tf, model, (target) => run(target, batch)),
    dispose: () => {
      model.dispose();
      logitsModel?.dispose();
    },
  };
}

/** Runs `work` and disposes the tensors that it made; its result holds none. */
function withoutLeaks<T>(tf: LoadedTensorFlow['tf'], work: () => T): T {
  tf.engine().startScope();
  try {
    return work();
  } finally {
    tf.engine().endScope();
  }
}

function toDense(tensor: Tensor): DenseArray {
  return { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) };
}

function predictLayers(
  tf: LoadedTensorFlow['tf'],
  model: LayersModel,
  run: (target: LayersModel) => DenseArray[],
): Map<string, DenseArray[]> {
  const once = model.layers.filter(
    (layer) => layer.inboundNodes.length === 1 && layer.getClassName() !== 'InputLayer',
  );
  // As where all of the model is nested in it.
  if (once.length === 0) return new Map();
  const outputs = once.map((layer) => [layer.output].flat());
  const results = run(tf.model({ inputs: model.inputs, outputs: outputs.flat() }));
  let next = 0;
  return new Map(once.map((layer, i) => [layer.name, outputs[i]!.map(() => results[next++]!)]));
}
