import { RESULTS_DIR } from '../../node/paths.js';
import type { Device } from '../../node/runtime/index.js';
import { defineCommand } from '../command.js';
import { datasetOptions, numberInRange, outputOptions } from '../options.js';

export const evalCommand = defineCommand({
  name: 'eval',
  positionals: '[model]',
  aliases: ['val'],
  summary: 'Measure an ONNX model on the test set with ONNX Runtime',
  options: (yargs) =>
    yargs
      .positional('model', {
        type: 'string',
        describe: 'the ONNX file',
        defaultDescription: './mnist_cnn.onnx, models/mnist_cnn.onnx, the one that comes with mnist-onnx',
      })
      .options({
        ...datasetOptions,
        limit: {
          type: 'number',
          coerce: numberInRange('limit', { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true }),
          describe: 'only the first so many test images, 1 or more',
        },
        device: {
          choices: ['auto', 'cpu', 'cuda'] as const satisfies readonly Device[],
          default: 'auto' as Device,
          describe: 'where the model runs; auto is CUDA where it works, else the CPU',
        },
        'results-dir': {
          type: 'string',
          default: RESULTS_DIR,
          describe: 'folder for metrics.json, predictions.csv, the pictures and the report',
        },
        pictures: {
          type: 'boolean',
          default: true,
          describe: 'draw the pictures (--no-pictures writes the figures alone)',
        },
        svg: { type: 'boolean', default: false, describe: 'write charts as SVG too' },
        ...outputOptions,
      }),
  async run(options, io) {
    const { openModel } = await import('../../node/runtime/index.js');
    const { measure } = await import('../../node/eval/measure.js');
    const { formatEvaluation } = await import('../../node/eval/format-evaluation.js');
    const { reporter, signal } = io;
    const model = await openModel({ model: options.model, device: options.device, reporter });
    try {
      const results = await measure({
        ...options,
        model,
        onEvaluation: ({ evaluation }) =>
          io.stdout.write(
            options.json ? `${JSON.stringify(evaluation, null, 2)}\n` : formatEvaluation(evaluation),
          ),
        reporter,
        signal,
      });
      reporter.note(`results: ${results.join(', ')}`);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await model.session.release();
    }
  },
});
