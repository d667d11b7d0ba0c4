/** Operators of one input that treat each number alike. */
export const UNARY: ReadonlySet<string> = new Set([
  ...['Relu', 'LeakyRelu', 'ThresholdedRelu', 'Elu', 'Selu', 'Gelu', 'Mish', 'Clip'],
  ...['Sigmoid', 'HardSigmoid', 'Tanh', 'Softplus', 'Softsign'],
]);
