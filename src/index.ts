/** mnist-onnx as a library for Node: everything that the commands do, as functions. */

export type { CalibrationBin } from './core/calibration.js';
export * from './core/convert/index.js';
export * from './core/index.js';
export type { ModelPrecision } from './core/onnx/precision.js';
export type { Agreement, Difference } from './core/parity/differences.js';
export type { CalibrationMethod } from './core/quantize/index.js';
export type { Interval, McNemar } from './core/statistics.js';
export {
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkRow,
  runBenchmark,
} from './node/benchmark/benchmark.js';
export type { BenchmarkedName } from './node/benchmark/names.js';
export { type LoadDatasetOptions, loadDataset } from './node/dataset/index.js';
export { type Comparison, compareModels } from './node/eval/compare.js';
export {
  type EvaluateOptions,
  type Evaluation,
  type EvaluationRun,
  evaluate,
  runEvaluation,
} from './node/eval/evaluate.js';
export type { TextScore } from './node/eval/read-text.js';
export { measureRobustness, type Robustness } from './node/eval/robustness.js';
export type { SkippedImage, TestSet } from './node/eval/test-set.js';
export {
  type ExportOptions,
  type ExportResult,
  exportModel,
  type Verification,
} from './node/export/index.js';
export type { PrecisionReport } from './node/export/precision.js';
export type { LayerDifference } from './node/export/verify.js';
export { decodeImage } from './node/images/decode-image.js';
export { type InferOptions, infer } from './node/infer/infer.js';
export type { RuntimeName } from './node/parity/names.js';
export {
  measureParity,
  type ParityOptions,
  type ParityPair,
  type ParityResult,
  type RuntimeOutcome,
} from './node/parity/parity.js';
export { createReporter, type Progress, type Reporter, silentReporter } from './node/reporter.js';
export {
  createNodeSession,
  createWebSession,
  type Device,
  type NodeSessionOptions,
  type OpenModel,
  type OpenOptions,
  openModel,
  type RuntimeSession,
} from './node/runtime/index.js';
export {
  type BackendChoice,
  type LoadedTensorFlow,
  loadTensorFlow,
  type TensorFlow,
} from './node/tensorflow/load.js';
export { type ArchitectureName, buildModel } from './node/train/architectures.js';
export type { Checkpoint, DatasetSource } from './node/train/checkpoint.js';
export { createConfig, type GivenConfig, type NumberName, type TrainConfig } from './node/train/config.js';
export { type RunTrainingOptions, runTraining, type TrainingOutcome } from './node/train/run.js';
export { type StepReport, type TrainOptions, type TrainResult, train } from './node/train/trainer.js';
