import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import {
  type ConvertedModel,
  type ConvertOptions,
  convertLayersModel,
} from '../../src/core/convert/index.js';
import { channelsFirstAxes, channelsLastAxes, permute } from '../../src/core/onnx/permute.js';
import { sizeOf } from '../../src/core/onnx/types.js';
import { createRandom, randomNormal } from '../../src/core/random.js';
import type { InferenceSession, Tensor } from '../../src/core/session.js';
import { softmaxRows } from '../../src/core/softmax.js';
import { createNodeSession, createWebSession } from '../../src/node/runtime/index.js';

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
  /** Runs it in onnxruntime-web's WASM too; always with PARITY_WEB=1. */
  readonly web?: boolean;
}

/** Converts a model with seeded random weights and compares onnxruntime's results with tfjs's. */
export async function checkParity(model: tf.LayersModel, options: ParityOptions = {}): Promise<Parity> {
  const {
    batchSize = 2,
    atol = 1e-5,
    input,
    keepWeights,
    expected: compute,
    web,
    ...convertOptions
  } = options;
  if (!keepWeights) randomizeWeights(model, 7);
  const converted = await convertLayersModel(model, convertOptions);
  // Each constant is named for what it is, after its layer.
  for (const name of converted.unoptimized.constants.keys()) expect(name).toMatch(/\/[a-z]\w*$/i);
  const random = createRandom(11);
  const draw = input ? () => input(random) : () => randomNormal(random);
  const feeds: Record<string, Tensor> = {};
  const tensors = model.inputs.map((symbolic, i) => {
    const shape = symbolic.shape.map((dim, axis) => dim ?? (axis === 0 ? batchSize : 5));
    const data = Float32Array.from({ length: sizeOf(shape) }, draw);
    const bound = converted.inputs[i]!;
    const moved =
      bound.layout === 'NCHW' ? permute({ shape, data }, channelsFirstAxes(shape.length)) : { shape, data };
    const isInteger = bound.type === 'int32';
    feeds[bound.name] = {
      type: isInteger ? 'int32' : 'float32',
      shape: moved.shape,
      data: isInteger ? Int32Array.from(moved.data) : moved.data,
    };
    return tf.tensor(data, shape, bound.type === 'int32' ? 'int32' : 'float32');
  });
  const predicted = compute ? compute(tensors) : model.predict(tensors.length === 1 ? tensors[0]! : tensors);
  const expected = Array.isArray(predicted) ? predicted : [predicted];

  const runOn = async (session: InferenceSession) => {
    const results = await session.run(feeds);
    await session.release();
    const own = converted.outputs.filter((output) => output.isOwn);
    expect(own.map(({ index }) => index)).toEqual(expected.map((_, index) => index));
    // Logits and probabilities belong together, whichever of them is the model's own.
    const { logits, probabilities } = results;
    if (logits && probabilities) {
      const classCount = logits.shape[1]!;
      const wanted = softmaxRows(logits.data as Float32Array, classCount);
      expect(maxDifference(probabilities.data as Float32Array, wanted)).toBeLessThan(1e-6);
    }
    return Math.max(...own.map((output) => differenceOf(output, results)));
  };
  const differenceOf = (
    output: ConvertedModel['outputs'][number],
    results: Record<string, Tensor>,
  ): number => {
    const shape = [...results[output.name]!.shape];
    // What the file says of its output, open dimensions aside, is what comes out.
    expect(
      shape.map((dim, axis) => (typeof output.shape[axis] === 'string' ? output.shape[axis] : dim)),
    ).toEqual([...output.shape]);
    const data = Float32Array.from(results[output.name]!.data as ArrayLike<number>, Number);
    const actual =
      output.layout === 'NCHW' ? permute({ shape, data }, channelsLastAxes(shape.length)) : { shape, data };
    const target = expected[output.index]!;
    expect(actual.shape).toEqual(target.shape);
    return maxDifference(actual.data, target.dataSync());
  };
  const difference = await runOn(await createNodeSession(converted.bytes, { device: 'cpu', threads: 1 }));
  const isWeb = web ?? process.env.PARITY_WEB === '1';
  const webDifference = isWeb ? await runOn(await createWebSession(converted.bytes)) : undefined;
  tf.dispose([tensors, expected]);
  dump(converted.bytes);
  logParity(converted, difference, webDifference);
  expect(difference).toBeLessThanOrEqual(atol);
  if (webDifference !== undefined) expect(webDifference).toBeLessThanOrEqual(atol);
  return { converted, difference, ops: converted.graph.nodes.map((node) => node.op) };
}

/** With PARITY_DUMP, a folder, every model is kept there, for other tools to check. */
function dump(bytes: Uint8Array): void {
  if (!process.env.PARITY_DUMP) return;
  const name = `${expect.getState().currentTestName} ${dumped++}`.replace(/[^a-z0-9]+/gi, '-').slice(-100);
  writeFileSync(join(process.env.PARITY_DUMP, `${name}.onnx`), bytes);
}
let dumped = 0;

/** With PARITY_LOG, a line a comparison, from which `npm run bench -- convert` makes its table. */
function logParity({ trace }: ConvertedModel, native: number, web: number | undefined): void {
  if (!process.env.PARITY_LOG) return;
  const layers = [...new Set(trace.map((call) => call.className))];
  appendFileSync(process.env.PARITY_LOG, `${JSON.stringify({ layers, native, web })}\n`);
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
