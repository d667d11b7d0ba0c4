import { describe, expect, it } from 'vitest';
import { chain, maxDifference, randomizeWeights, tf } from '../../../test/convert/parity.js';
import { createNodeSession, createWebSession } from '../../node/runtime/index.js';
import { type ConvertedModel, convertLayersModel } from '../convert/index.js';
import { renameValues } from '../convert/rename.js';
import { halfToNumber } from '../onnx/half.js';
import { floatConstant, type Graph } from '../onnx/types.js';
import { createRandom, randomNormal } from '../random.js';
import { calibrationTargets, type Range, toFloat16, toInt8 } from './index.js';
import { encodingOf } from './int8.js';

const { layers } = tf;

function network(): tf.LayersModel {
  const model = chain(
    [12, 12, 2],
    layers.conv2d({ filters: 6, kernelSize: 3, name: 'conv1' }),
    layers.batchNormalization(),
    layers.reLU({}),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false }),
    layers.activation({ activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 5, activation: 'softmax' }),
  );
  randomizeWeights(model, 3);
  return model;
}

const random = createRandom(5);
const input = {
  type: 'float32',
  shape: [4, 2, 12, 12],
  data: Float32Array.from({ length: 4 * 288 }, () => randomNormal(random)),
} as const;

async function logitsOf(
  bytes: Uint8Array,
  make: typeof createNodeSession | typeof createWebSession,
  output = 'logits',
) {
  const session = await make(bytes);
  const results = await session.run({ input }, [output]);
  await session.release();
  return Float32Array.from(results[output]!.data as Float32Array);
}

async function calibrated(converted: ConvertedModel): Promise<Map<string, Range>> {
  const ranges = new Map<string, Range>();
  for (const name of calibrationTargets(converted.graph)) {
    const outputs = [{ name, ...converted.graph.types.get(name)! }];
    const data =
      name === 'input'
        ? input.data
        : await logitsOf(converted.write({ ...converted.graph, outputs }), createNodeSession, name);
    ranges.set(name, { min: Math.min(...data), max: Math.max(...data) });
  }
  return ranges;
}

describe.each([
  ['onnxruntime-node', createNodeSession],
  ['onnxruntime-web', createWebSession],
] as const)('%s', (_, make) => {
  it('runs the half-precision model, within its precision', async () => {
    const converted = await convertLayersModel(network());
    const half = converted.write(toFloat16(converted.graph, { keepIoTypes: true }));
    expect(half.length).toBeLessThan(0.75 * converted.bytes.length);
    const truth = await logitsOf(converted.bytes, createNodeSession);
    expect(maxDifference(await logitsOf(half, make), truth)).toBeLessThan(2e-2);
  });

  it('runs the 8-bit model, within its precision', async () => {
    const converted = await convertLayersModel(network());
    const bytes = converted.write(toInt8(converted.graph, await calibrated(converted)));
    const truth = await logitsOf(converted.bytes, createNodeSession);
    const scale = Math.max(...truth.map(Math.abs));
    expect(maxDifference(await logitsOf(bytes, make), truth) / scale).toBeLessThan(0.1);
  });
});

