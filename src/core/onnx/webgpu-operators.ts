/** Operators with a WebGPU kernel in onnxruntime-web 1.30, by domain: its docs/webgpu-operators.md. */
export const WEBGPU_OPERATORS: Readonly<Record<string, ReadonlySet<string>>> = {
  'ai.onnx': words(
    'Abs Acos Acosh Add ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Cast Ceil Clip',
    'Concat Conv ConvTranspose Cos Cosh CumSum DFT DepthToSpace DequantizeLinear Div Einsum Elu Equal Erf',
    'Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool',
    'Greater GreaterOrEqual GridSample HardSigmoid HardSwish If InstanceNormalization LayerNormalization',
    'LeakyRelu Less LessOrEqual Log MatMul MaxPool Mul Neg Not Pad Pow Range Reciprocal ReduceL1 ReduceL2',
    'ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare',
    'Relu Reshape Resize ScatterND Shape Sigmoid SimplifiedLayerNormalization Sin Sinh Slice Softmax',
    'Split Sqrt Squeeze Sub Tan Tanh ThresholdedRelu Tile Transpose Unsqueeze Where',
  ),
  'com.microsoft': words(
    'Attention BiasAdd BiasSplitGelu FastGelu FusedConv GatherBlockQuantized Gelu GroupQueryAttention',
    'MatMulNBits MultiHeadAttention QuickGelu RotaryEmbedding SkipLayerNormalization',
    'SkipSimplifiedLayerNormalization',
  ),
};

function words(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}
