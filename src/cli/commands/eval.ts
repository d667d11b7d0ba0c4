import { UserError } from '../../core/errors.js';
import type { Evaluation } from '../../node/eval/evaluate.js';
import { RESULTS_DIR } from '../../node/paths.js';
import type { Device, OpenModel } from '../../node/runtime/index.js';
import { type CommandIo, defineCommand } from '../command.js';
import { DEFAULT_MODEL, datasetOptions, numberInRange, outputOptions } from '../options.js';

export const evalCommand = defineCommand({
  name: 'eval',
  positionals: '[model]',
  aliases: ['evaluate', 'test', 'val'],
  summary: 'Measure an ONNX model on the test set with ONNX Runtime',
  options: (yargs) =>
    yargs
      .positional('model', {
        type: 'string',
        describe: 'the ONNX file',
        defaultDescription: DEFAULT_MODEL,
      })
      .options({
        ...datasetOptions,
        images: {
          type: 'string',
          describe:
            'measure on a folder of labelled images, or a zip of one: sub-folders are labels, or labels.csv (file,label)',
        },
        limit: {
          type: 'number',
          coerce: numberInRange('limit', { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true }),
          describe: 'only the first so many test images, 1 or more',
        },
        compare: {
          type: 'string',
          array: true,
          describe: "print models side by side, with McNemar's test of each pair: --compare a.onnx b.onnx",
        },
        corruptions: {
          type: 'boolean',
          default: false,
          describe: 'also measure on the images shifted, rotated, thinned, blurred, noisy and so on',
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
          describe: 'draw the pictures, write the report (--no-pictures: the figures alone)',
        },
        svg: { type: 'boolean', default: false, describe: 'write charts as SVG too' },
        ...outputOptions,
      }),
  async run(options, io) {
    for (const [one, other] of EXCLUSIVE) {
      if (isGiven(options[one]) && isGiven(options[other]))
        throw new UserError(`--${one} and --${other} exclude each other`, { exitCode: 2 });
    }
    if (options.svg && !options.pictures) {
      throw new UserError('--svg and --no-pictures exclude each other', { exitCode: 2 });
    }
    const { openModel } = await import('../../node/runtime/index.js');
    const paths = options.compare ? comparedPaths(options.model, options.compare) : [options.model];
    const models: OpenModel[] = [];
    try {
      for (const model of paths) {
        models.push(await openModel({ model, device: options.device, reporter: io.reporter }));
      }
      return await (options.compare ? compare(models, options, io) : measureOne(models[0]!, options, io));
    } finally {
      for (const { session } of models) await session.release();
    }
  },
});

/** What would be ignored beside the other. */
const EXCLUSIVE = [
  ['images', 'dataset'],
  ['images', 'data-dir'],
  ['compare', 'corruptions'],
  ['compare', 'svg'],
] as const;

const isGiven = (value: unknown) => value !== undefined && value !== false;

interface EvalOptions {
  readonly dataset?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly images?: string | undefined;
  readonly limit?: number | undefined;
  readonly resultsDir: string;
  readonly pictures: boolean;
  readonly corruptions: boolean;
  readonly svg: boolean;
  readonly json: boolean;
}

/** One model alone is compared with the one that is used by default. */
function comparedPaths(model: string | undefined, others: readonly string[]): (string | undefined)[] {
  if (model !== undefined) return [model, ...others];
  return others.length === 1 ? [undefined, ...others] : [...others];
}

async function measureOne(model: OpenModel, options: EvalOptions, { stdout, reporter, signal }: CommandIo) {
  const { measure } = await import('../../node/eval/measure.js');
  const { formatEvaluation } = await import('../../node/eval/format-evaluation.js');
  const { formatRobustness } = await import('../../node/eval/robustness.js');
  const page = (evaluation: Evaluation) =>
    formatEvaluation(evaluation) +
    (evaluation.robustness ? `\n${formatRobustness(evaluation.robustness, evaluation)}` : '');
  let skipped = 0;
  const results = await measure({
    ...options,
    model,
    onEvaluation: ({ evaluation }) => {
      skipped = evaluation.skipped?.length ?? 0;
      stdout.write(options.json ? `${JSON.stringify(evaluation, null, 2)}\n` : page(evaluation));
    },
    reporter,
    signal,
  });
  reporter.note(`results: ${results.join(', ')}`);
  return skipped > 0 ? 1 : 0;
}

async function compare(models: readonly OpenModel[], options: EvalOptions, io: CommandIo) {
  const { loadTestSet } = await import('../../node/eval/measure.js');
  const { compareModels } = await import('../../node/eval/compare.js');
  const { formatComparison } = await import('../../node/eval/format-comparison.js');
  const { reporter, signal } = io;
  // Where pictures show several digits, these are the ones that the first model finds.
  const [model] = models as [OpenModel];
  const { testSet } = await loadTestSet({ ...options, model, reporter, signal }, model.info.classes);
  const comparison = await compareModels({ models, testSet, reporter, signal });
  io.stdout.write(options.json ? `${JSON.stringify(comparison, null, 2)}\n` : formatComparison(comparison));
  return testSet.skipped ? 1 : 0;
}