describe('toFloat16', () => {
  it.each(['lstm', 'gru', 'simpleRNN'] as const)(
    'of the sequences of an %s before a dense layer runs, which onnxruntime does not survive in the other order',
    async (kind) => {
      const rnn = layers[kind]({ units: 3, returnSequences: true } as never) as tf.layers.Layer;
      const model = chain([4, 3], rnn, layers.dense({ units: 2 }));
      randomizeWeights(model, 3);
      const converted = await convertLayersModel(model);
      const half = converted.write(toFloat16(converted.graph, { keepIoTypes: true }));
      const data = Float32Array.from({ length: 24 }, () => randomNormal(random));
      const feeds = { input: { type: 'float32', shape: [2, 4, 3], data } } as const;
      const [truth, actual] = await Promise.all(
        [converted.bytes, half].map(async (bytes) => {
          const session = await createNodeSession(bytes, { device: 'cpu' });
          const { output } = await session.run(feeds);
          await session.release();
          return output!.data as Float32Array;
        }),
      );
      expect(maxDifference(actual!, truth!)).toBeLessThan(2e-2);
    },
  );

  it('keeps float32 ports by Casts, or makes them half too', async () => {
    const { graph } = await convertLayersModel(network());
    const kept = toFloat16(graph, { keepIoTypes: true });
    expect(kept.inputs.concat(kept.outputs).map((port) => port.type)).toEqual([
      'float32',
      'float32',
      'float32',
    ]);
    expect(kept.nodes.map((node) => node.op).filter((op) => op === 'Cast')).toHaveLength(3);
    const whole = toFloat16(graph, { keepIoTypes: false });
    expect(whole.inputs.concat(whole.outputs).map((port) => port.type)).toEqual([
      'float16',
      'float16',
      'float16',
    ]);
    expect(whole.nodes.some((node) => node.op === 'Cast')).toBe(false);
  });

  it('converts recurrent and resizing layers, whose operators have rules of their own', async () => {
    const models = [
      chain([5, 3], layers.lstm({ units: 4, activation: 'mish' })),
      chain([5, 3], layers.gru({ units: 4 })),
      chain([4, 4, 2], layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })),
    ];
    for (const model of models) {
      randomizeWeights(model, 3);
      const converted = await convertLayersModel(model);
      const shape = [2, ...(converted.inputs[0]!.shape.slice(1) as number[])];
      const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5);
      const outputOf = async (bytes: Uint8Array) => {
        const session = await createNodeSession(bytes);
        const { output } = await session.run({ input: { type: 'float32', shape, data } });
        await session.release();
        return output!.data as Float32Array;
      };
      const half = await outputOf(converted.write(toFloat16(converted.graph, { keepIoTypes: true })));
      expect(maxDifference(half, await outputOf(converted.bytes))).toBeLessThan(2e-3);
    }
  });

  it.each([
    ['looked up', layers.embedding({ inputDim: 5000, outputDim: 1 })],
    ['looked up with a mask', layers.embedding({ inputDim: 5000, outputDim: 1, maskZero: true })],
    [
      'moved, and looked up',
      layers.timeDistributed({ layer: layers.embedding({ inputDim: 5000, outputDim: 1 }) }),
    ],
  ])('keeps whole numbers that are %s, of which it has few above 2048', async (_, lookup) => {
    const isNested = lookup.getClassName() === 'TimeDistributed';
    const model = chain(
      [isNested ? [3, 1] : [3]].flat(),
      lookup,
      ...(isNested ? [] : [layers.lstm({ units: 2, returnSequences: true })]),
    );
    randomizeWeights(model, 3);
    // Numbers side by side have vectors far from each other.
    const [table, ...others] = model.getWeights();
    model.setWeights([tf.range(0, 5000).mod(7).div(7).reshape(table!.shape), ...others]);
    const ids = [4097, 0, 3001];
    const expected = (
      model.predict(tf.tensor(ids, [1, ...(model.inputs[0]!.shape.slice(1) as number[])])) as tf.Tensor
    ).dataSync();
    const converted = await convertLayersModel(model);
    const session = await createNodeSession(
      converted.write(toFloat16(converted.graph, { keepIoTypes: true })),
    );
    const shape = [1, ...(converted.inputs[0]!.shape.slice(1) as number[])];
    const { output } = await session.run({ input: { type: 'float32', shape, data: Float32Array.from(ids) } });
    await session.release();
    expect(maxDifference(output!.data as Float32Array, expected as Float32Array)).toBeLessThan(2e-3);
  });

  it.each([true, false])(
    'looks up whole numbers that it computes with too (keepIoTypes %s)',
    async (keepIoTypes) => {
      const ids = tf.input({ shape: [3] });
      const rows = layers.embedding({ inputDim: 5000, outputDim: 1 }).apply(ids) as tf.SymbolicTensor;
      const dense = layers.dense({ units: 2 }).apply(ids) as tf.SymbolicTensor;
      const model = tf.model({ inputs: ids, outputs: [rows, dense] });
      model.setWeights([
        tf.range(0, 5000).mod(7).reshape([5000, 1]),
        tf.fill([3, 2], 2 ** -12),
        tf.zeros([2]),
      ]);
      const { graph, write, outputs } = await convertLayersModel(model);
      const half = toFloat16(graph, { keepIoTypes });
      expect(half.inputs.map(({ type }) => type)).toEqual(['float32']);
      const session = await createNodeSession(write(half), { device: 'cpu' });
      const data = Float32Array.of(4097, 0, 3001);
      const results = await session.run({ input: { type: 'float32', shape: [1, 3], data } });
      await session.release();
      const numbers = outputs.map(({ name }) => {
        const { data } = results[name]!;
        return Array.from(data as ArrayLike<number>, keepIoTypes ? Number : halfToNumber);
      });
      expect(numbers[0]).toEqual([4097 % 7, 0, 3001 % 7]);
      // Rounded to 11 bits: 4096 and 3000 of it.
      expect(numbers[1]).toEqual([7096 / 4096, 7096 / 4096].map((value) => expect.closeTo(value, 2)));
    },
  );

  it("leaves a layer's value that is named as what stands behind an input", async () => {
    const { graph } = await convertLayersModel(chain([2], layers.reLU({}), layers.dense({ units: 2 })));
    const [relu] = graph.nodes;
    const named = renameValues(graph, new Map([[relu!.outputs[0]!, 'input/float16']]));
    const { nodes, constants } = toFloat16(named, { keepIoTypes: true });
    const made = [...constants.keys(), ...nodes.flatMap(({ outputs }) => outputs)];
    expect(made).toHaveLength(new Set(made).size);
  });

  it('refuses weights that half precision cannot hold', () => {
    const graph: Graph = {
      name: 'g',
      inputs: [],
      outputs: [],
      nodes: [],
      constants: new Map([['big', floatConstant([1], [1e6])]]),
      types: new Map(),
    };
    expect(() => toFloat16(graph, { keepIoTypes: true })).toThrow('the constant big holds 1000000');
  });
});

