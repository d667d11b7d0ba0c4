import { RUNTIMES } from '../../node/parity/names.js';
import { defineCommand } from '../command.js';
import { DEFAULT_MODEL, datasetOptions, numberInRange, outputOptions } from '../options.js';

export const parityCommand = defineCommand({
  name: 'parity',
  positionals: '[model]',
  summary: 'Compare an ONNX model in every runtime: TensorFlow.js, ONNX Runtime in Node and in browsers',
  options: (yargs) =>
    yargs
      .positional('model', {
        type: 'string',
        describe: 'the ONNX file',
        defaultDescription: DEFAULT_MODEL,
      })
      .options({
        ...datasetOptions,
        runtimes: {
          type: 'string',
          choices: RUNTIMES,
          array: true,
          describe: 'only these, and each must be there',
          defaultDescription: 'all that are there',
        },
        tfjs: {
          type: 'string',
          describe: 'the tfjs model: its folder, or its model.json',
          defaultDescription: "the folder that has the ONNX file's name, beside it or in models/",
        },
        browser: {
          type: 'string',
          describe: 'path of a Chromium, Chrome or Edge',
          defaultDescription: 'CHROMIUM_PATH, else the usual places',
        },
        atol: {
          type: 'number',
          coerce: numberInRange('atol', { min: 0, max: Number.MAX_VALUE }),
          describe: 'largest difference of logits that is accepted, 0 or more',
          defaultDescription:
            'fp32: 1e-5, on WebGPU 1e-3; fp16, int8 and CUDA: by the largest logit, see the table',
        },
        limit: {
          type: 'number',
          coerce: numberInRange('limit', { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true }),
          describe:
            'only the first so many test images; WebGPU without a GPU takes 200 where it is not given',
        },
        report: { type: 'string', describe: 'write an HTML report to this file' },
        ...outputOptions,
      }),
  async run({ model, runtimes, tfjs, browser, atol, limit, dataset, dataDir, report, json }, io) {
    const { measureParity } = await import('../../node/parity/parity.js');
    const { formatParity } = await import('../../node/parity/format-parity.js');
    const { assertWritable, writeFileAtomic } = await import('../../node/files.js');
    const { reporter, signal, stdout } = io;
    // What cannot be written is said before the work, not after it.
    if (report !== undefined) await assertWritable(report);
    const { result, images } = await measureParity({
      model,
      runtimes,
      tfjs,
      browser,
      atol,
      limit,
      dataset: dataset ?? 'auto',
      dataDir,
      reporter,
      signal,
    });
    stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : formatParity(result));
    if (report !== undefined) {
      const { renderParityReport } = await import('../../node/parity/parity-report.js');
      await writeFileAtomic(report, await renderParityReport(result, images));
      reporter.note(`report: ${report}`);
    }
    return result.passed ? 0 : 1;
  },
});
