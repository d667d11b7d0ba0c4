import type { BatchFigures } from '../../core/benchmark.js';
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
  const batchesOf = (batchSize: number) =>
    runs.flatMap((run) => run.batches.find((batch) => batch.batchSize === batchSize) ?? []);
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
      .map(({ batchSize }) => batchesOf(batchSize))
      .filter((batches) => batches.length === runs.length)
      .map(medianBatch),
    memoryBytes: memories.length > 0 ? median(memories) : undefined,
  };
}

function medianBatch(batches: readonly BatchFigures[]): BatchFigures {
  const cpu = batches.flatMap((batch) => batch.cpuMsPerImage ?? []);
  return {
    batchSize: batches[0]!.batchSize,
    imagesPerSecond: median(batches.map((batch) => batch.imagesPerSecond)),
    ...(cpu.length > 0 ? { cpuMsPerImage: median(cpu) } : {}),
  };
}
