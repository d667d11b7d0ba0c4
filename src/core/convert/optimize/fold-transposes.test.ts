import { describe, expect, test } from 'vitest';
import {
  floatConstant,
  type Graph,
  type GraphNode,
  int64Constant,
  ints,
  type Shape,
} from '../../onnx/types.js';
import { foldTransposes } from './fold-transposes.js';

const node = (
  op: string,
  inputs: string[],
  output: string,
  attributes: GraphNode['attributes'] = {},
): GraphNode => ({
  op,
  name: op,
  inputs,
  outputs: [output],
  attributes,
});

/** A row of 6 numbers, its image of 3x2 with its axes changed: g → (between) → image [N, 3, 2] → y [N, 2, 3]. */
function generator({
  gemm = ['x', 'w', 'b'],
  between = [] as string[],
  image = ['N', 3, 2] as Shape,
  perm = [0, 2, 1],
  more = [] as GraphNode[],
} = {}): Graph {
  const last = between.length === 0 ? 'g' : `a${between.length - 1}`;
  const nodes = [
    node('Gemm', gemm, 'g'),
    ...between.map((op, i) => node(op, [i === 0 ? 'g' : `a${i - 1}`], `a${i}`)),
    node('Reshape', [last, 'shape'], 'image'),
    node('Transpose', ['image'], 'y', { perm: ints(perm) }),
    ...more,
  ];
  const row = { type: 'float32', shape: ['N', 6] } as const;
  const y = { type: 'float32', shape: perm.map((axis) => image[axis]!) } as const;
  return {
    name: 'generator',
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
    outputs: [{ name: 'y', ...y }, ...more.map(({ outputs }) => ({ name: outputs[0]!, ...row }))],
    nodes,
    constants: new Map([
      ['w', floatConstant([2, 6], [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15])],
      ['b', floatConstant([6], [20, 21, 22, 23, 24, 25])],
      ['shape', int64Constant([-1, 3, 2])],
    ]),
    types: new Map([
      ...nodes.map(({ outputs }) => [outputs[0]!, row] as const),
      ['image', { type: 'float32', shape: image }],
      ['y', y],
    ]),
  };
}

const opsOf = ({ nodes }: Graph) => nodes.map(({ op }) => op);
const dataOf = ({ constants }: Graph, name: string) => [...constants.get(name)!.data].map(Number);

