import type { Device } from '../../node/runtime/index.js';
import { defineCommand } from '../command.js';
import { numberInRange, outputOptions } from '../options.js';

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
        dataset: {
          type: 'string',
          default: 'auto',
          describe: 'auto, mnist, synthetic, or a folder of IDX files of 28x28 images',
        },
        'data-dir': { type: 'string', describe: 'where MNIST is sought first and downloaded to' },
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
        ...outputOptions,
      }),
  async run(options, io) {
    const { openModel } = await import('../../node/runtime/index.js');
    const { loadDataset } = await import('../../node/dataset/index.js');
    const { evaluate } = await import('../../node/eval/evaluate.js');
    const { formatEvaluation } = await import('../../node/eval/format-evaluation.js');
    const { reporter, signal } = io;
    const model = await openModel({ model: options.model, device: options.device, reporter });
    try {
      const dataset = await loadDataset({
        dataset: options.dataset,
        dataDir: options['data-dir'],
        reporter,
        signal,
      });
      const evaluation = await evaluate({ model, dataset, limit: options.limit, reporter, signal });
      io.stdout.write(
        options.json ? `${JSON.stringify(evaluation, null, 2)}\n` : formatEvaluation(evaluation),
      );
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await model.session.release();
    }
  },
});
