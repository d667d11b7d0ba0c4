import { describe, expect, it } from 'vitest';
import type { Weight } from '../keras/weights.js';
import { GraphBuilder } from '../onnx/builder.js';
import type { Shape } from '../onnx/types.js';
import { knownSize, LayerContext } from './context.js';
import { Refusal } from './problems.js';
import type { Layout, Value } from './value.js';

const KERNEL = { shape: [2, 3] } as unknown as Weight;

function startLayer(weights: Readonly<Record<string, Weight>> = {}) {
  const graph = new GraphBuilder();
  const context = new LayerContext(graph, 'layer', 21, (name) => weights[name]);
  const input = (shape: Shape, layout: Layout = 'plain'): Value => {
    return { name: graph.input('x', { type: 'float32', shape }), type: 'float32', shape, layout };
  };
  const build = () => graph.build('g', []);
  const target = () => [...build().constants.values()].map(({ data }) => [...data].map(Number));
  return { context, input, target, ops: () => build().nodes.map(({ op }) => op) };
}

describe('reshape', () => {
  it.each<[string, Shape, Shape, number[]]>([
    ['says every size that is known', [2, 6], [2, 3, 2], [2, 3, 2]],
    ['leaves the one that is not to the run', ['N', 6], ['N', 3, 2], [-1, 3, 2]],
    ['copies a second one from the same place', ['N', 'T', 6], ['N', 'T', 3, 2], [0, 0, 3, 2]],
    ['copies one and leaves one to the run', ['N', 'H', 'W', 3], ['N', 'HW', 3], [0, -1, 3]],
  ])('%s', (_, from, to, expected) => {
    const { context, input, target } = startLayer();
    expect(context.reshape(input(from), to).shape).toEqual(to);
    expect(target()).toEqual([expected]);
  });

  it('to the same shape is no node, unless the layout changes with it', () => {
    const { context, input, ops } = startLayer();
    const x = input(['N', 4]);
    expect(context.reshape(x, ['N', 4])).toBe(x);
    expect(ops()).toEqual([]);
    context.reshape(x, ['N', 4], 'NCHW');
    expect(ops()).toEqual(['Reshape']);
  });

  it('is refused where two sizes would have to follow from the rest', () => {
    const { context, input } = startLayer();
    expect(() => context.reshape(input(['N', 'T', 6]), ['A', 'B', 6])).toThrow(
      'it reshapes [N,T,6], where more than one dimension is not known',
    );
  });
});

describe('the order of the axes', () => {
  it('an image is transposed, one with a single channel or pixel only reshaped, one that lies right is itself', () => {
    const { context, input, ops } = startLayer();
    expect(context.channelsFirst(input(['N', 5, 4, 3]))).toMatchObject({
      shape: ['N', 3, 5, 4],
      layout: 'NCHW',
    });
    expect(context.channelsFirst(input(['N', 5, 4, 1])).shape).toEqual(['N', 1, 5, 4]);
    expect(context.plain(input(['N', 7, 1, 1], 'NCHW'))).toMatchObject({
      shape: ['N', 1, 1, 7],
      layout: 'plain',
    });
    expect(ops()).toEqual(['Transpose', 'Reshape', 'Reshape']);
    for (const layout of ['NCHW', 'plain'] as const) {
      const value = input(['N', 5, 4, 3], layout);
      expect(layout === 'NCHW' ? context.channelsFirst(value) : context.plain(value)).toBe(value);
    }
    expect(ops()).toHaveLength(3);
  });

  it('flattened channels are gathered into the order of tfjs', () => {
    const { context, input, target, ops } = startLayer();
    // Place 0 holds feature 2, place 1 feature 0, place 2 feature 1.
    const plain = context.plain(input(['N', 3], { order: Uint32Array.of(2, 0, 1) }));
    expect(plain).toMatchObject({ shape: ['N', 3], layout: 'plain' });
    expect([ops(), target()]).toEqual([['Gather'], [[1, 2, 0]]]);
  });

  it('a transposition that moves nothing is no node', () => {
    const { context, input, ops } = startLayer();
    expect(context.transpose(input(['N', 2, 3]), [0, 1, 2], 'NCHW').layout).toBe('NCHW');
    expect(ops()).toEqual([]);
    expect(context.transpose(input(['N', 2, 3]), [0, 2, 1]).shape).toEqual(['N', 3, 2]);
  });
});

