import { UserError } from '../../core/errors.js';
import { BATCH_SIZES, BENCHMARKED } from '../../node/benchmark/names.js';
import { defineCommand } from '../command.js';
import { DEFAULT_MODEL, numberInRange, numbersInRange, outputOptions } from '../options.js';

export const benchmarkCommand = defineCommand({
  name: 'benchmark',
  positionals: '[model]',
  summary: 'Measure how fast an ONNX model starts and runs in every runtime',
  options: (yargs) =>
    yargs
      .positional('model', {
        type: 'string',
        describe: 'the ONNX file',
        defaultDescription: DEFAULT_MODEL,
      })
      .options({
        runtimes: {
          type: 'string',
          choices: BENCHMARKED,
          array: true,
          describe: 'only these, and each must be there',
          defaultDescription: 'all that are there',
        },
        threads: {
          type: 'number',
          array: true,
          coerce: numbersInRange('threads', { min: 1, max: 1024, integer: true }),
          describe: 'numbers of threads, each from 1 to 1024',
          defaultDescription: '1, and one a core',
        },
        'batch-sizes': {
          type: 'number',
          array: true,
          coerce: numbersInRange('batch-sizes', { min: 1, max: 65536, integer: true }),
          describe: 'batch sizes, each from 1 to 65536; those that take too long are left out',
          defaultDescription: BATCH_SIZES.join(' '),
        },
        duration: {
          type: 'number',
          default: 0.5,
          coerce: numberInRange('duration', { min: 0.01, max: 60 }),
          describe: 'seconds that each figure is measured, 0.01 to 60',
        },
        rounds: {
          type: 'number',
          default: 3,
          coerce: numberInRange('rounds', { min: 1, max: 100, integer: true }),
          describe: 'how often the runtimes take turns, 1 to 100; medians count',
        },
        browser: {
          type: 'string',
          describe: 'path of a Chromium, Chrome or Edge',
          defaultDescription: 'CHROMIUM_PATH, else the usual places',
        },
        plot: {
          type: 'string',
          coerce: pictureFile,
          describe: 'draw the figures to this .png or .svg file',
        },
        ...outputOptions,
      }),
  async run({ model, runtimes, threads, batchSizes, duration, rounds, browser, plot, json }, io) {
    const { runBenchmark } = await import('../../node/benchmark/benchmark.js');
    const { formatBenchmark } = await import('../../node/benchmark/format-benchmark.js');
    const { assertWritable, writeFileAtomic } = await import('../../node/files.js');
    const { reporter, signal, stdout } = io;
    // What cannot be written is said before the work, not after it.
    if (plot !== undefined) await assertWritable(plot);
    const durationMs = 1000 * duration;
    const options = { model, runtimes, threads, batchSizes, durationMs, rounds, browser };
    const benchmark = await runBenchmark({ ...options, reporter, signal });
    stdout.write(json ? `${JSON.stringify(benchmark, null, 2)}\n` : formatBenchmark(benchmark));
    if (plot !== undefined) {
      const { drawBenchmark } = await import('../../node/benchmark/draw-benchmark.js');
      const { renderPng } = await import('../../node/plots/render.js');
      const svg = drawBenchmark(benchmark);
      await writeFileAtomic(plot, plot.toLowerCase().endsWith('.svg') ? svg : await renderPng(svg));
      reporter.note(`plot: ${plot}`);
    }
    return benchmark.passed ? 0 : 1;
  },
});

function pictureFile(path: string): string {
  // One that is given twice is a list, which is refused elsewhere.
  if (typeof path !== 'string' || /\.(png|svg)$/i.test(path)) return path;
  throw new UserError(`--plot must be a .png or .svg file, not ${path}`, { exitCode: 2 });
}
