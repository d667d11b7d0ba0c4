import { describe, expect, test } from 'vitest';
import { artifacts, functional, inputOf, type TypedLayer } from '../../../test/convert/topology.js';
import { createNodeSession } from '../../node/runtime/index.js';
import { type ConvertOptions, convertArtifacts } from './convert.js';

const relu: TypedLayer = ['ReLU', {}, ['x']];
const softmax: TypedLayer = ['Softmax', {}, ['relu']];

/** What a model of layers, all after an input of 3 numbers unless said otherwise, becomes. */
function convert(
  layers: Readonly<Record<string, TypedLayer>>,
  outputs: readonly string[],
  options: ConvertOptions = {},
  x = inputOf(3),
) {
  const converted = convertArtifacts(artifacts(functional({ x, ...layers }, ['x'], outputs)), {
    optimize: false,
    ...options,
  });
  return { ...converted, ops: converted.graph.nodes.map(({ op }) => op) };
}

test('inputs may have the names of outputs, which take others then', async () => {
  const { modelTopology } = artifacts(
    functional(
      {
        logits: inputOf(3),
        probabilities: inputOf(3),
        add: ['Add', {}, ['logits', 'probabilities']],
        softmax: ['Softmax', {}, ['add']],
      },
      ['logits', 'probabilities'],
      ['softmax'],
    ),
  );
  const { bytes, outputs } = convertArtifacts({ modelTopology });
  expect(outputs.map(({ name, role }) => [name, role])).toEqual([
    ['logits_1', 'logits'],
    ['probabilities_1', 'probabilities'],
  ]);
  const session = await createNodeSession(bytes);
  const row = { type: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 3) } as const;
  const results = await session.run({ logits: row, probabilities: row });
  await session.release();
  expect([...results.logits_1!.data]).toEqual([2, 4, 6]);
});

describe('a classifier', () => {
  const named = (...given: Parameters<typeof convert>) =>
    convert(...given).outputs.map(({ name, role, isOwn, index, shape }) => ({
      name,
      role,
      isOwn,
      index,
      shape,
    }));
  const output = (role: string, isOwn: boolean) => ({ name: role, role, isOwn, index: 0, shape: ['N', 3] });

  test.each<[ConvertOptions]>([[{}], [{ isClassifier: true }], [{ output: 'both' }]])(
    'that ends in a softmax gives what stands before it too (%o)',
    (options) => {
      expect(named({ relu, softmax }, ['softmax'], options)).toEqual([
        output('logits', false),
        output('probabilities', true),
      ]);
      expect(convert({ relu, softmax }, ['softmax'], options).ops).toEqual(['Relu', 'Softmax']);
    },
  );

  test.each(['auto', 'logits', 'probabilities', 'both', 'class'] as const)(
    'says whether it ends in a softmax, whatever it gives (%s), and also with another layer behind it',
    (output) => {
      const dropout: TypedLayer = ['Dropout', { rate: 0.5 }, ['softmax']];
      expect(convert({ relu, softmax, dropout }, ['dropout'], { output }).endsInSoftmax).toBe(true);
      expect(convert({ relu }, ['relu'], { output }).endsInSoftmax).toBe(false);
    },
  );

  test.each<[ConvertOptions]>([[{ isClassifier: true }], [{ output: 'both' }]])(
    'without one gets one (%o)',
    (options) => {
      expect(named({ relu }, ['relu'], options)).toEqual([
        output('logits', true),
        output('probabilities', false),
      ]);
      const { graph } = convert({ relu }, ['relu'], options);
      expect(graph.nodes).toMatchObject([
        { op: 'Relu', outputs: ['logits'] },
        { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: { axis: { int: 1 } } },
      ]);
      expect(graph.outputs.map(({ name }) => name)).toEqual(['logits', 'probabilities']);
    },
  );

  test.each([
    ['logits', ['Relu'], true],
    ['probabilities', ['Relu', 'Softmax'], false],
  ] as const)('gives %s alone where that is asked for', (kind, ops, isOwn) => {
    expect(named({ relu }, ['relu'], { output: kind })).toEqual([output(kind, isOwn)]);
    expect(convert({ relu }, ['relu'], { output: kind }).ops).toEqual(ops);
    expect(named({ relu, softmax }, ['softmax'], { output: kind })).toEqual([output(kind, !isOwn)]);
  });

  test('gives the class alone, which the model in tfjs does not have', () => {
    const { outputs, graph } = convert({ relu, softmax }, ['softmax'], { output: 'class' });
    expect(outputs).toMatchObject([
      { name: 'class', role: 'class', type: 'int64', shape: ['N'], isOwn: false, index: 0 },
    ]);
    expect(graph.nodes.at(-1)).toMatchObject({
      op: 'ArgMax',
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    });
    // Of the numbers before the softmax, which says nothing more.
    expect(convert({ relu, softmax }, ['softmax'], { output: 'class' }).ops).toEqual(['Relu', 'ArgMax']);
  });
});

