/** The operators of ai.onnx by the opset that brought them (onnx.ai/onnx/operators, up to opset 28). */
const BY_OPSET: Readonly<Record<number, string>> = {
  1: [
    'Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Clip Concat Constant Conv',
    'ConvTranspose DepthToSpace Div Dropout Elu Equal Exp Flatten Floor GRU Gather Gemm',
    'GlobalAveragePool GlobalLpPool GlobalMaxPool Greater HardSigmoid Hardmax Identity If',
    'InstanceNormalization LRN LSTM LeakyRelu Less Log LogSoftmax Loop LpNormalization LpPool MatMul',
    'Max MaxPool MaxRoiPool Mean Min Mul Neg Not Or PRelu Pad Pow RNN RandomNormal RandomNormalLike',
    'RandomUniform RandomUniformLike Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp',
    'ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Selu Shape',
    'Sigmoid Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh Tile',
    'TopK Transpose Unsqueeze Upsample Xor',
  ].join(' '),
  7: 'Acos Asin Atan Cos Multinomial Sin Tan',
  8: 'Expand Scan',
  9: [
    'Acosh Asinh Atanh Compress ConstantOfShape Cosh Erf EyeLike IsNaN MaxUnpool',
    'MeanVarianceNormalization NonZero OneHot Scatter Shrink Sign Sinh TfIdfVectorizer Where',
  ].join(' '),
  10: [
    'ConvInteger DequantizeLinear IsInf MatMulInteger Mod NonMaxSuppression QLinearConv',
    'QLinearMatMul QuantizeLinear Resize ReverseSequence RoiAlign StringNormalizer ThresholdedRelu',
  ].join(' '),
  11: [
    'BitShift ConcatFromSequence CumSum Det DynamicQuantizeLinear GatherElements GatherND Range',
    'Round ScatterElements ScatterND SequenceAt SequenceConstruct SequenceEmpty SequenceErase',
    'SequenceInsert SequenceLength SplitToSequence Unique',
  ].join(' '),
  12: 'Celu Einsum GreaterOrEqual LessOrEqual NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss',
  14: 'HardSwish Trilu',
  15: 'Bernoulli CastLike Optional OptionalGetElement OptionalHasElement',
  16: 'GridSample',
  17: 'BlackmanWindow DFT HammingWindow HannWindow LayerNormalization MelWeightMatrix STFT SequenceMap',
  18: 'BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im GroupNormalization Mish',
  19: 'DeformConv',
  20: 'AffineGrid Gelu ImageDecoder RegexFullMatch StringConcat StringSplit',
  23: 'Attention RMSNormalization RotaryEmbedding',
  24: 'Swish TensorScatter',
  26: 'BitCast CumProd',
  27: 'CausalConvWithState LinearAttention',
  28: 'SwiGLU',
};

/** The first opset of each operator of ai.onnx. */
export const FIRST_OPSET: ReadonlyMap<string, number> = new Map(
  Object.entries(BY_OPSET).flatMap(([opset, names]) =>
    names.split(' ').map((name) => [name, Number(opset)] as const),
  ),
);

/** Operators that were taken out again: the first opset without them. */
export const REMOVED_IN: ReadonlyMap<string, number> = new Map([
  ['Upsample', 10],
  ['Scatter', 11],
]);
