import { basename, dirname } from 'node:path';
import type { Options } from 'yargs';
import { printable } from '../../core/printable.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { formatPercent } from '../../node/format/percent.js';
import { MODEL_DIR, modelDirOf, RESULTS_DIR } from '../../node/paths.js';
import { ARCHITECTURES } from '../../node/train/architectures.js';
import { NUMBER_FIELDS, type NumberField, type NumberName, optionName } from '../../node/train/config.js';
import { defineCommand } from '../command.js';
import { datasetOptions, numberInRange, outputOptions } from '../options.js';
import { shellOptions, shellWord } from '../shell-word.js';

const architectureList = Object.entries(ARCHITECTURES)
  .map(([name, { summary }]) => `${name} (${summary})`)
  .join(', ');
const ALIASES: Partial<Record<NumberName, string>> = { batchSize: 'batch' };

/** One option for each number of the configuration. None has a yargs default: what is given must be known. */
const numberOptions = Object.fromEntries(
  (Object.entries(NUMBER_FIELDS) as [NumberName, NumberField][]).map(([name, field]) => {
    const option = optionName(name).slice(2);
    const alias = ALIASES[name];
    return [
      option,
      {
        ...(field.isFlag
          ? { type: 'boolean', describe: field.meaning }
          : {
              type: 'number',
              describe: `${field.meaning} (${rangeText(field)})`,
              coerce: numberInRange(option, field),
            }),
        defaultDescription: field.defaultText ?? String(field.default),
        ...(alias ? { alias } : {}),
      } satisfies Options,
    ];
  }),
) as Record<string, Options>;

function rangeText({ min, max }: NumberField): string {
  return max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
}

export const trainCommand = defineCommand({
  name: 'train',
  summary:
    'Train a network on MNIST, or on 28x28 images of classes of your own; the epoch best by validation is kept',
  options: (yargs) =>
    yargs
      // Typed by their camel-case names, which yargs adds.
      .options(numberOptions as unknown as Record<NumberName, { type: 'number' }>)
      .options({
        arch: {
          type: 'string',
          describe: `network: ${architectureList}, or a tfjs model.json whose layers to train`,
          defaultDescription: 'cnn',
        },
        resume: {
          type: 'boolean',
          default: false,
          describe: 'go on with the interrupted run in --model-dir; --epochs can extend it',
        },
        init: {
          type: 'string',
          describe:
            'fine-tune a trained model (its folder, or mnist_deep or mnist_cnn, which come along): 3 epochs, --lr 0.0005, --lr-decay 0.5, --refine-from 1; the same data stay split as they were',
        },
        images: {
          type: 'string',
          describe: 'folder of your own labelled images to mix in, or a zip of one, as for eval --images',
        },
        ...datasetOptions,
        backend: {
          choices: ['auto', 'native', 'wasm'] as const,
          default: 'auto' as const,
          describe: 'TensorFlow backend',
        },
        'model-dir': {
          type: 'string',
          describe: 'folder for the model, its record and the checkpoint',
          defaultDescription: 'models/mnist_ARCH, or models/mnist_tuned with --init',
        },
        'results-dir': {
          type: 'string',
          default: RESULTS_DIR,
          describe: 'folder for history.csv and the pictures',
        },
        tensorboard: { type: 'string', describe: "folder for TensorBoard's event files" },
        pictures: {
          type: 'boolean',
          default: true,
          describe: 'pictures of what the trained model does (--no-pictures: only the curves and samples)',
        },
        ...outputOptions,
      }),
  async run(options, { stdout, reporter, signal }) {
    const { runTraining } = await import('../../node/train/run.js');
    const modelDir = options.modelDir ?? defaultModelDir(options);
    const names = Object.keys(NUMBER_FIELDS) as NumberName[];
    const { record, interrupted, resumable, results, resultsMissing, source } = await runTraining({
      given: {
        arch: options.arch,
        ...Object.fromEntries(names.map((name) => [name, numberOf(options[name])])),
      },
      resume: options.resume,
      dataset: options.dataset,
      dataDir: options.dataDir,
      init: options.init,
      images: options.images,
      backend: options.backend,
      modelDir,
      resultsDir: options.resultsDir,
      tensorboard: options.tensorboard,
      pictures: options.pictures,
      reporter,
      signal,
    });
    if (options.json)
      stdout.write(`${JSON.stringify({ interrupted, modelDir, results, record }, null, 2)}\n`);
    else if (record) stdout.write(`${summaryOf(record)}\n`);
    if (interrupted) {
      reporter.note(
        resumable
          ? `interrupted; go on with: ${resumeCommand(modelDir, options)}`
          : 'interrupted: nothing was trained yet',
      );
      return;
    }
    reporter.note(`model:   ${modelDir}\nresults: ${results.join(', ') || 'none'}`);
    if (resultsMissing) {
      const missing = [
        ...(record?.confidence ? [] : ['its confidence']),
        ...(options.pictures ? ['its pictures'] : []),
      ];
      reporter.note(
        `interrupted; left to do: ${missing.join(', ')}; go on with: ${resumeCommand(modelDir, options)}`,
      );
    }
    const isListed = dirname(modelDir) === dirname(MODEL_DIR);
    // A model is compared on the data that it was trained on.
    const { dataset, dataDir } = options.resume ? source : options;
    const words = shellOptions({ model: isListed ? undefined : modelDir, dataset, 'data-dir': dataDir });
    reporter.note(`next:    mnist-onnx export ${shellWord(`${basename(modelDir)}.onnx`)}${words}`);
  },
});

/** The command that goes on with a run; what its checkpoint does not hold is named again. */
function resumeCommand(
  modelDir: string,
  options: {
    resultsDir: string;
    tensorboard?: string | undefined;
    pictures: boolean;
    backend: string;
  },
): string {
  const { resultsDir, tensorboard, pictures, backend } = options;
  const words = [
    ...(modelDir === MODEL_DIR ? [] : ['--model-dir', modelDir]),
    ...(resultsDir === RESULTS_DIR ? [] : ['--results-dir', resultsDir]),
    ...(tensorboard === undefined ? [] : ['--tensorboard', tensorboard]),
    ...(backend === 'auto' ? [] : ['--backend', backend]),
    ...(pictures ? [] : ['--no-pictures']),
  ];
  return ['mnist-onnx train --resume', ...words.map((word) => shellWord(word))].join(' ');
}

function defaultModelDir({
  arch = 'cnn',
  init,
}: {
  arch?: string | undefined;
  init?: string | undefined;
}): string {
  // A file's name says more than its path.
  return modelDirOf(init === undefined ? basename(arch, '.json') : 'tuned');
}

/** A switch counts as 1 or 0. */
function numberOf(value: number | boolean | undefined): number | undefined {
  return typeof value === 'boolean' ? Number(value) : value;
}

function summaryOf({ test, validation, bestEpoch, history, dataset }: TrainingRecord): string {
  return `test accuracy ${formatPercent(test.accuracy)} on ${printable(dataset.name)} (epoch ${bestEpoch} of ${history.length}, the best by validation: ${formatPercent(validation.accuracy)})`;
}