describe('toInt8', () => {
  it('by hand: encodings hold 0 and the ends of the range', () => {
    expect(encodingOf({ min: 0, max: 2.55 })).toEqual({ scale: Math.fround(0.01), zeroPoint: 0 });
    expect(encodingOf({ min: -1, max: 1.55 })).toEqual({ scale: Math.fround(0.01), zeroPoint: 100 });
    expect(encodingOf({ min: 1, max: 5.1 }).zeroPoint).toBe(0);
    expect(encodingOf({ min: 0, max: 0 })).toEqual({ scale: 1, zeroPoint: 0 });
  });

  it('stores kernels as int8 with a scale a channel, biases as int32, and moves data without a new encoding', async () => {
    const converted = await convertLayersModel(network());
    const ranges = await calibrated(converted);
    const moved = converted.graph.nodes.find((node) => node.op === 'MaxPool')!.outputs[0]!;
    const graph = toInt8(converted.graph, ranges.set(moved, { min: 0, max: 999 }));
    const types = [...graph.constants]
      .filter(([name]) => name.endsWith('/quantized'))
      .map(([, constant]) => constant.type);
    expect(types).toEqual(['int8', 'int32', 'int8', 'int8', 'int32']);
    expect(
      [...graph.constants.values()].some(({ type, data }) => type === 'float32' && data.length > 8),
    ).toBe(false);
    const pool = graph.nodes.find((node) => node.op === 'MaxPool')!;
    const scaleOf = (name: string) => graph.constants.get(`${name}/scale`)!.data[0];
    expect(scaleOf(pool.inputs[0]!.replace(/\/DequantizeLinear$/, ''))).toBe(scaleOf(pool.outputs[0]!));
  });

  it('gives every int8 kernel a zero point: without one onnxruntime computes dense layers in float32', async () => {
    const converted = await convertLayersModel(network());
    const { nodes, constants } = toInt8(converted.graph, await calibrated(converted));
    const kernels = nodes.filter(({ inputs }) => constants.get(inputs[0]!)?.type === 'int8');
    expect(kernels.map(({ op }) => op)).toEqual(Array(3).fill('DequantizeLinear'));
    for (const { inputs } of kernels) {
      const zeroPoint = constants.get(inputs[2]!)!;
      expect(zeroPoint.type).toBe('int8');
      expect(zeroPoint.shape).toEqual(constants.get(inputs[1]!)!.shape);
      expect(zeroPoint.data.some((value: number | bigint) => value !== 0)).toBe(false);
    }
  });

  it('keeps the bias of a channel whose kernel is next to nothing, which 32 bits of its own scale cannot hold', async () => {
    const model = chain([2], layers.dense({ units: 2 }));
    model.setWeights([tf.tensor2d([1, 1e-12, 1, 1e-12], [2, 2]), tf.tensor1d([0.5, 0.5])]);
    const converted = await convertLayersModel(model);
    const graph = toInt8(converted.graph, new Map([['input', { min: 0, max: 1 }]]));
    const bias = [...graph.constants].find(([, { type }]) => type === 'int32')!;
    const scale = graph.constants.get(bias[0].replace('quantized', 'scale'))!;
    const values = [0, 1].map((i) => Number(bias[1].data[i]) * Number(scale.data[i]));
    for (const value of values) expect(value).toBeCloseTo(0.5, 2);
  });
});

it('toInt8 keeps the constants of a layer that is named as the input', async () => {
  const graph = (
    await convertLayersModel(
      chain([4], layers.rescaling({ scale: 0.5, name: 'input' }) as never, layers.dense({ units: 2 })),
      { optimize: false },
    )
  ).graph;
  const ranges = new Map(calibrationTargets(graph).map((name) => [name, { min: -1, max: 1 }]));
  const own = [...graph.constants].filter(([name]) => name.startsWith('input/'));
  expect(own.length).toBeGreaterThan(0);
  const quantized = toInt8(graph, ranges);
  for (const [name, constant] of own) expect(quantized.constants.get(name)).toEqual(constant);
});