describe('weights', () => {
  const { context } = startLayer({ kernel: KERNEL });
  it('are found by name where their shape is as the settings ask', () => {
    expect(context.weight('kernel', [2, 3])).toBe(KERNEL);
  });

  it.each([
    ['bias', [3], 'layer/bias is missing'],
    ['kernel', [3, 2], 'layer/kernel has the shape [2,3], not [3,2]'],
    ['kernel', [2, 3, 1], 'layer/kernel has the shape [2,3], not [2,3,1]'],
  ])('%s %j is told of', (name, shape, message) => {
    expect(() => context.weight(name, shape)).toThrow(
      `the model's weights do not fit its topology: ${message}`,
    );
  });
});

describe('a node', () => {
  it('leaves out optional inputs at the end, and keeps the place of those before', () => {
    const { context, input } = startLayer();
    const x = input(['N', 3]);
    context.ops('Clip', [x, undefined, undefined], [{ shape: x.shape }]);
    context.ops('Clip', [x, undefined, x], [{ shape: x.shape }]);
    const { nodes } = context.graph.build('g', []);
    expect(nodes.map(({ inputs }) => inputs)).toEqual([['x'], ['x', '', 'x']]);
  });

  it.each([[2 ** 60], [-1], [1.5]])('whose output would have the size %s is refused', (size) => {
    const { context, input } = startLayer();
    expect(() => context.op('Relu', [input(['N', 3])], { shape: ['N', size] })).toThrow(Refusal);
  });

  it('holds no other layer unless its converter can convert one', () => {
    const { context } = startLayer();
    const inner = context.inner('cell', () => KERNEL);
    expect([inner.scope, inner.weight('any', [2, 3])]).toEqual(['layer/cell', KERNEL]);
    expect(() => inner.convertInner({ class_name: 'Dense', config: {} }, [], inner)).toThrow(
      'it holds another layer',
    );
  });
});

it('the size of a shape must be known, and small enough to go through one by one', () => {
  const { context } = startLayer();
  expect(knownSize(context, [4, 5])).toBe(20);
  expect(() => knownSize(context, [4, 'T'])).toThrow("it needs to know all of its input's shape [4,T]");
  expect(() => knownSize(context, [2 ** 20, 2 ** 10])).toThrow('elements');
});

it('nodes and constants are named after the layer, typed, and laid out as what they come from', () => {
  const { context, input } = startLayer();
  const x = input(['N', 3], 'NCHW');
  const relu = context.op('Relu', [x], { shape: ['N', 3] });
  expect(relu).toEqual({ name: 'layer/Relu', type: 'float32', shape: ['N', 3], layout: 'NCHW' });
  const [most, place] = context.ops(
    'TopK',
    [relu],
    [{ shape: [1] }, { shape: [1], type: 'int64', layout: 'plain' }],
  );
  expect([most!.layout, place!.type, place!.layout]).toEqual(['NCHW', 'int64', 'plain']);
  expect(context.scalar('factor', 2)).toEqual({
    name: 'layer/factor',
    type: 'float32',
    shape: [],
    layout: 'plain',
  });
  expect(context.int64s('axes', [1, 2])).toMatchObject({ name: 'layer/axes', type: 'int64', shape: [2] });
  expect([context.unknownDim(2), context.unknownDim(2)]).toEqual(['layer_dim2', 'layer_dim2_1']);
  const { types, nodes } = context.graph.build('g', []);
  expect(nodes.map(({ name }) => name)).toEqual(['layer/Relu', 'layer/TopK']);
  expect(types.get('layer/Relu')).toEqual({ type: 'float32', shape: ['N', 3] });
});

it('what moves says how: the axes of a Transpose and a Gather, the shape of a Reshape', () => {
  const { context, input } = startLayer();
  context.channelsFirst(input(['N', 5, 4, 3]));
  context.plain(input(['N', 3], { order: Uint32Array.of(2, 0, 1) }));
  context.reshape(input(['N', 6]), ['N', 2, 3]);
  const { nodes } = context.graph.build('g', []);
  expect(nodes.map(({ attributes }) => attributes)).toEqual([
    { perm: { ints: [0, 3, 1, 2] } },
    { axis: { int: 1 } },
    {},
  ]);
  expect(nodes.map(({ inputs }) => inputs[1])).toEqual([undefined, 'layer/feature_order', 'layer/shape']);
});

it('weights that do not fit are told of with what to do', () => {
  const { context } = startLayer({ kernel: KERNEL });
  expect(() => context.weight('kernel', [2, 4])).toThrow(
    expect.objectContaining({ hint: 'Check that model.json and its .bin files belong together.' }),
  );
  expect(() => context.op('Relu', [startLayer().input(['N'])], { shape: [-1] })).toThrow(
    'its output would have a size that no tensor can have',
  );
});
