import type { BoundTensor, ConvertedModel } from '../../core/convert/index.js';
import { type Dataset, takeImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import { argmax } from '../../core/metrics.js';
import type { Graph } from '../../core/onnx/types.js';
import {
  type CalibrationMethod,
  calibrationTargets,
  type Range,
  RangeCollector,
  toFloat16,
  toInt8,
} from '../../core/quantize/index.js';
import { createRandom, permutation } from '../../core/random.js';
import type { Reporter } from '../reporter.js';
import { createNodeSession } from '../runtime/index.js';
import { digitSamples, type Samples } from './samples.js';
import { runBatch } from './verify.js';

export type Precision = 'fp32' | 'fp16' | 'int8';

/** What a lower precision costs and gains, measured on the test images. */
export interface PrecisionReport {
  readonly precision: Precision;
  readonly images: number;
  readonly dataset: string;
  readonly accuracy: { readonly fp32: number; readonly reduced: number };
  /** In points of accuracy; negative where the reduced model is better. */
  readonly dropPoints: number;
  readonly sizeBytes: { readonly fp32: number; readonly reduced: number };
  /** In batches of 250, on the CPU. */
  readonly imagesPerSecond: { readonly fp32: number; readonly reduced: number };
  readonly calibration: { readonly method: CalibrationMethod; readonly images: number } | undefined;
}

export interface PrecisionOptions {
  readonly converted: ConvertedModel;
  readonly precision: 'fp16' | 'int8';
  readonly dataset: Dataset;
  /** With the batch first; null is what a run decides. */
  readonly inputShape: readonly (number | null)[];
  readonly calibration: CalibrationMethod;
  readonly keepIoTypes: boolean;
  /** The largest loss of accuracy that is accepted, in points. */
  readonly maxDropPoints: number;
  readonly limit?: number | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

const CALIBRATION_IMAGES = 1000;

/**
 * Makes the model of lower precision and measures both on the test images.
 *
 * @throws UserError if it loses more accuracy than is accepted.
 */
export async function reducePrecision(
  options: PrecisionOptions,
): Promise<{ bytes: Uint8Array; graph: Graph; report: PrecisionReport }> {
  const { converted, precision, dataset, inputShape, limit, maxDropPoints, calibration, reporter } = options;
  const graph =
    precision === 'fp16'
      ? toFloat16(converted.graph, { keepIoTypes: options.keepIoTypes })
      : toInt8(converted.graph, await calibrate(options));
  const bytes = converted.write(graph);
  const samples = digitSamples(dataset, inputShape, limit);
  reporter.note(`measuring fp32 and ${precision} on ${samples.description}`);
  const { labels } = dataset.test;
  const fp32 = await measure(converted.bytes, converted, samples, labels, options);
  const inputs = converted.inputs.map((input) => ({ ...input, type: graph.inputs[input.index]!.type }));
  const reduced = await measure(bytes, { ...converted, inputs }, samples, labels, options);
  const dropPoints = 100 * (fp32.accuracy - reduced.accuracy);
  if (dropPoints > maxDropPoints) {
    throw new UserError(
      `in ${precision} the model loses ${dropPoints.toFixed(2)} points of accuracy (${percent(fp32.accuracy)} to ${percent(reduced.accuracy)} on ${samples.description}), more than --max-drop ${maxDropPoints}`,
      { hint: 'No file was written. Try another --calibration, or accept more with --max-drop.' },
    );
  }
  const report: PrecisionReport = {
    precision,
    images: samples.count,
    dataset: dataset.name,
    accuracy: { fp32: fp32.accuracy, reduced: reduced.accuracy },
    dropPoints,
    sizeBytes: { fp32: converted.bytes.length, reduced: bytes.length },
    imagesPerSecond: { fp32: fp32.imagesPerSecond, reduced: reduced.imagesPerSecond },
    calibration:
      precision === 'int8' ? { method: calibration, images: calibrationImages(dataset).count } : undefined,
  };
  return { bytes, graph, report };
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)}%`;
}

/** Training images, chosen by a fixed seed. */
function calibrationImages(dataset: Dataset) {
  const order = permutation(dataset.train.count, createRandom(2026));
  return takeImages(dataset.train, order.subarray(0, CALIBRATION_IMAGES));
}

async function calibrate(options: PrecisionOptions): Promise<Map<string, Range>> {
  const { converted, dataset, inputShape, calibration, reporter, signal } = options;
  const { graph } = converted;
  const targets = calibrationTargets(graph);
  const ports = new Set(graph.inputs.map((input) => input.name));
  const inner = targets.filter((name) => !ports.has(name));
  const outputs = inner.map((name) => ({ name, ...graph.types.get(name)! }));
  const collectors = new Map(targets.map((name) => [name, new RangeCollector()]));
  const samples = digitSamples({ ...dataset, test: calibrationImages(dataset) }, inputShape);
  const session = await createNodeSession(converted.write({ ...graph, outputs }), { device: 'cpu' });
  const progress = reporter.progress(`calibrating (${calibration})`, samples.count);
  try {
    let done = 0;
    for (const batch of samples.batches()) {
      signal?.throwIfAborted();
      const results = await runBatch(session, converted.inputs, batch);
      for (const [name, collector] of collectors) {
        const input = converted.inputs.find((port) => port.name === name);
        collector.add(input ? batch.inputs[input.index]!.data : (results[name]!.data as Float32Array));
      }
      done += batch.count;
      progress.update(done);
    }
  } finally {
    progress.end(`${samples.count} training images`);
    await session.release();
  }
  return new Map([...collectors].map(([name, collector]) => [name, collector.range(calibration)]));
}

async function measure(
  bytes: Uint8Array,
  { inputs, outputs }: { inputs: readonly BoundTensor[]; outputs: readonly BoundTensor[] },
  samples: Samples,
  labels: Uint8Array,
  { signal }: PrecisionOptions,
): Promise<{ accuracy: number; imagesPerSecond: number }> {
  const session = await createNodeSession(bytes, { device: 'cpu' });
  let correct = 0;
  let done = 0;
  let runMs = 0;
  try {
    for (const batch of samples.batches()) {
      signal?.throwIfAborted();
      const started = performance.now();
      const results = await runBatch(session, inputs, batch);
      // The first run warms up.
      if (done > 0) runMs += performance.now() - started;
      const found = classesOf(results[outputs[0]!.name]!);
      for (let i = 0; i < batch.count; i++) if (found[i] === labels[done + i]) correct++;
      done += batch.count;
    }
  } finally {
    await session.release();
  }
  const first = Math.min(done, [...samples.batches()][0]?.count ?? 0);
  return {
    accuracy: correct / done,
    imagesPerSecond: Math.round((1000 * (done - first)) / Math.max(runMs, 1e-3)),
  };
}

/** The classes of scores [N, classes], or of [N] classes. */
function classesOf({
  shape,
  data,
}: {
  shape: readonly number[];
  data: ArrayLike<number | bigint>;
}): number[] {
  const numbers = Float32Array.from(data as ArrayLike<number>, Number);
  if (shape.length === 1) return [...numbers];
  const classes = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, i) =>
    argmax(numbers.subarray(i * classes, (i + 1) * classes)),
  );
}
