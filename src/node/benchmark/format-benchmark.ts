import type { BatchFigures } from '../../core/benchmark.js';
import { printable } from '../../core/printable.js';
import { formatFigure } from '../format/figure.js';
import { formatKibibytes } from '../format/kibibytes.js';
import { table } from '../format/table.js';
import { formatDuration } from '../reporter.js';
import { type Benchmark, type BenchmarkRow, nameOf } from './benchmark.js';

/** A benchmark as a page of plain text. */
export function formatBenchmark(benchmark: Benchmark): string {
  const { model, machine, rounds, fixedBatch = 1, batchSizes, rows, skipped } = benchmark;
  const shown = batchSizes.filter((size) =>
    rows.some(({ batches }) => batches.some((b) => b.batchSize === size)),
  );
  const single = fixedBatch === 1 ? 'alone' : `${fixedBatch} at once`;
  const cells = (row: BenchmarkRow, show: (batch: BatchFigures) => string | undefined) => [
    nameOf(row),
    ...shown.map((size) => {
      const batch = row.batches.find(({ batchSize }) => batchSize === size);
      return (batch && show(batch)) ?? '-';
    }),
  ];
  const withCpu = rows.filter(({ batches }) => batches.some((b) => b.cpuMsPerImage !== undefined));
  return [
    `model    ${printable(model.path)} (${model.precision}, ${formatKibibytes(model.sizeBytes)}, sha256 ${model.sha256.slice(0, 12)})`,
    `machine  ${printable(machine.processor)}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`,
    '',
    ...table([
      ['runtime', 'cold start', 'first run', `${single}: p50`, 'p95', 'memory'],
      ...rows.map((row) => [
        nameOf(row),
        formatDuration(row.coldStartMs),
        `${formatFigure(row.firstRunMs)} ms`,
        `${formatFigure(row.alone.p50Ms)} ms`,
        `${formatFigure(row.alone.p95Ms)} ms`,
        row.memoryBytes === undefined ? '-' : `${(row.memoryBytes / 2 ** 20).toFixed(0)} MiB`,
      ]),
    ]),
    '',
    ...table([
      ['images/s in batches of', ...shown.map(String)],
      ...rows.map((row) => cells(row, ({ imagesPerSecond }) => imagesPerSecond.toFixed(0))),
    ]),
    '',
    ...table([
      ['processor ms/image in batches of', ...shown.map(String)],
      ...withCpu.map((row) => cells(row, ({ cpuMsPerImage }) => cpuMsPerImage?.toFixed(3))),
    ]),
    '',
    ...(fixedBatch === 1
      ? []
      : [`the model takes batches of ${fixedBatch} alone: each run holds so many images`]),
    ...skipped.map(({ runtime, status, reason }) => `${runtime} ${status}: ${printable(reason)}`),
    `${rows
      .map(({ description }) => description)
      .filter((text, i, all) => all.indexOf(text) === i)
      .map(printable)
      .join('; ')}; medians of ${rounds} round${rounds === 1 ? '' : 's'}`,
    '',
  ].join('\n');
}
