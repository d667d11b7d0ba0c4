import type { RuntimeFigures } from './measure-runtime.js';

/** The value in the middle; of an even number, the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

/** Figure by figure the median of several runs; of batch sizes, those that each run has. */
export function medianFigures(runs: readonly RuntimeFigures[]): RuntimeFigures {
  const of = (pick: (run: RuntimeFigures) => number) => median(runs.map(pick));
  const [first] = runs as [RuntimeFigures];
  const memories = runs.flatMap((run) => run.memoryBytes ?? []);
  const speeds = (batchSize: number) =>
    runs.flatMap((run) => run.batches.find((batch) => batch.batchSize === batchSize)?.imagesPerSecond ?? []);
  return {
    description: first.description,
    coldStartMs: of((run) => run.coldStartMs),
    firstRunMs: of((run) => run.firstRunMs),
    alone: {
      p50Ms: of((run) => run.alone.p50Ms),
      p95Ms: of((run) => run.alone.p95Ms),
      runs: runs.reduce((sum, run) => sum + run.alone.runs, 0),
    },
    batches: first.batches
      .map(({ batchSize }) => ({ batchSize, speeds: speeds(batchSize) }))
      .filter(({ speeds }) => speeds.length === runs.length)
      .map(({ batchSize, speeds }) => ({ batchSize, imagesPerSecond: median(speeds) })),
    memoryBytes: memories.length > 0 ? median(memories) : undefined,
  };
}
