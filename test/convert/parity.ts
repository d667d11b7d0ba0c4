import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import {
  type ConvertedModel,
  type ConvertOptions,
  convertLayersModel,
} from '../../src/core/convert/index.js';
import { channelsFirstAxes, channelsLastAxes, permute } from '../../src/core/onnx/permute.js';
import { sizeOf } from '../../src/core/onnx/types.js';
import { createRandom, randomNormal } from '../../src/core/random.js';

tf.env().set('PROD', true);
await tf.setBackend('cpu');

export { tf };

export interface Parity {
  readonly converted: ConvertedModel;
  /** The maximum absolute difference over all outputs. */
  readonly difference: number;
  readonly ops: readonly string[];
}

export interface ParityOptions extends Omit<ConvertOptions, 'input'> {
  readonly batchSize?: number;
  readonly atol?: number;
  /** Values of one input; by default normal random numbers. */
  readonly input?: (random: () => number) => number;
  /** Leaves the weights that the model has. */
  readonly keepWeights?: boolean;
  /** The true result, where tfjs's CPU backend is wrong; by default what the model predicts. */
  readonly expected?: (inputs: tf.Tensor[]) => tf.Tensor;
}

/** Converts a model with seeded random weights and compares onnxruntime's results with tfjs's. */
export async function checkParity(model: tf.LayersModel, options: ParityOptions = {}): Promise<Parity> {
  const { batchSize = 2, atol = 1e-5, input, keepWeights, expected: compute, ...convertOptions } = options;
  if (!keepWeights) randomizeWeights(model, 7);
  const converted = await convertLayersModel(model, convertOptions);
  const random = createRandom(11);
  const draw = input ? () => input(random) : () => randomNormal(random);
  const feeds: Record<string, ort.Tensor> = {};
  const tensors = model.inputs.map((symbolic, i) => {
    const shape = symbolic.shape.map((dim, axis) => dim ?? (axis === 0 ? batchSize : 5));
    const data = Float32Array.from({ length: sizeOf(shape) }, draw);
    const bound = converted.inputs[i]!;
    const moved =
      bound.layout === 'NCHW' ? permute({ shape, data }, channelsFirstAxes(shape.length)) : { shape, data };
    feeds[bound.name] =
      bound.type === 'int32'
        ? new ort.Tensor('int32', Int32Array.from(moved.data), moved.shape)
        : new ort.Tensor('float32', moved.data, moved.shape);
    return tf.tensor(data, shape, bound.type === 'int32' ? 'int32' : 'float32');
  });
  const predicted = compute ? compute(tensors) : model.predict(tensors.length === 1 ? tensors[0]! : tensors);
  const expected = Array.isArray(predicted) ? predicted : [predicted];

  const results = await run(converted.bytes, feeds);
  let difference = 0;
  for (const output of converted.outputs) {
    const { shape, data } = results[output.name]!;
    if (!output.isOwn) continue;
    const actual =
      output.layout === 'NCHW' ? permute({ shape, data }, channelsLastAxes(shape.length)) : { shape, data };
    const target = expected[output.index]!;
    expect(actual.shape).toEqual(target.shape);
    difference = Math.max(difference, maxDifference(actual.data, target.dataSync()));
  }
  tf.dispose([tensors, expected]);
  expect(difference).toBeLessThanOrEqual(atol);
  return { converted, difference, ops: converted.graph.nodes.map((node) => node.op) };
}

async function run(bytes: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const results = await session.run(feeds);
  const outputs = Object.entries(results).map(([name, { dims, data }]) => {
    return [name, { shape: [...dims], data: Float32Array.from(data as ArrayLike<number>, Number) }] as const;
  });
  await session.release();
  return Object.fromEntries(outputs);
}

export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let max = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    max = Math.max(max, difference);
  }
  return max;
}

/** Weights that keep the outputs of order 1; variances are positive. */
export function randomizeWeights(model: tf.LayersModel, seed: number): void {
  const random = createRandom(seed);
  for (const weight of model.weights) {
    const { shape, name } = weight as unknown as { shape: number[]; name: string };
    const fanIn = shape.length > 1 ? sizeOf(shape.slice(0, -1)) : 4;
    const draw = /variance/.test(name)
      ? () => 0.5 + random()
      : /gamma/.test(name)
        ? () => 1 + 0.3 * randomNormal(random)
        : () => randomNormal(random) / Math.sqrt(fanIn);
    const value = tf.tensor(Float32Array.from({ length: sizeOf(shape) }, draw), shape);
    (weight as unknown as { write(value: tf.Tensor): void }).write(value);
    value.dispose();
  }
}

/** The cartesian product of the values of each setting. */
export function combinations<T extends Record<string, readonly unknown[]>>(
  settings: T,
): { [K in keyof T]: T[K][number] }[] {
  return Object.entries(settings).reduce<Record<string, unknown>[]>(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  ) as { [K in keyof T]: T[K][number] }[];
}

/** A functional model of one layer, or of a chain of them. */
export function chain(shape: (number | null)[], ...layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape });
  const output = layers.reduce<tf.SymbolicTensor>((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output });
}
