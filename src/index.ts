/** mnist-onnx as a library for Node: everything that the commands do, as functions. */
export * from './core/convert/index.js';
export * from './core/index.js';
export { type Benchmark, type BenchmarkOptions, runBenchmark } from './node/benchmark/benchmark.js';
export { type LoadDatasetOptions, loadDataset } from './node/dataset/index.js';
export { compareModels } from './node/eval/compare.js';
export { evaluate, runEvaluation } from './node/eval/evaluate.js';
export { measureRobustness } from './node/eval/robustness.js';
export { type ExportOptions, type ExportResult, exportModel } from './node/export/index.js';
export { decodeImage } from './node/images/decode-image.js';
export { type InferOptions, infer } from './node/infer/infer.js';
export { measureParity, type ParityOptions, type ParityResult } from './node/parity/parity.js';
export { createReporter, type Reporter, silentReporter } from './node/reporter.js';
export { createNodeSession, createWebSession, type OpenModel, openModel } from './node/runtime/index.js';
export { loadTensorFlow } from './node/tensorflow/load.js';
export { buildModel } from './node/train/architectures.js';
export { createConfig, type TrainConfig } from './node/train/config.js';
export { runTraining } from './node/train/run.js';
export { type TrainOptions, type TrainResult, train } from './node/train/trainer.js';
