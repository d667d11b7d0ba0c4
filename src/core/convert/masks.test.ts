import { describe, expect, test } from 'vitest';
import { artifacts, functional, inputOf, type TypedLayer } from '../../../test/convert/topology.js';
import { convertArtifacts } from './convert.js';
import type { UnsupportedLayersError } from './problems.js';

type Layers = Readonly<Record<string, TypedLayer>>;

const x = inputOf(4, 2);
const masking: TypedLayer = ['Masking', { mask_value: 7 }, ['x']];
const WEIGHTS = {
  'rnn/kernel': [2, 2],
  'rnn/recurrent_kernel': [2, 2],
  'rnn/bias': [2],
  'dense/kernel': [2, 2],
  'dense/bias': [2],
  'embedding/embeddings': [5, 2],
};
const rnn = (from: string, config = {}): TypedLayer => ['SimpleRNN', { units: 2, ...config }, [from]];

function convert(layers: Layers, outputs: readonly string[], inputs = ['x']) {
  const topology = functional({ x, ...layers }, inputs, outputs);
  return convertArtifacts(artifacts(topology, WEIGHTS), { optimize: false });
}

function problemsOf(...given: Parameters<typeof convert>): string[] {
  try {
    convert(...given);
  } catch (error) {
    return (error as UnsupportedLayersError).problems.map(({ layer, reason }) => `${layer}: ${reason}`);
  }
  return [];
}

/** Whether the recurrent layer honours the mask: it then runs step by step. */
const isMasked = (layers: Layers, outputs = ['rnn']) =>
  convert(layers, outputs).graph.nodes.some(({ op }) => op === 'Scan');

describe('the mask of a sequence', () => {
  test('is made of what differs from the value in any feature', () => {
    const { graph } = convert({ masking, rnn: rnn('masking') }, ['rnn']);
    const { nodes, constants } = graph;
    const ofMask = nodes.filter(({ name }) => name.startsWith('masking/'));
    // Once, for the steps that are set to 0 and for the layers that read it.
    expect(ofMask.map(({ op }) => op)).toEqual([
      ...['Equal', 'Not', 'Cast', 'ReduceMax', 'Squeeze', 'Cast', 'Mul'],
    ]);
    const [equal, , number, any, steps, bool] = ofMask;
    expect([...constants.get(equal!.inputs[1]!)!.data]).toEqual([7]);
    expect([...constants.get(any!.inputs[1]!)!.data].map(Number)).toEqual([2]);
    expect(any!.attributes).toEqual({ keepdims: { int: 1 } });
    expect([number!.attributes, bool!.attributes]).toEqual([{ to: { int: 1 } }, { to: { int: 9 } }]);
    const typeOf = (node = equal) => graph.types.get(node!.outputs[0]!);
    expect([typeOf(equal), typeOf(number), typeOf(any), typeOf(steps), typeOf(bool)]).toEqual([
      { type: 'bool', shape: ['N', 4, 2] },
      { type: 'float32', shape: ['N', 4, 2] },
      { type: 'float32', shape: ['N', 4, 1] },
      { type: 'float32', shape: ['N', 4] },
      { type: 'bool', shape: ['N', 4] },
    ]);
  });

  test('that nothing reads is not computed', () => {
    const { graph } = convert({ masking, dense: ['Dense', { units: 2 }, ['masking']] }, ['dense']);
    const ops = graph.nodes.filter(({ name }) => name.startsWith('masking/')).map(({ op }) => op);
    expect(ops).toEqual(['Equal', 'Not', 'Cast', 'ReduceMax', 'Mul']);
  });

  test.each(['float32', 'int32'])('or of indices that are not 0 (%s)', (dtype) => {
    const indices: TypedLayer = ['InputLayer', { batch_input_shape: [null, 4], dtype }];
    const embedding = (mask_zero: boolean): TypedLayer => [
      'Embedding',
      { input_dim: 5, output_dim: 2, mask_zero },
      ['i'],
    ];
    const { graph } = convert(
      { i: indices, embedding: embedding(true), rnn: rnn('embedding') },
      ['rnn'],
      ['i'],
    );
    const equal = graph.nodes.find(({ op }) => op === 'Equal')!;
    expect(graph.constants.get(equal.inputs[1]!)).toMatchObject({ type: dtype, shape: [] });
    expect([...graph.constants.get(equal.inputs[1]!)!.data]).toEqual([0]);
    expect(equal.inputs[1]).toBe('embedding/mask_zero');
    const without = convert(
      { i: indices, embedding: embedding(false), rnn: rnn('embedding') },
      ['rnn'],
      ['i'],
    );
    expect(without.graph.nodes.some(({ op }) => op === 'Equal' || op === 'Scan')).toBe(false);
  });

  test.each<[string, TypedLayer]>([
    ['Dropout', ['Dropout', { rate: 0.5 }, ['masking']]],
    ['ReLU', ['ReLU', {}, ['masking']]],
    ['Dense', ['Dense', { units: 2 }, ['masking']]],
  ])('goes on through %s', (_, dense) => {
    expect(isMasked({ masking, dense, rnn: rnn('dense') })).toBe(true);
  });

  test('goes on with the sequences of a recurrent layer', () => {
    const layers: Layers = {
      masking,
      rnn: ['SimpleRNN', { units: 2, return_sequences: true }, ['masking'], ['rnn']],
    };
    const { graph } = convert(layers, ['rnn:1']);
    expect(graph.nodes.filter(({ op }) => op === 'Scan')).toHaveLength(2);
  });

  test('is not there without one that makes it', () => {
    expect(isMasked({ rnn: rnn('x') })).toBe(false);
  });
});

describe('what tfjs does with a mask that we do not is refused', () => {
  const elu: TypedLayer = ['ELU', {}, ['masking']];

  test.each<[string, Layers, string[], string[]]>([
    [
      'a layer that gets the mask of another one, since tfjs keeps it',
      { masking, elu, rnn: rnn('elu') },
      ['rnn'],
      ['rnn: tfjs hands it the mask of masking, which its input has not'],
    ],
    [
      'also where it comes from elsewhere',
      { masking, sum: ['Add', {}, ['elu', 'rnn']], elu, rnn: rnn('x', { return_sequences: true }) },
      ['sum'],
      ['rnn: tfjs hands it the mask of masking, which its input has not'],
    ],
    [
      'a softmax over it',
      { masking, softmax: ['Softmax', {}, ['masking']] },
      ['softmax'],
      ['softmax: a softmax over a masked sequence is not supported'],
    ],
    [
      'one of several inputs',
      { masking, sum: ['Add', {}, ['masking', 'x']] },
      ['sum'],
      ['sum: a mask on one of several inputs is not supported'],
    ],
  ])('%s', (_, layers, outputs, problems) => {
    expect(problemsOf(layers, outputs)).toEqual(problems);
  });

  test('a recurrent layer that reads it inside a nested model', () => {
    const inner = functional(
      { y: x, masking: ['Masking', {}, ['y']], rnn: rnn('masking') },
      ['y'],
      ['rnn'],
      'inner',
    );
    const layers: Layers = { inner: ['Model', inner.config, ['x']] };
    expect(problemsOf(layers, ['inner'])).toEqual([
      'inner/rnn: a mask inside a nested model is not supported',
    ]);
  });

  test('but not layers that make nothing of it', () => {
    expect(problemsOf({ masking, elu, flat: ['Flatten', {}, ['elu']] }, ['flat'])).toEqual([]);
  });
});
