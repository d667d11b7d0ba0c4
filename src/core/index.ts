/** The browser-safe part of mnist-onnx: no file system, no TensorFlow, no ONNX Runtime. */
export {
  type Classification,
  classify,
} from './classify.js';
export { type Confidence, DEFAULT_CONFIDENCE } from './confidence.js';
export {
  type Dataset,
  DIGIT_CLASSES,
  type LabelledImages,
  sliceImages,
  takeImages,
} from './dataset/dataset.js';
export {
  createSyntheticSplits,
  type DrawDigitOnCanvasOptions,
  drawDigitOnCanvas,
  type GenerateSyntheticOptions,
  generateSynthetic,
  type SyntheticSplits,
  type SyntheticSplitsOptions,
} from './dataset/synthetic/index.js';
export { UserError } from './errors.js';
export { type IdxArray, joinImagesAndLabels, parseIdx, writeIdx } from './idx.js';
export { type Box, type GrayImage, MNIST_PIXELS, MNIST_SIZE, type RawPixels } from './image.js';
export {
  argmax,
  type ClassificationMetrics,
  type ClassMetrics,
  maxAbsDifference,
  measureClassification,
} from './metrics.js';
export { fromMetadata, MNIST_PREPROCESSING, type ModelInfo, toMetadata } from './model-info.js';
export { type OnnxModel, readOnnx } from './onnx/index.js';
export {
  type Candidate,
  type DigitPrediction,
  type Prediction,
  type PredictionOptions,
  type PredictionStatus,
  predictionOptions,
  type Thresholds,
  toDigitPrediction,
  toPrediction,
} from './prediction.js';
export { isMnistForm, toMnistForm } from './preprocess/mnist-form.js';
export { type PreparedDigit, prepareDigits } from './preprocess/prepare.js';
export { grayFromPixels } from './preprocess/to-gray.js';
export { createRandom, permutation, type Random } from './random.js';
export {
  type DigitScores,
  type DigitSearch,
  type DigitSegment,
  type FindDigitsOptions,
  findDigits,
  type ImageReading,
  type Reading,
  type ReadingLine,
  type ReadOptions,
  readImages,
  readSearches,
} from './read/index.js';
export type { InferenceSession, Tensor, TensorInfo, TensorType } from './session.js';
export { softmaxRows } from './softmax.js';
export type { EpochRecord, Score, TrainingRecord } from './training-record.js';
