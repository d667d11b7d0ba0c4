import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import { type BenchmarkOptions, runBenchmark } from './benchmark.js';
import { drawBenchmark } from './draw-benchmark.js';
import { formatBenchmark } from './format-benchmark.js';
import { measureRuntime, type RuntimeFigures } from './measure-runtime.js';
import { median, medianFigures } from './medians.js';

vi.mock('./measure-runtime.js', () => ({ measureRuntime: vi.fn() }));

const figures = (scale: number): RuntimeFigures => ({
  description: 'a runtime',
  coldStartMs: 100 * scale,
  firstRunMs: 10 * scale,
  alone: { p50Ms: scale, p95Ms: 2 * scale, runs: 5 },
  batches: [{ batchSize: 8, imagesPerSecond: 1000 / scale }],
  memoryBytes: 2 ** 20,
});

async function benchmark({
  batch = 'N',
  ...options
}: Partial<BenchmarkOptions> & { batch?: number | string } = {}) {
  const model = join(await temporaryFolder(), 'model.onnx');
  await writeFile(model, tinyModel({ input: [batch, 1, 28, 28] }));
  const settings = { durationMs: 1, rounds: 3, threads: [1, 2], batchSizes: [8], reporter: silentReporter };
  return runBenchmark({ model, ...settings, ...options });
}

describe('runBenchmark', () => {
  it('lets the runtimes take turns, and keeps the median of the rounds', async () => {
    const turns: string[] = [];
    const scales = [1, 9, 2];
    vi.mocked(measureRuntime).mockImplementation(async (name, { threads }) => {
      turns.push(`${name} ${threads}`);
      return figures(scales[Math.floor((turns.length - 1) / 2)]!);
    });
    const { rows, passed } = await benchmark({ runtimes: ['node', 'node'], threads: [1, 2, 1] });
    expect(turns).toEqual(['node 1', 'node 2', 'node 1', 'node 2', 'node 1', 'node 2']);
    expect(rows.map(({ threads, alone, batches }) => [threads, alone, batches])).toEqual(
      [1, 2].map((threads) => [
        threads,
        { p50Ms: 2, p95Ms: 4, runs: 15 },
        [{ batchSize: 8, imagesPerSecond: 500 }],
      ]),
    );
    expect(passed).toBe(true);
  });

  it('says what was skipped and what failed; one that was asked for must be there', async () => {
    vi.mocked(measureRuntime).mockImplementation(async (name) => {
      if (name === 'cuda') throw new RuntimeMissing('there is none');
      return figures(1);
    });
    const all = await benchmark();
    expect(all).toMatchObject({ passed: true, skipped: [{ runtime: 'cuda', status: 'skipped' }] });
    expect(formatBenchmark(all)).toContain('\ncuda skipped: there is none\n');
    expect((await benchmark({ runtimes: ['node', 'cuda'] })).passed).toBe(false);
    await expect(benchmark({ runtimes: ['cuda'] })).rejects.toMatchObject({
      message: 'nothing could be measured: cuda skipped (there is none)',
    });
  });

  it('leaves out a runtime that failed in a later round: it has no median of all rounds', async () => {
    let turns = 0;
    vi.mocked(measureRuntime).mockImplementation(async (name) => {
      if (name === 'wasm' && ++turns > 1) throw new Error('out of memory');
      return figures(1);
    });
    const result = await benchmark({ runtimes: ['node', 'wasm'], threads: [1] });
    expect(result.rows.map(({ runtime }) => runtime)).toEqual(['node']);
    expect(result.passed).toBe(false);
    expect(formatBenchmark(result)).toMatch(/^wasm failed: out of memory$/m);
  });

  it('of a model that takes one batch size alone says which, and what was asked for in vain', async () => {
    vi.mocked(measureRuntime).mockImplementation(async (_, { options }) => ({
      ...figures(1),
      batches: options.batchSizes.map((batchSize) => ({ batchSize, imagesPerSecond: 4321 })),
    }));
    const warnings: string[] = [];
    const reporter = { ...silentReporter, warn: (line: string) => void warnings.push(line) };
    const result = await benchmark({
      batch: 10,
      runtimes: ['node'],
      threads: [1],
      batchSizes: [8, 10],
      reporter,
    });
    expect(warnings).toEqual(['--batch-sizes: the model takes batches of 10 alone, not of 8']);
    expect(result).toMatchObject({ passed: true, batchSizes: [10], fixedBatch: 10 });
    const page = formatBenchmark(result);
    expect(page).toMatch(/10 at once: p50/);
    expect(page).not.toContain('alone: p50');
    expect(page).toMatch(/^images\/s in batches of +10$/m);
    expect(page).toMatch(/^node, 1 thread +4321$/m);
    expect(drawBenchmark(result)).toContain('10 at once');
  });

  it('a batch size that is named twice is one, and the columns ascend', async () => {
    vi.mocked(measureRuntime).mockResolvedValue(figures(1));
    const { batchSizes } = await benchmark({ runtimes: ['node'], batchSizes: [64, 8, 64, 1] });
    expect(batchSizes).toEqual([1, 8, 64]);
  });

  it('shows every figure in the table and every runtime in the plot', async () => {
    vi.mocked(measureRuntime).mockResolvedValue(figures(1));
    const result = await benchmark({ runtimes: ['node', 'browser-webgpu'] });
    const page = formatBenchmark(result);
    expect(page).toMatch(/^node, 2 threads +100 ms +10 ms +1 ms +2 ms +1 MiB$/m);
    expect(page).toMatch(/^browser-webgpu +1000$/m);
    const svg = drawBenchmark(result);
    for (const name of ['node, 1 thread', 'node, 2 threads', 'browser-webgpu']) expect(svg).toContain(name);
  });
});

it('the median of an even number is the mean of the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('a batch size that one round left out is left out', () => {
  const without = { ...figures(1), batches: [], memoryBytes: undefined };
  expect(medianFigures([figures(1), without])).toMatchObject({ batches: [], memoryBytes: 2 ** 20 });
});
