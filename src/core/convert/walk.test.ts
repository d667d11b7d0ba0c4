import { describe, expect, test } from 'vitest';
import { artifacts, functional, inputOf, type TypedLayer } from '../../../test/convert/topology.js';
import { convertArtifacts } from './convert.js';
import type { UnsupportedLayersError } from './problems.js';

const x = inputOf(3);
const relu = (...inputs: string[]): TypedLayer => ['ReLU', {}, inputs];
const LAMBDA = 'tfjs-layers 4.22 has no such layer';

type Layers = Readonly<Record<string, TypedLayer>>;

function convert(layers: Layers, outputs: readonly string[], inputs: readonly string[] = ['x']) {
  return convertArtifacts(artifacts(functional({ x, ...layers }, inputs, outputs)), { optimize: false });
}

const nodesOf = (...given: Parameters<typeof convert>) =>
  convert(...given).graph.nodes.map(({ name, inputs }) => `${name}(${inputs})`);

/** Of each layer that cannot be converted, its path, class and reason. */
function problemsOf(...given: Parameters<typeof convert>): string[] {
  try {
    convert(...given);
  } catch (error) {
    return (error as UnsupportedLayersError).problems.map((p) => `${p.layer} (${p.className}): ${p.reason}`);
  }
  return [];
}

describe('layers are converted', () => {
  test('each after those that it needs, however they are listed, and only those that the outputs need', () => {
    const layers: Layers = { c: relu('b'), unused: relu('x'), b: relu('a'), a: relu('x') };
    expect(nodesOf(layers, ['c'])).toEqual(['a/Relu(input)', 'b/Relu(a/Relu)', 'c/Relu(b/Relu)']);
  });

  test('once each, where several need them, in the order of their inputs', () => {
    const layers: Layers = {
      a: relu('x'),
      left: relu('a'),
      right: relu('a'),
      sum: ['Add', {}, ['left', 'right']],
    };
    expect(nodesOf(layers, ['sum'])).toEqual([
      'a/Relu(input)',
      'left/Relu(a/Relu)',
      'right/Relu(a/Relu)',
      'sum/Add(left/Relu,right/Relu)',
    ]);
  });

  test('once a call', () => {
    const { trace } = convert({ shared: ['ReLU', {}, ['x'], ['shared']] }, ['shared:1']);
    expect(trace.map(({ layer, className, call }) => [layer, className, call])).toEqual([
      ['shared', 'ReLU', 0],
      ['shared', 'ReLU', 1],
    ]);
  });

  test('in nested models, under the path of their names', () => {
    const inner = functional({ y: x, b: relu('y') }, ['y'], ['b'], 'inner').config;
    const outer = functional({ z: x, inner: ['Model', inner, ['z']] }, ['z'], ['inner'], 'outer').config;
    const { trace } = convert({ outer: ['Model', outer, ['x']] }, ['outer']);
    expect(trace.map(({ layer }) => layer)).toEqual(['outer/inner/b']);
  });
});

describe('a damaged topology is told of', () => {
  test.each<[string, Layers, string[], string]>([
    [
      'a circle',
      { a: relu('b'), b: relu('a') },
      ['b'],
      'the model topology has a circle through the layer b',
    ],
    ['a layer of itself', { a: relu('a') }, ['a'], 'the model topology has a circle through the layer a'],
    [
      'an output that its layer has not',
      { a: relu('x'), b: relu('a:0:1') },
      ['b'],
      'the model topology refers to output 1 of a, which has 1',
    ],
    [
      'a layer without inputs',
      { a: ['ReLU', {}, []] },
      ['a'],
      'the model topology leaves a without an input',
    ],
    [
      'an input that nothing feeds',
      { y: x, a: relu('y') },
      ['a'],
      'the model topology leaves y without an input',
    ],
    [
      'a model with too many inputs',
      { m: ['Model', functional({ y: x, b: relu('y') }, ['y'], ['b']).config, ['x', 'x']] },
      ['m'],
      'the model topology gives the model m 2 inputs, not 1',
    ],
  ])('%s', (_, layers, outputs, message) => {
    expect(() => convert(layers, outputs)).toThrow(message);
  });
});

