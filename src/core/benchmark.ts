import { classifierPorts, toModelInput } from './classify.js';
import { MNIST_PIXELS } from './image.js';
import type { ModelInfo } from './model-info.js';
import { createRandom } from './random.js';
import type { InferenceSession } from './session.js';

export interface SpeedOptions {
  /** A model of a pinned batch is measured with that one alone. */
  readonly batchSizes: readonly number[];
  /** How long each figure is measured. */
  readonly durationMs: number;
}

/** How fast a session is. */
export interface SpeedFigures {
  /** Of the very first run, one image. */
  readonly firstRunMs: number;
  /** One image a run, after warming up: half of the runs take at most p50, 95% of them at most p95. */
  readonly alone: { readonly p50Ms: number; readonly p95Ms: number; readonly runs: number };
  readonly batches: readonly { readonly batchSize: number; readonly imagesPerSecond: number }[];
}

const MIN_RUNS = 5;

/**
 * Measures how fast a session classifies images of noise: the runs alone, without preparing the images.
 *
 * @param now a clock in ms.
 * @throws UserError if the model is no classifier of 28x28 images.
 */
export async function measureSpeed(
  session: InferenceSession,
  info: ModelInfo,
  { batchSizes, durationMs }: SpeedOptions,
  now: () => number,
): Promise<SpeedFigures> {
  const ports = classifierPorts(session, info);
  const timeRuns = async (batchSize: number, forMs: number): Promise<number[]> => {
    const feeds = { [ports.input]: toModelInput(noise(batchSize), ports, info) };
    const durations: number[] = [];
    const end = now() + forMs;
    do {
      const started = now();
      await session.run(feeds, [ports.output]);
      durations.push(now() - started);
    } while (durations.length < (forMs > 0 ? MIN_RUNS : 1) || now() < end);
    return durations;
  };
  const single = ports.fixedBatch ?? 1;
  const [firstRunMs] = (await timeRuns(single, 0)) as [number];
  await timeRuns(single, durationMs / 5);
  const alone = (await timeRuns(single, durationMs)).toSorted((a, b) => a - b);
  const batches = [];
  for (const batchSize of ports.fixedBatch ? [ports.fixedBatch] : batchSizes) {
    await timeRuns(batchSize, durationMs / 10);
    // The median: a run that another process disturbs does not count.
    const runMs = quantile(
      (await timeRuns(batchSize, durationMs)).toSorted((a, b) => a - b),
      0.5,
    );
    batches.push({ batchSize, imagesPerSecond: (1000 * batchSize) / runMs });
  }
  const p = (share: number) => quantile(alone, share);
  return { firstRunMs, alone: { p50Ms: p(0.5), p95Ms: p(0.95), runs: alone.length }, batches };
}

/** The value that a share of the others, 0 to 1, does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function noise(count: number): Uint8Array {
  const random = createRandom(1);
  return Uint8Array.from({ length: count * MNIST_PIXELS }, () => Math.floor(256 * random()));
}
