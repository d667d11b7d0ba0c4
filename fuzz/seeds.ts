import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { saveToArtifacts } from '../src/core/convert/artifacts.js';
import { convertArtifacts, type ModelArtifacts } from '../src/core/convert/index.js';
import { writeIdx } from '../src/core/idx.js';
import { MNIST_PREPROCESSING, toMetadata } from '../src/core/model-info.js';
import type { TrainingRecord } from '../src/core/training-record.js';
import { type Checkpoint, encodeCheckpoint } from '../src/node/train/checkpoint.js';
import { createConfig } from '../src/node/train/config.js';
import { chain, tf } from '../test/convert/parity.js';

const { layers } = tf;

/** Small networks that use most kinds of layers: mutations of them reach far into the converter. */
const NETWORKS: readonly tf.LayersModel[] = [
  chain(
    [8, 8, 2],
    layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', strides: 2 }),
    layers.batchNormalization(),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.upSampling2d({ size: [2, 2] }),
    layers.zeroPadding2d({ padding: 1 }),
    layers.flatten(),
    layers.dense({ units: 4, activation: 'softmax' }),
  ),
  chain(
    [5, 3],
    layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }), mergeMode: 'concat' }),
    layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    layers.rnn({ cell: [layers.gruCell({ units: 2 }), layers.simpleRNNCell({ units: 2 })] as never }),
    layers.dense({ units: 2, activation: 'softmax' }),
  ),
  chain(
    [4],
    layers.embedding({ inputDim: 6, outputDim: 3 }),
    layers.conv1d({ filters: 2, kernelSize: 2 }),
    layers.globalMaxPooling1d({}),
    layers.reshape({ targetShape: [1, 2] }),
    layers.permute({ dims: [2, 1] }),
    layers.layerNormalization(),
  ),
  branched(),
];

function branched(): tf.LayersModel {
  const input = tf.input({ shape: [6] });
  const inner = tf.sequential({ layers: [layers.dense({ units: 4, inputShape: [6] }), layers.prelu()] });
  const a = inner.apply(input) as tf.SymbolicTensor;
  const b = layers.dense({ units: 4 }).apply(input) as tf.SymbolicTensor;
  const joined = layers.concatenate().apply([layers.add().apply([a, b]) as tf.SymbolicTensor, a]);
  const dot = layers.dot({ axes: 1 }).apply([a, b]);
  return tf.model({ inputs: input, outputs: [joined as tf.SymbolicTensor, dot as tf.SymbolicTensor] });
}

/** The networks as tfjs saves them. */
export const ARTIFACTS: readonly ModelArtifacts[] = await Promise.all(NETWORKS.map(saveToArtifacts));

/** The networks as ONNX files, and one with metadata. */
export const ONNX_FILES: readonly Uint8Array[] = [
  ...ARTIFACTS.map((artifacts) => convertArtifacts(artifacts).bytes),
  convertArtifacts(ARTIFACTS[0]!, { metadata: { classes: '["0","1"]', größe: 'ü' } }).bytes,
];

export const IDX_FILES: readonly Uint8Array[] = [
  writeIdx({ shape: [2, 28, 28], data: new Uint8Array(2 * 784).fill(7) }),
  writeIdx({ shape: [3], data: Uint8Array.of(7, 2, 1) }),
  writeIdx({ shape: [1, 2, 2, 2], data: new Uint8Array(8) }),
];

export const GZIP_FILES: readonly Uint8Array[] = [
  ...IDX_FILES.map((bytes) => gzipSync(bytes)),
  gzipSync(Buffer.concat([IDX_FILES[1]!, new Uint8Array(100_000)])),
];

export const METADATA = toMetadata({
  classes: ['0', '1', '2'],
  preprocessing: MNIST_PREPROCESSING,
  dataset: { name: 'mnist', sha256: 'ab'.repeat(32) },
  testAccuracy: 0.99,
  validationAccuracy: 0.98,
  versions: { 'mnist-onnx': '0.1.0', node: '20.0.0' },
});

const score = { loss: 0.1, accuracy: 0.97 };

export const TRAINING_RECORD: TrainingRecord = {
  format: 1,
  config: { epochs: 5, architecture: 'cnn' },
  dataset: { name: 'mnist', sha256: 'ab'.repeat(32), classes: ['0', '1', '2'] },
  split: { training: 5, validation: 1, test: 1 },
  backend: 'wasm',
  versions: { node: '20.0.0' },
  parameterCount: 12,
  weightsSha256: 'cd'.repeat(32),
  finished: true,
  history: [{ epoch: 1, learningRate: 1e-3, training: score, validation: score, test: score }],
  bestEpoch: 1,
  validation: score,
  test: score,
};

const CHECKPOINT: Checkpoint = {
  config: createConfig({}),
  dataset: TRAINING_RECORD.dataset,
  source: { dataset: 'auto' },
  backend: 'wasm',
  topology: {},
  history: TRAINING_RECORD.history,
  step: 3,
  sums: { loss: 1, correct: 2, count: 3 },
  weights: [Float32Array.of(1, 2), Float32Array.of(3)],
  adam: {
    step: 4,
    m: [Float32Array.of(1, 2), Float32Array.of(3)],
    v: [Float32Array.of(1, 2), Float32Array.of(3)],
  },
  average: undefined,
  best: { epoch: 1, weights: [Float32Array.of(1, 2), Float32Array.of(3)] },
};

export const CHECKPOINT_FILE: Uint8Array = encodeCheckpoint(CHECKPOINT);

export const LABELS_CSV = 'file,label\n"a, b.png",7\r\n"say ""7"".png",0\n\n c.png , 1\n';

/** Rows of a picture as a PNG compresses them, in all of deflate's forms. */
const PNG_ROWS = Buffer.from(
  Array.from({ length: 900 }, (_, i) => (i % 30 > 9 && i % 30 < 14 ? (i * 7) % 251 : 0)),
);
export const DEFLATED: readonly Uint8Array[] = [
  deflateRawSync(PNG_ROWS),
  deflateRawSync(PNG_ROWS, { level: 0 }),
  deflateRawSync(PNG_ROWS, { strategy: constants.Z_FIXED }),
  deflateRawSync(PNG_ROWS, { strategy: constants.Z_HUFFMAN_ONLY }),
  deflateRawSync(PNG_ROWS, { memLevel: 1 }),
];
