import { describe, expect, it } from 'vitest';
import type { TensorInfo } from '../session.js';
import type * as pb from './generated/messages.js';
import { inferShapes } from './infer-shapes.js';

type Dims = readonly (number | string)[];
type Settings = Readonly<Record<string, number | readonly number[] | string>>;

/** What follows for one node: its inputs' shapes, small integer constants as inputs of their own, attributes. */
function shapeOf(
  op: string,
  inputs: readonly Dims[],
  settings: Settings = {},
  constants: readonly number[][] = [],
) {
  const names = inputs.map((_, i) => `x${i}`);
  const initializer = constants.map((values, i) => ({
    name: `c${i}`,
    dataType: 7,
    dims: [values.length],
    int64Data: [...values],
  }));
  const attribute = Object.entries(settings).map(([name, value]): pb.AttributeProto => {
    if (typeof value === 'number') return { name, type: 2, i: value };
    if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
    return { name, type: 7, ints: [...value] };
  });
  const input = [...names, ...initializer.map(({ name }) => name)];
  const node = [{ opType: op, input, output: ['y'], attribute }];
  const types = new Map<string, TensorInfo>(
    names.map((name, i) => [name, { name, type: 'float32', shape: [...inputs[i]!] }]),
  );
  inferShapes({ node, initializer }, types);
  return types.get('y')?.shape;
}

