import { availableParallelism, cpus } from 'node:os';
import { classifierPorts } from '../../core/classify.js';
import { messageOf, UserError } from '../../core/errors.js';
import { type ModelPrecision, precisionOf } from '../../core/onnx/precision.js';
import { readOnnx } from '../../core/onnx/read.js';
import { findBrowser } from '../browser/find-browser.js';
import type { Reporter } from '../reporter.js';
import { type OpenModel, openModel } from '../runtime/index.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import { measureRuntime, type RuntimeFigures } from './measure-runtime.js';
import { medianFigures } from './medians.js';
import { BATCH_SIZES, BENCHMARKED, type BenchmarkedName } from './names.js';

/** Which model is measured, in which runtimes, and how long. */
export interface BenchmarkOptions {
  /** As for `openModel`. */
  readonly model?: string | undefined;
  /** Those that must be there; by default all, and one that is not there is skipped. */
  readonly runtimes?: readonly BenchmarkedName[] | undefined;
  /** By default 1, and one a core. */
  readonly threads?: readonly number[] | undefined;
  /** Images a run; those that take too long are left out. */
  readonly batchSizes?: readonly number[] | undefined;
  /** Milliseconds that each figure is measured. */
  readonly durationMs: number;
  /** Each runtime takes its turn so often; medians count. */
  readonly rounds: number;
  /** By default the one that `findBrowser` finds. */
  readonly browser?: string | undefined;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/** A runtime with a number of threads, as it was measured. */
export interface BenchmarkRow extends RuntimeFigures {
  readonly runtime: BenchmarkedName;
  /** Undefined where threads mean nothing, on a GPU. */
  readonly threads: number | undefined;
}

/** What `runBenchmark` measured. */
export interface Benchmark {
  readonly model: Pick<OpenModel, 'path' | 'sha256' | 'sizeBytes'> & { readonly precision: ModelPrecision };
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly platform: string;
    readonly node: string;
  };
  readonly rounds: number;
  /** Milliseconds that each figure was measured. */
  readonly durationMs: number;
  /** Ascending; of a model of a pinned batch, that one alone. */
  readonly batchSizes: readonly number[];
  /** The one batch size that the model takes, which each run holds; left out where it takes any. */
  readonly fixedBatch?: number | undefined;
  /** One for each runtime and number of threads, medians over the rounds. */
  readonly rows: readonly BenchmarkRow[];
  readonly skipped: readonly {
    readonly runtime: BenchmarkedName;
    readonly status: 'skipped' | 'failed';
    readonly reason: string;
  }[];
  /** Did nothing fail, and was all that was named there? */
  readonly passed: boolean;
}

type Candidate = Pick<BenchmarkRow, 'runtime' | 'threads'>;

/**
 * Measures how fast a model is in each runtime. The runtimes take turns, each in a process of its own, so that a
 * machine that is busy otherwise is so for all of them.
 *
 * @throws UserError if the model cannot be opened, or no runtime is there.
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<Benchmark> {
  const { rounds, durationMs, reporter } = options;
  // Found out before the work, not after it.
  findBrowser(options.browser);
  const model = await openModel({ model: options.model, device: 'cpu', reporter });
  const { fixedBatch } = classifierPorts(model.session, model.info);
  await model.session.release();
  const batchSizes = chooseBatchSizes(options, fixedBatch);
  const candidates = listCandidates(options);
  const figures = new Map<Candidate, RuntimeFigures[]>();
  const skipped = new Map<BenchmarkedName, Benchmark['skipped'][number]>();
  const progress = reporter.progress('measuring', rounds * candidates.length);
  for (let turn = 0; turn < rounds * candidates.length; turn++) {
    const candidate = candidates[turn % candidates.length]!;
    progress.update(turn, nameOf(candidate));
    if (skipped.has(candidate.runtime)) continue;
    try {
      const found = await measureOne(candidate, model, { ...options, batchSizes });
      figures.set(candidate, [...(figures.get(candidate) ?? []), found]);
    } catch (error) {
      options.signal?.throwIfAborted();
      const status = error instanceof RuntimeMissing ? 'skipped' : 'failed';
      skipped.set(candidate.runtime, { runtime: candidate.runtime, status, reason: messageOf(error) });
    }
  }
  progress.end(`${rounds} ${rounds === 1 ? 'round' : 'rounds'}`);
  // What failed or went missing in a later round has figures of fewer rounds than the others.
  const rows = [...figures]
    .filter(([{ runtime }]) => !skipped.has(runtime))
    .map(([candidate, found]) => ({ ...candidate, ...medianFigures(found) }));
  const problems = [...skipped.values()];
  if (rows.length === 0) throw nothingToMeasure(problems);
  const { path, sha256, sizeBytes, bytes } = model;
  return {
    model: { path, sha256, sizeBytes, precision: precisionOf(readOnnx(bytes, path)) },
    machine: describeMachine(),
    rounds,
    durationMs,
    batchSizes,
    fixedBatch,
    rows,
    skipped: problems,
    passed: problems.every(({ status }) => status === 'skipped' && options.runtimes === undefined),
  };
}

/** `node, 2 threads` */
export function nameOf({ runtime, threads }: Candidate): string {
  return threads === undefined ? runtime : `${runtime}, ${threads} thread${threads === 1 ? '' : 's'}`;
}

function listCandidates({ runtimes = BENCHMARKED, threads }: BenchmarkOptions): Candidate[] {
  const counts = [...new Set(threads ?? [1, availableParallelism()])];
  return [...new Set(runtimes)].flatMap((runtime): Candidate[] =>
    runtime === 'cuda' || runtime === 'browser-webgpu'
      ? [{ runtime, threads: undefined }]
      : counts.map((count) => ({ runtime, threads: count })),
  );
}

function chooseBatchSizes(
  { batchSizes, reporter }: BenchmarkOptions,
  fixedBatch: number | undefined,
): readonly number[] {
  if (fixedBatch === undefined) return [...new Set(batchSizes ?? BATCH_SIZES)].toSorted((a, b) => a - b);
  const leftOut = batchSizes?.filter((size) => size !== fixedBatch) ?? [];
  if (leftOut.length > 0) {
    reporter.warn(
      `--batch-sizes: the model takes batches of ${fixedBatch} alone, not of ${leftOut.join(', ')}`,
    );
  }
  return [fixedBatch];
}

async function measureOne(
  { runtime, threads }: Candidate,
  model: OpenModel,
  { durationMs, batchSizes, browser, signal }: BenchmarkOptions & { batchSizes: readonly number[] },
): Promise<RuntimeFigures> {
  return measureRuntime(runtime, { model, threads, options: { batchSizes, durationMs }, browser, signal });
}

function describeMachine(): Benchmark['machine'] {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

function nothingToMeasure(problems: Benchmark['skipped']): UserError {
  const what = problems.map(({ runtime, status, reason }) => `${runtime} ${status} (${reason})`);
  return new UserError(`nothing could be measured: ${what.join('; ')}`, {
    hint: 'Name other runtimes with --runtimes, or leave it out for all.',
  });
}
