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
  /** From the clock's beginning to the first answer. */
  readonly coldStartMs: number;
  /** Of the very first run: one image, or as many as a model of a pinned batch takes. */
  readonly firstRunMs: number;
  /** The same after warming up: half of the runs take at most p50, 95% of them at most p95. */
  readonly alone: { readonly p50Ms: number; readonly p95Ms: number; readonly runs: number };
  /** By ascending size. */
  readonly batches: readonly BatchFigures[];
}

export interface BatchFigures {
  readonly batchSize: number;
  readonly imagesPerSecond: number;
  /** Processor time of all threads, waiting ones too; a machine that is busy otherwise hardly changes it. */
  readonly cpuMsPerImage?: number | undefined;
}

/** Clocks in ms. */
export interface Clocks {
  /** Began with the process or the page. */
  now(): number;
  /** The processor time of the process; browsers do not tell. */
  cpu?(): number;
}

const MIN_RUNS = 5;
/** Nothing takes longer than so many times the duration that was asked for. */
const PATIENCE = 5;

/**
 * Measures how fast a session classifies images of noise: the runs alone, without preparing the images.
 *
 * @returns without the batch sizes that would take too long.
 * @throws UserError if the model is no classifier of 28x28 images.
 */
export async function measureSpeed(
  session: InferenceSession,
  info: ModelInfo,
  { batchSizes, durationMs }: SpeedOptions,
  { now, cpu }: Clocks,
): Promise<SpeedFigures> {
  const ports = classifierPorts(session, info);
  const timeRuns = async (batchSize: number, forMs: number) => {
    const feeds = { [ports.input]: toModelInput(noise(batchSize), ports, info) };
    const durations: number[] = [];
    const begin = now();
    const cpuBegin = cpu?.();
    const isEnough = () => {
      const spentMs = now() - begin;
      return durations.length >= MIN_RUNS ? spentMs >= forMs : spentMs >= PATIENCE * forMs;
    };
    do {
      const started = now();
      await session.run(feeds, [ports.output]);
      durations.push(now() - started);
    } while (!isEnough());
    const cpuMs = cpuBegin === undefined ? undefined : cpu!() - cpuBegin;
    return { sorted: durations.sort((a, b) => a - b), cpuMs };
  };
  const single = ports.fixedBatch ?? 1;
  const firstRunMs = (await timeRuns(single, 0)).sorted[0]!;
  const coldStartMs = now();
  await timeRuns(single, durationMs / 5);
  const { sorted: alone } = await timeRuns(single, durationMs);
  const p = (share: number) => quantile(alone, share);
  const batches: BatchFigures[] = [];
  let imageMs = p(0.5) / single;
  // Ascending: by each one is told how long the next will take.
  const ascending = [...new Set(batchSizes)].toSorted((a, b) => a - b);
  for (const batchSize of ports.fixedBatch ? [ports.fixedBatch] : ascending) {
    if (imageMs * batchSize > PATIENCE * durationMs) break;
    await timeRuns(batchSize, durationMs / 10);
    // The median: a run that another process disturbs does not count.
    const { sorted, cpuMs } = await timeRuns(batchSize, durationMs);
    imageMs = quantile(sorted, 0.5) / batchSize;
    const cpuMsPerImage = cpuMs === undefined ? undefined : cpuMs / sorted.length / batchSize;
    batches.push({ batchSize, imagesPerSecond: 1000 / imageMs, cpuMsPerImage });
  }
  return {
    coldStartMs,
    firstRunMs,
    alone: { p50Ms: p(0.5), p95Ms: p(0.95), runs: alone.length },
    batches,
  };
}

/** The value that a share of the others, 0 to 1, does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function noise(count: number): Uint8Array {
  const random = createRandom(1);
  return Uint8Array.from({ length: count * MNIST_PIXELS }, () => Math.floor(256 * random()));
}