describe('all layers that cannot be converted are named', () => {
  test('those of nested models too, also where no output needs them', () => {
    const inner = functional({ y: x, mine: ['Lambda', {}, ['y']] }, ['y'], ['mine'], 'inner').config;
    const layers: Layers = {
      inner: ['Model', inner, ['x']],
      crop: ['CenterCrop', { height: 2, width: 2 }, ['x']],
      cell: ['LSTMCell', { units: 2 }, ['x']],
      a: relu('x'),
    };
    expect(problemsOf(layers, ['a'])).toEqual([
      `inner/mine (Lambda): ${LAMBDA}`,
      'crop (CenterCrop): its predict fails in tfjs itself',
      expect.stringMatching(/^cell \(LSTMCell\): ./),
    ]);
  });

  test('what hangs on one is passed over, what does not is looked at', () => {
    const layers: Layers = {
      mine: ['Lambda', {}, ['x']],
      after: relu('mine'),
      sum: ['Add', {}, ['x', 'after']],
      flat: ['MaxPooling2D', {}, ['x']],
      later: relu('flat'),
    };
    expect(problemsOf(layers, ['sum', 'later'])).toEqual([
      `mine (Lambda): ${LAMBDA}`,
      'flat (MaxPooling2D): its input has 2 dimensions, not 4',
    ]);
  });

  test('but no other failure is taken for one', () => {
    expect(() => convert({ a: ['Dense', { units: 2 }, ['x']] }, ['a'])).toThrow('a/kernel is missing');
  });
});

describe('a layer inside another one', () => {
  const within = (class_name: string, config: object): Layers => ({
    steps: ['TimeDistributed', { layer: { class_name, config: { name: 'inner', ...config } } }, ['sequence']],
    sequence: ['Reshape', { target_shape: [3, 1] }, ['x']],
  });

  test('is converted under the path of both', () => {
    const names = convert(within('ReLU', {}), ['steps']).graph.nodes.map(({ name }) => name);
    expect(names.some((name) => /^steps\/.*Relu$/.test(name))).toBe(true);
  });

  test('a whole model too', () => {
    const model = functional({ y: inputOf(1), b: relu('y') }, ['y'], ['b'], 'inner');
    for (const className of ['Model', 'Functional']) {
      const { graph, trace } = convert(within(className, model.config), ['steps']);
      expect(graph.nodes.some(({ op }) => op === 'Relu')).toBe(true);
      // What it holds is none of the model's own calls.
      expect(trace.map(({ layer }) => layer)).toEqual(['sequence', 'steps']);
    }
    const layers = [{ class_name: 'ReLU', config: { name: 'r', batch_input_shape: [null, 1] } }];
    expect(nodesOf(within('Sequential', { layers }), ['steps']).join()).toContain('Relu');
  });

  test('is refused where it cannot be converted, with the reason', () => {
    expect(problemsOf(within('CenterCrop', { height: 1, width: 1 }), ['steps'])).toEqual([
      expect.stringMatching(/^steps \(TimeDistributed\): its CenterCrop: its predict fails/),
    ]);
    expect(problemsOf(within('Conv2D', { filters: 1, kernel_size: [1, 1] }), ['steps'])).toEqual([
      'steps (TimeDistributed): its input has 2 dimensions, not 4',
    ]);
    const unknown = functional(
      { y: inputOf(1), a: ['Lambda', {}, ['y']], b: ['Lambda', {}, ['a']] },
      ['y'],
      ['b'],
    );
    expect(problemsOf(within('Model', unknown.config), ['steps'])).toEqual([
      expect.stringMatching(/^steps \(TimeDistributed\): .*a: tfjs-layers.*; .*b: tfjs-layers/),
    ]);
    const flat = functional({ y: inputOf(1), b: ['MaxPooling2D', {}, ['y']] }, ['y'], ['b']);
    expect(problemsOf(within('Model', flat.config), ['steps']).join()).toContain('not 4');
  });
});
