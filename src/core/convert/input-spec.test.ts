import { expect, test } from 'vitest';
import type { LayerClass } from '../keras/layer-schemas.js';
import { GraphBuilder } from '../onnx/builder.js';
import { LayerContext } from './context.js';
import { checkInputs } from './input-spec.js';
import type { Value } from './value.js';

function check(class_name: LayerClass, ...ranks: number[]): void {
  const context = new LayerContext(new GraphBuilder(), 'layer', 21, () => undefined);
  const inputs = ranks.map((rank, i): Value => {
    return { name: `x${i}`, type: 'float32', shape: new Array<number>(rank).fill(2), layout: 'plain' };
  });
  checkInputs({ class_name }, inputs, context);
}

test.each<[LayerClass, number[]]>([
  ['Conv2D', [4]],
  ['LSTM', [3]],
  ['Dense', [2]],
  ['Dense', [5]],
  ['Reshape', [1]],
  ['Reshape', [5]],
  ...(['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Dot'] as const).map(
    (className): [LayerClass, number[]] => [className, [2, 2, 2]],
  ),
  ...(['SimpleRNN', 'GRU', 'RNN', 'Bidirectional'] as const).map((className): [LayerClass, number[]] => [
    className,
    [3, 2],
  ]),
  ['ConvLSTM2D', [5, 4, 4]],
  ['LSTM', [3, 2, 2]],
])('%s takes inputs of the ranks %j', (className, ranks) => {
  expect(() => check(className, ...ranks)).not.toThrow();
});

test.each<[LayerClass, number[], string]>([
  ['Conv2D', [3], 'its input has 3 dimensions, not 4'],
  ['Conv2D', [5], 'its input has 5 dimensions, not 4'],
  ['Dense', [1], 'its input has 1 dimensions, not at least 2'],
  ['LSTM', [2, 2], 'its input has 2 dimensions, not 3'],
  ...(
    ['Flatten', 'BatchNormalization', 'LayerNormalization', 'Softmax', 'Masking', 'PReLU', 'Permute'] as const
  ).map((className): [LayerClass, number[], string] => [
    className,
    [1],
    'its input has 1 dimensions, not at least 2',
  ]),
  ...(['TimeDistributed', 'RNN', 'Bidirectional'] as const).map(
    (className): [LayerClass, number[], string] => [
      className,
      [2],
      'its input has 2 dimensions, not at least 3',
    ],
  ),
  ['Activation', [0], 'its input has 0 dimensions, not at least 1'],
  ['Dense', [2, 2], 'it takes one input, not 2'],
  ['Reshape', [], 'it takes one input, not 0'],
])('%s refuses those of the ranks %j', (className, ranks, reason) => {
  expect(() => check(className, ...ranks)).toThrow(reason);
});
