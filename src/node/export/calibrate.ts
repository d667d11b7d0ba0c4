import type { ConvertedModel } from '../../core/convert/index.js';
import { type Dataset, takeImages } from '../../core/dataset/dataset.js';
import { UserError } from '../../core/errors.js';
import {
  type CalibrationMethod,
  calibrationTargets,
  type Range,
  RangeCollector,
} from '../../core/quantize/index.js';
import { createRandom, permutation } from '../../core/random.js';
import type { Reporter } from '../reporter.js';
import { createNodeSession } from '../runtime/index.js';
import { runBatch } from './run-batch.js';
import { digitSamples, type Samples } from './samples.js';

/** What the ranges of activations are taken from. */
export interface CalibrationData {
  /** For the user: `1000 training images`. */
  readonly description: string;
  readonly isReal: boolean;
  readonly samples: Samples;
}

const CALIBRATION_IMAGES = 1000;

/**
 * Training images, chosen by a fixed seed.
 *
 * @throws UserError if there are none.
 */
export function trainingImages(dataset: Dataset, inputShape: readonly (number | null)[]): CalibrationData {
  if (dataset.train.count === 0) {
    throw new UserError(`--precision int8 is calibrated on training images, and ${dataset.name} has none`, {
      hint: 'Name a data set that has them with --dataset, or accept the ranges of random inputs: --calibration-data random.',
    });
  }
  const order = permutation(dataset.train.count, createRandom(2026));
  const images = takeImages(dataset.train, order.subarray(0, CALIBRATION_IMAGES));
  const description = `${images.count} training images`;
  return { description, isReal: true, samples: digitSamples(images, { description, inputShape }) };
}

interface CalibrateOptions {
  readonly converted: ConvertedModel;
  readonly data: CalibrationData;
  readonly method: CalibrationMethod;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/** Runs the fp32 graph on the data and finds the range of each value that int8 needs. */
export async function calibrate(options: CalibrateOptions): Promise<Map<string, Range>> {
  const { converted, data, method, reporter, signal } = options;
  const { graph } = converted;
  const targets = calibrationTargets(graph);
  const ports = new Set(graph.inputs.map((input) => input.name));
  const inner = targets.filter((name) => !ports.has(name));
  const outputs = inner.map((name) => ({ name, ...graph.types.get(name)! }));
  const collectors = new Map(targets.map((name) => [name, new RangeCollector()]));
  const session = await createNodeSession(converted.write({ ...graph, outputs }), { device: 'cpu' });
  const progress = reporter.progress(`calibrating (${method})`, data.samples.count);
  try {
    let done = 0;
    for (const batch of data.samples.batches()) {
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
    progress.end(data.description);
    await session.release();
  }
  return new Map([...collectors].map(([name, collector]) => [name, collector.range(method)]));
}
