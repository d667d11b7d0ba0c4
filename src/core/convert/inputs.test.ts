import { describe, expect, test } from 'vitest';
import { artifacts, functional, inputOf, type TypedLayer } from '../../../test/convert/topology.js';
import { readOnnx } from '../onnx/read.js';
import { type ConvertOptions, convertArtifacts } from './convert.js';

const relu = (...from: string[]): TypedLayer => ['ReLU', {}, from];
const typed = (dtype: string): TypedLayer => ['InputLayer', { batch_input_shape: [null, 3], dtype }];

/** A model of one ReLU after its input, or of a sum after two. */
function convert(options: ConvertOptions, ...inputs: readonly TypedLayer[]) {
  const names = inputs.map((_, i) => `in${i}`);
  const layers = Object.fromEntries(inputs.map((input, i) => [names[i]!, input]));
  const last: TypedLayer = inputs.length === 1 ? relu(...names) : ['Add', {}, names];
  return convertArtifacts(artifacts(functional({ ...layers, last }, names, ['last'])), options);
}

describe('inputs', () => {
  test('one is named `input`, several after their layers', () => {
    expect(convert({}, inputOf(3)).inputs).toEqual([
      {
        name: 'input',
        type: 'float32',
        shape: ['N', 3],
        layout: 'plain',
        index: 0,
        isOwn: true,
        role: 'value',
      },
    ]);
    expect(convert({}, inputOf(3), inputOf(3)).inputs).toMatchObject([
      { name: 'in0', index: 0 },
      { name: 'in1', index: 1 },
    ]);
  });

  test('have open sizes where a run decides them, each under its own name', () => {
    expect(convert({}, inputOf(null, 3, null)).inputs[0]!.shape).toEqual([
      'N',
      'input_dim1',
      3,
      'input_dim3',
    ]);
    const pinned: TypedLayer = ['InputLayer', { batch_input_shape: [4, null], dtype: 'float32' }];
    expect(convert({}, pinned).inputs[0]!.shape).toEqual([4, 'input_dim1']);
    expect(convert({ batch: 7 }, pinned).inputs[0]!.shape).toEqual([7, 'input_dim1']);
    expect(convert({ batch: 7 }, inputOf(3)).inputs[0]!.shape).toEqual([7, 3]);
  });

  test.each(['float32', 'int32', 'bool'])('of the type %s keep it', (dtype) => {
    expect(convert({}, typed(dtype)).inputs[0]!.type).toBe(dtype);
  });

  test('of other types are refused', () => {
    expect(() => convert({}, typed('string'))).toThrow(
      "the model's input in0 has the type string, which cannot be converted",
    );
  });

  test.each<[string, TypedLayer, TypedLayer, ConvertOptions, unknown[]]>([
    ['an image', inputOf(5, 4, 3), ['MaxPooling2D', {}, ['x']], {}, ['N', 3, 5, 4]],
    [
      'one that shall stay as it is',
      inputOf(5, 4, 3),
      ['MaxPooling2D', {}, ['x']],
      { layout: 'nhwc' },
      ['N', 5, 4, 3],
    ],
    ['a volume', inputOf(6, 5, 4, 3), ['MaxPooling3D', {}, ['x']], {}, ['N', 3, 6, 5, 4]],
    ['a sequence that is flattened', inputOf(4, 3), ['Flatten', {}, ['x']], {}, ['N', 4, 3]],
    ['what is looked at number by number', inputOf(5, 4, 3), relu('x'), {}, ['N', 5, 4, 3]],
  ])('%s', (_, x, layer, options, shape) => {
    const { inputs } = convertArtifacts(artifacts(functional({ x, layer }, ['x'], ['layer'])), options);
    expect(inputs[0]!.shape).toEqual(shape);
  });
});

describe('pixels of 8 bits', () => {
  test('are divided by 255 in the graph', () => {
    const { inputs, graph } = convert({ input: 'uint8' }, inputOf(3));
    expect(inputs[0]).toMatchObject({ name: 'input', type: 'uint8', shape: ['N', 3] });
    const [cast, scale, last] = graph.nodes;
    expect([cast, scale, last].map((node) => `${node!.name}(${node!.inputs})`)).toEqual([
      'scale/Cast(input)',
      'scale/Mul(scale/Cast,scale/factor)',
      'last/Relu(scale/Mul)',
    ]);
    expect(cast!.attributes).toEqual({ to: { int: 1 } });
    expect([...graph.constants.get('scale/factor')!.data]).toEqual([Math.fround(1 / 255)]);
    expect(['scale/Cast', 'scale/Mul'].map((name) => graph.types.get(name))).toEqual(
      new Array(2).fill({ type: 'float32', shape: ['N', 3] }),
    );
  });

  test('are for models of floats', () => {
    expect(() => convert({ input: 'uint8' }, typed('int32'))).toThrow(
      expect.objectContaining({ message: "the model's input in0 takes int32, not pixels", exitCode: 2 }),
    );
  });

  test('are for models of one input', () => {
    expect(() => convert({ input: 'uint8' }, inputOf(3), inputOf(3))).toThrow(
      expect.objectContaining({ message: 'only a model with one input can take uint8 pixels', exitCode: 2 }),
    );
    expect(convert({ input: 'float32' }, inputOf(3), inputOf(3)).inputs[0]!.type).toBe('float32');
  });
});

test('what is no layers model, or has no input where it says, is told of', () => {
  const graphModel = { ...artifacts(functional({ x: inputOf(3) }, ['x'], ['x'])), format: 'graph-model' };
  expect(() => convertArtifacts(graphModel)).toThrow(
    expect.objectContaining({
      message: 'this is a TensorFlow.js graph model, which has no layers any more',
      hint: 'Convert the layers model that it was made from (format "layers-model" in model.json).',
    }),
  );
  const turned = functional({ x: inputOf(3), last: relu('x') }, ['last'], ['last']);
  expect(() => convertArtifacts(artifacts(turned))).toThrow(
    "the model topology's input last is no InputLayer",
  );
});

test('a model without weights needs none, and layers that do nothing are optimized away unless that is unwanted', () => {
  const shape: TypedLayer = ['Reshape', { target_shape: [3] }, ['a']];
  const layers = {
    x: inputOf(3),
    a: ['Reshape', { target_shape: [1, 3] }, ['x']],
    shape,
    last: relu('shape'),
  } as const;
  const modelTopology = functional(layers, ['x'], ['last']);
  const ops = (options?: ConvertOptions) =>
    convertArtifacts({ modelTopology }, options).graph.nodes.map(({ op }) => op);
  expect(ops()).toEqual(['Relu']);
  expect(ops({ optimize: true })).toEqual(['Relu']);
  expect(ops({ optimize: false })).toEqual(['Reshape', 'Reshape', 'Relu']);
  expect(convertArtifacts({ modelTopology }).unoptimized.nodes).toHaveLength(3);
});

test('the file tells who made it, what it shall tell, and its opset; any graph can be written so', () => {
  const options = { opset: 19, producerVersion: '1.2', metadata: { a: 'b' } };
  const { bytes, write, graph } = convert(options, inputOf(3));
  const file = readOnnx(bytes);
  expect([file.opsets, file.metadata]).toEqual([{ 'ai.onnx': 19 }, { a: 'b' }]);
  expect(file.producer).toMatch(/ 1\.2$/);
  expect(write(graph)).toEqual(bytes);
  expect(readOnnx(convert({}, inputOf(3)).bytes).producer).not.toMatch(/ /);
});