describe('the shape that follows', () => {
  it.each<[string, Dims[], Settings, number[][], Dims | undefined]>([
    ['Relu', [['N', 3]], {}, [], ['N', 3]],
    [
      'Add',
      [
        ['N', 1, 4],
        [3, 1],
      ],
      {},
      [],
      ['N', 3, 4],
    ],
    ['Add', [['N'], ['N']], {}, [], ['N']],
    ['Add', [[1], [1, 1]], {}, [], [1, 1]],
    ['Where', [[2, 1], [1, 3], []], {}, [], [2, 3]],
    [
      'Gemm',
      [
        [2, 3],
        [3, 4],
      ],
      {},
      [],
      [2, 4],
    ],
    [
      'Gemm',
      [
        [3, 2],
        [4, 3],
      ],
      { transA: 1, transB: 1 },
      [],
      [2, 4],
    ],
    [
      'Gemm',
      [
        [2, 3, 4],
        [3, 4],
      ],
      {},
      [],
      undefined,
    ],
    [
      'MatMul',
      [
        [5, 2, 3],
        [3, 4],
      ],
      {},
      [],
      [5, 2, 4],
    ],
    [
      'MatMul',
      [
        [2, 3],
        [5, 3, 4],
      ],
      {},
      [],
      [5, 2, 4],
    ],
    [
      'MatMul',
      [
        [5, 2, 3],
        [5, 3, 4],
      ],
      {},
      [],
      undefined,
    ],
    ['MatMul', [[3], [3, 4]], {}, [], undefined],
    [
      'Conv',
      [
        ['N', 1, 28, 28],
        [8, 1, 3, 3],
      ],
      {},
      [],
      ['N', 8, 26, 26],
    ],
    [
      'Conv',
      [
        ['N', 1, 9, 9],
        [8, 1, 3, 3],
      ],
      { strides: [2, 2], pads: [0, 0, 1, 1] },
      [],
      ['N', 8, 4, 4],
    ],
    [
      'Conv',
      [
        ['N', 1, 9, 9],
        [8, 1, 3, 3],
      ],
      { dilations: [2, 3] },
      [],
      ['N', 8, 5, 3],
    ],
    [
      'Conv',
      [
        ['N', 1, 9, 8],
        [8, 1, 3, 3],
      ],
      { auto_pad: 'SAME_UPPER', strides: [2, 2] },
      [],
      ['N', 8, 5, 4],
    ],
    [
      'Conv',
      [
        ['N', 1, 9, 9],
        [8, 1, 3, 3],
      ],
      { auto_pad: 'VALID', pads: [1, 1, 1, 1] },
      [],
      ['N', 8, 7, 7],
    ],
    [
      'Conv',
      [
        ['N', 1, 'H', 9],
        [8, 1, 3, 3],
      ],
      {},
      [],
      ['N', 8, '?', 7],
    ],
    [
      'Conv',
      [
        ['N', 1, 9, 9],
        [8, 1, 3],
      ],
      {},
      [],
      undefined,
    ],
    [
      'Conv',
      [
        ['N', 1, 9],
        [8, 1, 3],
      ],
      { strides: [0] },
      [],
      ['N', 8, '?'],
    ],
    ['MaxPool', [['N', 8, 9, 9]], { kernel_shape: [2, 2], strides: [2, 2] }, [], ['N', 8, 4, 4]],
    [
      'MaxPool',
      [['N', 8, 9, 9]],
      { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
      [],
      ['N', 8, 5, 5],
    ],
    // A last window that would begin in the padding behind is none.
    ['MaxPool', [[1, 1, 4]], { kernel_shape: [1], strides: [2], pads: [0, 1], ceil_mode: 1 }, [], [1, 1, 2]],
    ['MaxPool', [['N', 8, 9, 9]], {}, [], undefined],
    ['GlobalAveragePool', [['N', 8, 9, 9]], {}, [], ['N', 8, 1, 1]],
    ['Flatten', [['N', 8, 3, 3]], {}, [], ['N', 72]],
    ['Flatten', [[2, 'N', 3]], { axis: -1 }, [], ['?', 3]],
    ['Flatten', [[1, 'N', 1]], { axis: 2 }, [], ['N', 1]],
    ['Flatten', [['N', 'M']], { axis: 2 }, [], ['?', 1]],
    ['Reshape', [['N', 8, 9]], {}, [[0, -1]], ['N', 72]],
    ['Reshape', [[2, 12]], {}, [[-1, 4]], [6, 4]],
    ['Reshape', [['N', 4]], {}, [[-1, 4]], ['N', 4]],
    ['Reshape', [['N', 4]], {}, [[-1, 2]], ['?', 2]],
    ['Reshape', [['N', 4]], {}, [[3, 0, 0]], [3, 4, '?']],
    ['Reshape', [[0, 4]], { allowzero: 1 }, [[0, 7]], [0, 7]],
    ['Reshape', [['?', 4]], {}, [[-1, 2]], ['?', 2]],
    ['Reshape', [[2, 3]], {}, [], undefined],
    ['Transpose', [[2, 3, 4]], {}, [], [4, 3, 2]],
    ['Transpose', [[2, 3, 4]], { perm: [1, 2, 0] }, [], [3, 4, 2]],
    ['Transpose', [[2]], { perm: [5] }, [], ['?']],
    [
      'Concat',
      [
        [2, 3],
        [2, 4],
      ],
      { axis: -1 },
      [],
      [2, 7],
    ],
    [
      'Concat',
      [
        [2, 'a'],
        [2, 4],
      ],
      { axis: 1 },
      [],
      [2, '?'],
    ],
    ['Concat', [[2, 3], [2]], { axis: 0 }, [], undefined],
    ['Squeeze', [[1, 2, 1]], {}, [], [2]],
    ['Squeeze', [[1, 2, 1]], {}, [[-1]], [1, 2]],
    ['Squeeze', [[1, 2, 1]], { axes: [0] }, [], [2, 1]],
    ['Unsqueeze', [[2, 3]], {}, [[0, -1]], [1, 2, 3, 1]],
    ['Unsqueeze', [[2]], { axes: [1] }, [], [2, 1]],
    ['Unsqueeze', [[2]], {}, [], undefined],
    ['ReduceMean', [[2, 3, 4]], {}, [[-1]], [2, 3, 1]],
    ['ReduceMean', [[2, 3, 4]], { axes: [1], keepdims: 0 }, [], [2, 4]],
    ['ReduceSum', [[2, 3]], {}, [], [1, 1]],
    ['ReduceSum', [[2, 3]], { noop_with_empty_axes: 1 }, [], undefined],
    ['ArgMax', [[2, 3]], { axis: 1, keepdims: 0 }, [], [2]],
    [
      'Gather',
      [
        [5, 3],
        ['N', 2],
      ],
      {},
      [],
      ['N', 2, 3],
    ],
    ['Gather', [[5, 3], [2]], { axis: -1 }, [], [5, 2]],
    ['Gather', [[], [2]], {}, [], undefined],
    ['ConstantOfShape', [], {}, [[2, 3]], [2, 3]],
    ['ConstantOfShape', [], {}, [[2, -3]], undefined],
    ['NoSuchOperator', [[2]], {}, [], undefined],
  ])('%s of %j, %j %j', (op, inputs, settings, constants, expected) => {
    expect(shapeOf(op, inputs, settings, constants)).toEqual(expected);
  });

  it('is none where an input is not known', () => {
    for (const opType of [
      'Relu',
      'Add',
      'Gemm',
      'MatMul',
      'Conv',
      'MaxPool',
      'GlobalMaxPool',
      'Flatten',
      'Reshape',
    ])
      expect(inferred({ opType, input: ['a', 'b'], output: ['y'] })).toBeUndefined();
    for (const opType of ['Transpose', 'Concat', 'Squeeze', 'Unsqueeze', 'ReduceMax', 'Gather'])
      expect(inferred({ opType, input: ['a', 'b'], output: ['y'] })).toBeUndefined();
  });

  it('of a constant is its own, of a node of another domain or without outputs none', () => {
    const value = { name: 'value', type: 4, t: { dims: [2, 3], dataType: 1 } };
    expect(inferred({ opType: 'Constant', output: ['y'], attribute: [value] })).toEqual([2, 3]);
    expect(inferred({ opType: 'Constant', domain: 'x', output: ['y'], attribute: [value] })).toBeUndefined();
    expect(inferred({ opType: 'Constant', attribute: [value] })).toBeUndefined();
  });

  it('takes axes from raw bytes of both widths too', () => {
    for (const [dataType, rawData] of [
      [7, new Uint8Array(BigInt64Array.of(1n).buffer)],
      [6, new Uint8Array(Int32Array.of(1).buffer)],
    ] as const) {
      const node = [{ opType: 'Unsqueeze', input: ['x', 'c'], output: ['y'] }];
      const types = new Map<string, TensorInfo>([['x', { name: 'x', type: 'float32', shape: [2] }]]);
      inferShapes({ node, initializer: [{ name: 'c', dataType, dims: [1], rawData }] }, types);
      expect(types.get('y')?.shape).toEqual([2, 1]);
    }
  });
});

function inferred(node: pb.NodeProto) {
  const types = new Map<string, TensorInfo>();
  inferShapes({ node: [node] }, types);
  return types.get('y')?.shape;
}
