import type { KerasLayer, LayerClass } from '../keras/layer-schemas.js';
import type { LayerContext } from './context.js';
import * as activations from './layers/activations.js';
import * as convolution from './layers/convolution.js';
import * as core from './layers/core.js';
import * as merge from './layers/merge.js';
import * as normalization from './layers/normalization.js';
import * as pooling from './layers/pooling.js';
import * as recurrent from './layers/recurrent/recurrent.js';
import * as wrappers from './layers/recurrent/wrappers.js';
import * as resize from './layers/resize.js';
import * as sequence from './layers/sequence.js';
import type { Value } from './value.js';

/**
 * Turns one call of a layer into nodes and returns the value, or values, that it makes. It changes none of
 * its inputs, and throws a `Refusal` (by `context.refuse`) for a setting that it cannot honour.
 */
export type Converter<K extends LayerClass = LayerClass> = (
  layer: KerasLayer<K>,
  inputs: readonly Value[],
  context: LayerContext,
) => Value | readonly Value[];

/** A layer of tfjs-layers: how it is converted and into which operators, or why it is not (alone). */
export type Entry<K extends LayerClass = LayerClass> =
  | { readonly convert: Converter<K>; readonly onnx: string }
  | { readonly insideOnly: string; readonly onnx: string }
  | { readonly refused: string };

const vanishes = { convert: core.convertIdentity, onnx: 'nothing: it only acts in training' };
/** Converted by the RNN layer that runs them; alone in a model tfjs itself cannot run them. */
const inRnn = (onnx: string) => ({ insideOnly: 'a cell works only inside the RNN layer that runs it', onnx });

/** Every layer of tfjs-layers 4.22; one without a line here does not compile. */
export const REGISTRY: { readonly [K in LayerClass]: Entry<K> } = {
  Conv1D: { convert: convolution.convertConv, onnx: 'Conv' },
  Conv2D: { convert: convolution.convertConv, onnx: 'Conv' },
  Conv3D: { convert: convolution.convertConv, onnx: 'Conv' },
  Conv2DTranspose: { convert: convolution.convertConvTranspose, onnx: 'ConvTranspose' },
  Conv3DTranspose: { convert: convolution.convertConvTranspose, onnx: 'ConvTranspose' },
  SeparableConv2D: { convert: convolution.convertSeparableConv2D, onnx: 'Conv ×2' },
  DepthwiseConv2D: { convert: convolution.convertDepthwiseConv2D, onnx: 'Conv (grouped)' },
  Cropping2D: { convert: resize.convertCropping2D, onnx: 'Slice' },
  ZeroPadding2D: { convert: resize.convertZeroPadding2D, onnx: 'Pad' },
  UpSampling2D: { convert: resize.convertUpSampling2D, onnx: 'Resize' },

  Dense: { convert: core.convertDense, onnx: 'Gemm; MatMul, Add; Conv 1×1' },
  Flatten: { convert: core.convertFlatten, onnx: 'Flatten' },
  Reshape: { convert: core.convertReshape, onnx: 'Reshape' },
  Permute: { convert: core.convertPermute, onnx: 'Transpose' },
  RepeatVector: { convert: core.convertRepeatVector, onnx: 'Unsqueeze, Expand' },
  Activation: { convert: activations.convertActivation, onnx: 'the activation' },
  Dropout: vanishes,
  SpatialDropout1D: vanishes,
  GaussianNoise: vanishes,
  GaussianDropout: vanishes,
  AlphaDropout: vanishes,
  Masking: { convert: sequence.convertMasking, onnx: 'Equal, ReduceMax, Mul' },
  Embedding: { convert: sequence.convertEmbedding, onnx: 'Gather' },

  BatchNormalization: {
    convert: normalization.convertBatchNormalization,
    onnx: 'BatchNormalization; Mul, Add',
  },
  LayerNormalization: { convert: normalization.convertLayerNormalization, onnx: 'LayerNormalization' },

  ReLU: { convert: activations.convertReLU, onnx: 'Relu; Clip' },
  LeakyReLU: { convert: activations.convertLeakyReLU, onnx: 'LeakyRelu' },
  PReLU: { convert: activations.convertPReLU, onnx: 'PRelu' },
  ELU: { convert: activations.convertELU, onnx: 'Elu' },
  ThresholdedReLU: { convert: activations.convertThresholdedReLU, onnx: 'ThresholdedRelu' },
  Softmax: { convert: activations.convertSoftmax, onnx: 'Softmax' },

  MaxPooling1D: { convert: pooling.convertPool, onnx: 'MaxPool' },
  MaxPooling2D: { convert: pooling.convertPool, onnx: 'MaxPool' },
  MaxPooling3D: { convert: pooling.convertPool, onnx: 'MaxPool' },
  AveragePooling1D: { convert: pooling.convertPool, onnx: 'AveragePool' },
  AveragePooling2D: { convert: pooling.convertPool, onnx: 'AveragePool' },
  AveragePooling3D: { convert: pooling.convertPool, onnx: 'AveragePool' },
  GlobalMaxPooling1D: { convert: pooling.convertGlobalPool, onnx: 'ReduceMax' },
  GlobalAveragePooling1D: { convert: pooling.convertGlobalPool, onnx: 'ReduceMean' },
  GlobalMaxPooling2D: { convert: pooling.convertGlobalPool, onnx: 'ReduceMax' },
  GlobalAveragePooling2D: { convert: pooling.convertGlobalPool, onnx: 'ReduceMean' },

  Add: { convert: merge.convertMerge, onnx: 'Add' },
  Multiply: { convert: merge.convertMerge, onnx: 'Mul' },
  Average: { convert: merge.convertMerge, onnx: 'Add, Mul' },
  Maximum: { convert: merge.convertMerge, onnx: 'Max' },
  Minimum: { convert: merge.convertMerge, onnx: 'Min' },
  Concatenate: { convert: merge.convertConcatenate, onnx: 'Concat' },
  Dot: { convert: merge.convertDot, onnx: 'MatMul; Mul, ReduceSum' },

  SimpleRNNCell: inRnn('RNN; inside Scan'),
  LSTMCell: inRnn('LSTM; inside Scan'),
  GRUCell: inRnn('GRU; inside Scan'),
  StackedRNNCells: inRnn('inside Scan'),
  ConvLSTM2DCell: inRnn('inside Scan'),
  SimpleRNN: { convert: recurrent.convertRecurrent, onnx: 'RNN; Scan' },
  LSTM: { convert: recurrent.convertRecurrent, onnx: 'LSTM; Scan' },
  GRU: { convert: recurrent.convertRecurrent, onnx: 'GRU; Scan' },
  RNN: { convert: recurrent.convertRecurrent, onnx: 'RNN, LSTM, GRU; Scan' },
  ConvLSTM2D: { convert: recurrent.convertRecurrent, onnx: 'Scan over Conv' },
  TimeDistributed: { convert: wrappers.convertTimeDistributed, onnx: 'Reshape around the layer' },
  Bidirectional: { convert: wrappers.convertBidirectional, onnx: 'the layer, bidirectional' },

  Rescaling: { convert: sequence.convertRescaling, onnx: 'Mul, Add' },
  Resizing: { refused: 'tfjs itself reports a wrong shape for it, so that no model runs on from it' },
  CenterCrop: { refused: 'its predict fails in tfjs itself' },
  CategoryEncoding: { refused: 'its predict fails in tfjs itself' },
  RandomWidth: { refused: 'it changes the image at random, in prediction too' },
};
