import { describe, expect, test } from 'vitest';
import { type Graph, ints, type Shape } from '../../onnx/types.js';
import { mergeMoves } from './merge-moves.js';

type Move = readonly [op: string, shape: Shape, perm?: readonly number[]];

/** Moves one after the other: x → h0 → h1 ... → y; a Reshape takes its shape from a value of its own. */
function chainOf(from: Shape, moves: readonly Move[]): Graph {
  const last = moves.length - 1;
  const nameOf = (i: number) => (i < 0 ? 'x' : i === last ? 'y' : `h${i}`);
  const nodes = moves.map(([op, , perm], i) => ({
    op,
    name: `${op}${i}`,
    inputs: [nameOf(i - 1), ...(op === 'Reshape' ? [`shape${i}`] : [])],
    outputs: [nameOf(i)],
    attributes: perm ? { perm: ints(perm) } : {},
  }));
  return {
    name: 'g',
    inputs: [{ name: 'x', type: 'float32', shape: from }],
    outputs: [{ name: 'y', type: 'float32', shape: moves[last]![1] }],
    nodes,
    constants: new Map(),
    types: new Map(moves.map(([, shape], i) => [nameOf(i), { type: 'float32', shape }])),
  };
}

/** What is left, written `op(inputs) perm`. */
const left = (graph: Graph) =>
  mergeMoves(graph).nodes.map(({ op, inputs, outputs, attributes: { perm } }) => {
    const order = perm && 'ints' in perm ? ` ${perm.ints}` : '';
    return `${outputs} = ${op}(${inputs})${order}`;
  });

const relu = (shape: Shape): Move => ['Relu', shape];
const IMAGE = ['N', 2, 3, 4];

describe('two in a row', () => {
  test('of Reshape: the second alone is left, of the first one only what others use', () => {
    const graph = chainOf(IMAGE, [['Reshape', ['N', 24]], ['Reshape', ['N', 6, 4]], relu(['N', 6, 4])]);
    expect(left(graph)).toEqual(['h0 = Reshape(x,shape0)', 'h1 = Reshape(x,shape1)', 'y = Relu(h1)']);
  });

  test('of Transpose: one after both', () => {
    const graph = chainOf(IMAGE, [
      ['Transpose', ['N', 3, 4, 2], [0, 2, 3, 1]],
      ['Transpose', ['N', 4, 3, 2], [0, 2, 1, 3]],
      relu(['N', 4, 3, 2]),
    ]);
    expect(left(graph).slice(1)).toEqual(['h1 = Transpose(x) 0,3,2,1', 'y = Relu(h1)']);
  });

  test('of Transpose that undo each other: none', () => {
    const graph = chainOf(IMAGE, [
      ['Transpose', ['N', 3, 4, 2], [0, 2, 3, 1]],
      ['Transpose', IMAGE, [0, 3, 1, 2]],
      relu(IMAGE),
    ]);
    expect(left(graph).slice(1)).toEqual(['y = Relu(x)']);
  });

  test('three become one', () => {
    const graph = chainOf(IMAGE, [
      ['Reshape', ['N', 24]],
      ['Reshape', ['N', 4, 6]],
      ['Reshape', ['N', 8, 3]],
      relu(['N', 8, 3]),
    ]);
    expect(left(graph).slice(2)).toEqual(['h2 = Reshape(x,shape2)', 'y = Relu(h2)']);
  });

  test.each<[string, Move, Move]>([
    ['a Reshape and a Transpose', ['Reshape', ['N', 6, 4]], ['Transpose', ['N', 4, 6], [0, 2, 1]]],
    ['a Transpose and a Reshape', ['Transpose', ['N', 3, 2, 4], [0, 2, 1, 3]], ['Reshape', ['N', 24]]],
    ['two other operators', relu(IMAGE), relu(IMAGE)],
  ])('of %s stay', (_, first, second) => {
    const graph = chainOf(IMAGE, [first, second]);
    expect(mergeMoves(graph).nodes).toEqual(graph.nodes);
  });

  test('with something between them stay', () => {
    const graph = chainOf(IMAGE, [['Reshape', ['N', 24]], relu(['N', 24]), ['Reshape', ['N', 4, 6]]]);
    expect(mergeMoves(graph).nodes).toEqual(graph.nodes);
  });
});

describe('what moves nothing goes, and who used it uses what it was made of', () => {
  test.each<[string, Move]>([
    ['an Identity', ['Identity', IMAGE]],
    ['a Reshape to the same shape', ['Reshape', IMAGE]],
    ['a Transpose of no axes', ['Transpose', IMAGE, [0, 1, 2, 3]]],
  ])('%s', (_, move) => {
    expect(left(chainOf(IMAGE, [move, relu(IMAGE)]))).toEqual(['y = Relu(x)']);
    expect(left(chainOf(IMAGE, [relu(IMAGE), move, relu(IMAGE)]))).toEqual(['h0 = Relu(x)', 'y = Relu(h0)']);
  });

  test.each<[string, Move]>([
    ['a Reshape to other sizes', ['Reshape', ['N', 2, 4, 3]]],
    ['to more axes', ['Reshape', [...IMAGE, 1]]],
    ['to fewer axes', ['Reshape', ['N', 2, 12]]],
    ['a Transpose of the last axes', ['Transpose', ['N', 2, 4, 3], [0, 1, 3, 2]]],
  ])('but not %s', (_, move) => {
    expect(left(chainOf(IMAGE, [move, relu(move[1])]))).toHaveLength(2);
  });

  test.each<[string, Move]>([
    ['an Identity', ['Identity', IMAGE]],
    ['a Reshape', ['Reshape', IMAGE]],
    ['a Transpose', ['Transpose', IMAGE, [0, 1, 2, 3]]],
  ])('nor %s where it makes an output of the model', (_, move) => {
    expect(left(chainOf(IMAGE, [relu(IMAGE), move]))).toHaveLength(2);
  });

  test('one to the shape of a value without a known type stays', () => {
    const graph = chainOf(IMAGE, [['Reshape', IMAGE], relu(IMAGE)]);
    expect(left({ ...graph, inputs: [] })).toHaveLength(2);
  });
});