describe('a row that becomes an image with its axes changed', () => {
  test('comes out of Gemm in that order at once', () => {
    const folded = foldTransposes(generator());
    const [gemm, reshape] = folded.nodes;
    expect(opsOf(folded)).toEqual(['Gemm', 'Reshape']);
    expect(dataOf(folded, gemm!.inputs[1]!)).toEqual([0, 2, 4, 1, 3, 5, 10, 12, 14, 11, 13, 15]);
    expect(dataOf(folded, gemm!.inputs[2]!)).toEqual([20, 22, 24, 21, 23, 25]);
    expect([gemm!.inputs[0], gemm!.outputs]).toEqual(['x', ['g']]);
    expect([reshape!.inputs[0], dataOf(folded, reshape!.inputs[1]!), reshape!.outputs]).toEqual([
      'g',
      [-1, 2, 3],
      ['y'],
    ]);
    // Others may use the weights as they were.
    expect(dataOf(folded, 'w')).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
  });

  test('leaves constants of other layers that have such names', () => {
    const graph = generator();
    const others = ['w_Transpose', 'Transpose/shape'].map((name) => [name, floatConstant([1], [7])] as const);
    const folded = foldTransposes({ ...graph, constants: new Map([...graph.constants, ...others]) });
    for (const [name] of others) expect(dataOf(folded, name)).toEqual([7]);
    expect(dataOf(folded, folded.nodes[0]!.inputs[1]!)).toEqual([0, 2, 4, 1, 3, 5, 10, 12, 14, 11, 13, 15]);
    expect(dataOf(folded, folded.nodes[1]!.inputs[1]!)).toEqual([-1, 2, 3]);
  });

  test('also without a bias, and with one that is left out', () => {
    for (const gemm of [
      ['x', 'w'],
      ['x', 'w', ''],
    ]) {
      const folded = foldTransposes(generator({ gemm }));
      expect(opsOf(folded)).toEqual(['Gemm', 'Reshape']);
      expect(folded.nodes[0]!.inputs).toEqual(['x', expect.any(String), ...gemm.slice(2)]);
    }
  });

  test.each([
    [['Relu']],
    [['LeakyRelu', 'Clip']],
    [
      [
        'Elu',
        'Selu',
        'Sigmoid',
        'HardSigmoid',
        'Tanh',
        'Softplus',
        'Softsign',
        'Mish',
        'Gelu',
        'ThresholdedRelu',
      ],
    ],
  ])('through what treats each number alike: %j', (between) => {
    const folded = foldTransposes(generator({ between }));
    expect(opsOf(folded)).toEqual(['Gemm', ...between, 'Reshape']);
    expect(dataOf(folded, folded.nodes[0]!.inputs[2]!)).toEqual([20, 22, 24, 21, 23, 25]);
  });

  test('of four axes', () => {
    const folded = foldTransposes(generator({ image: ['N', 1, 3, 2], perm: [0, 3, 1, 2] }));
    expect(dataOf(folded, folded.nodes[0]!.inputs[2]!)).toEqual([20, 22, 24, 21, 23, 25]);
    expect(dataOf(folded, folded.nodes[1]!.inputs[1]!)).toEqual([-1, 2, 1, 3]);
  });

  test('each of two', () => {
    const [one, two] = [generator(), generator()];
    const rename = (name: string) => (name === '' || name === 'x' ? name : `${name}2`);
    const nodes = two.nodes.map((n) => ({
      ...n,
      name: rename(n.name),
      inputs: n.inputs.map(rename),
      outputs: n.outputs.map(rename),
    }));
    const renamed = <T>(map: ReadonlyMap<string, T>) =>
      [...map].map(([name, value]) => [rename(name), value] as const);
    const both: Graph = {
      ...one,
      nodes: [...one.nodes, ...nodes],
      outputs: [...one.outputs, ...two.outputs.map((output) => ({ ...output, name: rename(output.name) }))],
      constants: new Map([...one.constants, ...renamed(two.constants)]),
      types: new Map([...one.types, ...renamed(two.types)]),
    };
    expect(opsOf(foldTransposes(both))).toEqual(['Gemm', 'Reshape', 'Gemm', 'Reshape']);
  });
});

describe('is left alone', () => {
  const also = (value: string) => [node('Relu', [value], 'other')];

  test.each<[string, Graph]>([
    ['where the rows of a batch change places', generator({ image: [1, 3, 2], perm: [1, 0, 2] })],
    ['where its size is not known', generator({ image: ['N', 'H', 2] })],
    ['where the numbers depend on each other', generator({ between: ['Softmax'] })],
    ['where the weights are computed', generator({ gemm: ['x', 'computed', 'b'] })],
    ['where the bias is computed', generator({ gemm: ['x', 'w', 'computed'] })],
    ["where something else uses Gemm's row", generator({ more: also('g') })],
    ['where something else uses the image', generator({ more: also('image') })],
    ['where something else uses the activation', generator({ between: ['Relu'], more: also('a0') })],
  ])('%s', (_, graph) => {
    expect(foldTransposes(graph)).toBe(graph);
  });

  test('where no Gemm made it, no Reshape follows, or no Transpose', () => {
    const graph = generator();
    const without = (op: string, other: string): Graph => ({
      ...graph,
      nodes: graph.nodes.map((n) => (n.op === op ? { ...n, op: other } : n)),
    });
    for (const [op, other] of [
      ['Gemm', 'MatMul'],
      ['Reshape', 'Expand'],
      ['Transpose', 'Relu'],
    ] as const) {
      const changed = without(op, other);
      expect(foldTransposes(changed)).toBe(changed);
    }
  });
});
