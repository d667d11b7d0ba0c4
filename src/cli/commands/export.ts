import { DEFAULT_OPSET, MAX_OPSET, MIN_OPSET } from '../../core/onnx/versions.js';
import { MODEL_DIR, RESULTS_DIR } from '../../node/paths.js';
import { defineCommand } from '../command.js';
import { datasetOptions, numberInRange, outputOptions } from '../options.js';
import { shellOptions, shellWord } from '../shell-word.js';

export const exportCommand = defineCommand({
  name: 'export',
  aliases: ['convert'],
  positionals: '[file]',
  summary: 'Convert a TensorFlow.js layers model to ONNX and prove that both compute the same',
  options: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        describe: 'the ONNX file to write',
        defaultDescription: "models/NAME.onnx, after the model's folder",
      })
      .options({
        model: {
          type: 'string',
          describe: 'the tfjs model: its folder, or its model.json',
          defaultDescription: `models/NAME for NAME.onnx, else ${MODEL_DIR}, else the one that comes with mnist-onnx`,
        },
        opset: {
          type: 'number',
          default: DEFAULT_OPSET,
          coerce: numberInRange('opset', { min: MIN_OPSET, max: MAX_OPSET, integer: true }),
          describe: `ONNX operator set, ${MIN_OPSET} to ${MAX_OPSET}`,
        },
        batch: {
          type: 'number',
          coerce: numberInRange('batch', { min: 1, max: 65536, integer: true }),
          describe: 'pins the batch size, 1 to 65536; by default a run decides it',
        },
        layout: {
          choices: ['nchw', 'nhwc'] as const,
          default: 'nchw' as const,
          describe: 'axis order of images that enter and leave the graph',
        },
        input: {
          choices: ['float32', 'uint8'] as const,
          default: 'float32' as const,
          describe: 'float32 takes 0 to 1; uint8 takes pixels 0 to 255 and scales them in the graph',
        },
        output: {
          choices: ['auto', 'logits', 'probabilities', 'both', 'class'] as const,
          default: 'auto' as const,
          describe:
            "a classifier's outputs; auto is logits and probabilities, as both, and leaves other models theirs",
        },
        optimize: {
          type: 'boolean',
          default: true,
          describe:
            'fold BatchNormalization and constants, leave out what nobody reads (--no-optimize does not)',
        },
        precision: {
          choices: ['fp32', 'fp16', 'int8'] as const,
          default: 'fp32' as const,
          describe:
            'fp16: half precision; int8: static quantization (QDQ); either may lose --max-drop points, fp16 without labels 2^-7 of the largest value',
        },
        calibration: {
          choices: ['minmax', 'percentile', 'entropy'] as const,
          default: 'minmax' as const,
          describe: "int8: calibration method, which chooses the activations' ranges",
        },
        'calibration-data': {
          choices: ['training', 'random'] as const,
          default: 'training' as const,
          describe: 'int8: training images, or random inputs for models of other images',
        },
        'keep-io-types': {
          type: 'boolean',
          default: true,
          describe: 'fp16: inputs and outputs stay float32',
        },
        'max-drop': {
          type: 'number',
          default: 0.2,
          coerce: numberInRange('max-drop', { min: 0, max: 100 }),
          describe: 'fp16, int8: points of accuracy on 28x28 images that may be lost, 0 to 100',
        },
        atol: {
          type: 'number',
          default: 1e-5,
          coerce: numberInRange('atol', { min: 0, max: Number.MAX_VALUE }),
          describe: 'largest absolute difference from tfjs that is accepted, 0 or more',
        },
        rtol: {
          type: 'number',
          default: 0,
          coerce: numberInRange('rtol', { min: 0, max: 1 }),
          describe: 'accepted in addition, as a fraction of the largest value of the output, 0 to 1',
        },
        report: {
          type: 'string',
          describe: 'writes the comparison, layer by layer, as Markdown, and as JSON beside it',
        },
        triton: {
          type: 'string',
          describe:
            'also add the model to this folder as a model repository of Triton Inference Server and KServe',
        },
        'results-dir': {
          type: 'string',
          default: RESULTS_DIR,
          describe: "folder for parity.json, which eval's report shows",
        },
        ...datasetOptions,
        limit: {
          type: 'number',
          coerce: numberInRange('limit', { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true }),
          describe: 'compare on the first so many images only, 1 or more',
        },
        ...outputOptions,
      }),
  async run(options, io) {
    const { exportModel, formatExport } = await import('../../node/export/index.js');
    const { reporter, signal } = io;
    const result = await exportModel({
      ...options,
      dataset: options.dataset ?? 'auto',
      output: options.file,
      outputs: options.output,
      maxDropPoints: options.maxDrop,
      reporter,
      signal,
    });
    io.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatExport(result));
    const words = shellOptions({ dataset: options.dataset, 'data-dir': options.dataDir });
    reporter.note(`next: mnist-onnx eval ${shellWord(result.output)}${words}`);
  },
});