describe('a model that is none', () => {
  const both: [Record<string, TypedLayer>, string[]] = [
    { relu, other: ['ELU', {}, ['x']] },
    ['relu', 'other'],
  ];

  test.each<[string, Parameters<typeof convert>]>([
    ['of two outputs', both],
    ['of one number', [{ relu }, ['relu'], {}, inputOf(1)]],
    ['of sequences', [{ relu }, ['relu'], {}, inputOf(4, 3)]],
  ])('%s refuses to classify', (_, [layers, outputs, , x]) => {
    for (const output of ['logits', 'probabilities', 'both', 'class'] as const) {
      expect(() => convert(layers, outputs, { output }, x)).toThrow(
        expect.objectContaining({
          message: `--output ${output} is for classifiers, which have one output [N, classes]`,
          exitCode: 2,
        }),
      );
    }
    expect(convert(layers, outputs, { isClassifier: true }, x).outputs.map(({ role }) => role)).toEqual(
      outputs.map(() => 'value'),
    );
  });

  test('keeps its only output as `output`', () => {
    expect(convert({ relu }, ['relu']).outputs).toMatchObject([
      { name: 'output', role: 'value', isOwn: true, index: 0 },
    ]);
  });

  test('names several after their layers, each once', () => {
    const layers: Record<string, TypedLayer> = { relu: ['ReLU', {}, ['x'], ['relu']] };
    const { outputs } = convert(layers, ['relu', 'relu:1', 'relu']);
    expect(outputs.map(({ name, index }) => [name, index])).toEqual([
      ['relu', 0],
      ['relu_1', 1],
      ['relu_2', 2],
    ]);
  });

  test('gives no output the name of an input', () => {
    const one: Record<string, TypedLayer> = { input: ['ReLU', {}, ['x']], other: ['ELU', {}, ['x']] };
    expect(convert(one, ['input', 'other']).outputs.map(({ name }) => name)).toEqual(['input_1', 'other']);
    const two = functional(
      { a: inputOf(3), b: inputOf(3), sum: ['Add', {}, ['a', 'b']] },
      ['a', 'b'],
      ['sum', 'a'],
    );
    const { inputs, outputs } = convertArtifacts(artifacts(two));
    expect(inputs.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(outputs.map(({ name }) => name)).toEqual(['sum', 'a_1']);
  });

  test('gives no output the name that something inside has', () => {
    const first: TypedLayer = ['ReLU', {}, ['x']];
    const second: TypedLayer = ['ReLU', {}, ['first']];
    const third: TypedLayer = ['ELU', {}, ['first']];
    const { outputs, graph } = convert({ first, 'first/Relu': second, third }, ['first/Relu', 'third']);
    expect(outputs.map(({ name }) => name)).toEqual(['first/Relu_1', 'third']);
    const made = graph.nodes.flatMap((node) => node.outputs);
    expect(new Set(made).size).toBe(made.length);
  });

  test('copies a value that is an input, or another output too', () => {
    const { ops, graph } = convert({ relu }, ['relu', 'relu', 'x']);
    expect(ops).toEqual(['Relu', 'Identity', 'Identity']);
    expect(new Set(graph.outputs.map(({ name }) => name)).size).toBe(3);
    expect(graph.nodes.map(({ outputs }) => outputs[0])).toEqual(graph.outputs.map(({ name }) => name));
  });
});

describe('images', () => {
  const pool: TypedLayer = ['MaxPooling2D', {}, ['x']];

  test('leave as they enter', () => {
    const nchw = convert({ pool }, ['pool'], {}, inputOf(4, 6, 3));
    expect(nchw.outputs).toMatchObject([{ shape: ['N', 3, 2, 3], layout: 'NCHW' }]);
    expect(nchw.ops).toEqual(['MaxPool']);
    const nhwc = convert({ pool }, ['pool'], { layout: 'nhwc' }, inputOf(4, 6, 3));
    expect(nhwc.outputs).toMatchObject([{ shape: ['N', 2, 3, 3], layout: 'plain' }]);
    expect(nhwc.ops).toEqual(['Transpose', 'MaxPool', 'Transpose']);
  });

  test('sequences leave as in tfjs', () => {
    const layers: Record<string, TypedLayer> = { pool: ['MaxPooling1D', {}, ['x']] };
    expect(convert(layers, ['pool'], {}, inputOf(6, 3)).outputs).toMatchObject([
      { shape: ['N', 3, 3], layout: 'plain' },
    ]);
  });
});

test("each layer's own values are told under the names that they got", () => {
  const { trace } = convert({ relu, softmax }, ['softmax']);
  expect(trace.map(({ layer, values }) => [layer, values.map(({ name }) => name)])).toEqual([
    ['relu', ['logits']],
    ['softmax', ['probabilities']],
  ]);
});
