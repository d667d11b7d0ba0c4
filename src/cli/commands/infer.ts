import { availableParallelism } from 'node:os';
import { UserError } from '../../core/errors.js';
import type { Prediction } from '../../core/prediction.js';
import type { DigitSegment } from '../../core/read/index.js';
import type { OutputFormat } from '../../node/infer/output-format.js';
import type { StatusCounts } from '../../node/infer/record-text.js';
import type { LocatedShard } from '../../node/infer/shard.js';
import { nowMs } from '../../node/now-ms.js';
import { formatDuration, type Progress } from '../../node/reporter.js';
import type { Device, OpenModel } from '../../node/runtime/index.js';
import { defineCommand } from '../command.js';
import { DEFAULT_MODEL, numberInRange, outputOptions, STANDARD_STREAM } from '../options.js';

/** Each failed image is told on stderr up to this many; the records hold them all. */
const MAX_WARNINGS = 10;

export const inferCommand = defineCommand({
  name: 'infer',
  positionals: '[images..]',
  aliases: ['predict', 'classify'],
  summary: 'Read the digits of image files with an ONNX model',
  options: (yargs) =>
    yargs
      .positional('images', {
        type: 'string',
        array: true,
        describe: 'files, folders (with all below them), quoted glob patterns, - for standard input',
      })
      .options({
        model: {
          type: 'string',
          describe: 'the ONNX file',
          defaultDescription: DEFAULT_MODEL,
        },
        device: {
          choices: ['auto', 'cpu', 'cuda'] as const satisfies readonly Device[],
          default: 'auto' as Device,
          describe: 'where the model runs; auto is CUDA where it works, else the CPU',
        },
        format: {
          choices: ['table', 'json', 'ndjson', 'csv'] as const,
          describe: 'how the readings are printed',
          defaultDescription: 'table',
        },
        output: { alias: 'o', type: 'string', describe: 'write the readings to this file instead of stdout' },
        'top-k': {
          type: 'number',
          default: 3,
          coerce: numberInRange('top-k', { min: 1, max: 1000, integer: true }),
          describe: 'candidates listed for each digit (json, ndjson and csv), 1 or more',
        },
        conf: {
          type: 'number',
          coerce: numberInRange('conf', { min: 0, max: 1 }),
          describe:
            'probability below which a reading is "unsure", 0 to 1; 0 answers all, also what resembles no digit',
          defaultDescription: "the model's own, chosen on validation images",
        },
        segment: {
          choices: ['auto', 'single', 'multi'] as const satisfies readonly DigitSegment[],
          default: 'auto' as DigitSegment,
          describe: 'whether an image holds one digit or several lines of numbers; auto finds out',
        },
        'save-inputs': {
          type: 'string',
          describe: 'write the 28x28 images that the model saw to this folder',
        },
        annotate: {
          type: 'string',
          describe: 'write each image to this folder, with boxes and readings drawn on it',
        },
        threads: {
          type: 'number',
          coerce: numberInRange('threads', { min: 1, max: 256, integer: true }),
          describe: 'threads that read images; the readings are the same for any number',
          defaultDescription: 'one a core',
        },
        shard: {
          type: 'string',
          describe:
            'read only this part of the images: 1/8 to 8/8, or auto[/8] in a job of Slurm or Kubernetes',
        },
        resume: {
          type: 'boolean',
          default: false,
          describe: 'go on with the --output that an earlier run left unfinished (csv and ndjson)',
        },
        json: { ...outputOptions.json, describe: 'short for --format json' },
        quiet: outputOptions.quiet,
      }),
  async run(options, io) {
    const images = (options.images ?? []).map((name) => (name === STANDARD_STREAM ? '-' : name));
    const output = options.output === STANDARD_STREAM ? undefined : options.output;
    const format = options.json ? 'json' : (options.format ?? 'table');
    if (options.json && (options.format ?? 'json') !== 'json') {
      throw new UserError(`--json and --format ${options.format} exclude each other`, { exitCode: 2 });
    }
    checkUsage({ ...options, images, output, format });
    const { hasCudaProvider, inferToOutput, openModelFile, parseShard, readModelFile, tuneV8 } = await import(
      '../../node/infer/index.js'
    );
    const { reporter, signal } = io;
    const shard = options.shard === undefined ? undefined : parseShard(options.shard, process.env);
    const { device } = options;
    const file = await readModelFile(options.model);
    let model: OpenModel | undefined;
    let progress: Progress | undefined;
    let started = nowMs();
    const openSession = async () => {
      // One thread within an operator: the images are shared out among threads instead.
      model = await openModelFile(file, { device, threads: 1, reporter });
      tuneV8();
      progress = reporter.progress('images');
      return model.session;
    };
    // Whether a GPU that may be there works is found out before other threads start.
    const mayUseGpu = device !== 'cpu' && hasCudaProvider();
    const failed: Prediction[] = [];
    try {
      const { counts, kept, part } = await inferToOutput({
        inputs: images,
        session: mayUseGpu ? await openSession() : openSession,
        info: file.info,
        bytes: file.bytes,
        threads: options.threads ?? availableParallelism(),
        segment: options.segment,
        topK: options['top-k'],
        minProbability: options.conf,
        saveInputsDir: options['save-inputs'],
        annotateDir: options.annotate,
        format,
        output,
        stdout: io.stdout,
        shard,
        resume: options.resume,
        onRecords: (some, done) => {
          failed.push(...some.failed.slice(0, MAX_WARNINGS - failed.length));
          progress?.update(done, `${done} (${perSecond(done, started)})`);
        },
        reporter,
        signal,
        onStart: () => {
          started = nowMs();
        },
      });
      (progress ?? reporter.progress('images')).end(summarize(counts, started));
      if (part) reporter.note(describePart(part));
      if (kept) reporter.note(`kept from an earlier run: ${total(kept)}, of them ${kept.error} failed`);
      // In a short table on a terminal they stand right above.
      const isTable = format === 'table' && output === undefined;
      const isSeen = isTable && isTerminal(io.stdout) && total(counts) <= MAX_WARNINGS;
      if (!isSeen) for (const { file, error } of failed) reporter.warn(`cannot read ${file}: ${error}`);
      if (counts.error > failed.length) reporter.warn(`and ${counts.error - failed.length} more`);
      if (output !== undefined) reporter.note(`readings: ${output}`);
      const { saveInputs, annotate } = options;
      if (saveInputs !== undefined) reporter.note(`what the model saw: ${saveInputs}`);
      if (annotate !== undefined) reporter.note(`pictures with the readings: ${annotate}`);
      return counts.error + (kept?.error ?? 0) > 0 ? 1 : 0;
    } catch (error) {
      progress?.end(signal.aborted ? 'interrupted' : 'stopped');
      if (!signal.aborted) throw error;
      if (options.resume)
        reporter.warn(`interrupted: ${output} is not complete; the same command goes on with it`);
      else if (output !== undefined) reporter.warn(`interrupted: ${output} was not written`);
      return undefined;
    } finally {
      await model?.session.release();
    }
  },
});

function checkUsage(options: {
  images: readonly string[];
  output: string | undefined;
  format: OutputFormat;
  shard: string | undefined;
  resume: boolean;
}): void {
  const { images, output, format } = options;
  const wrong = (message: string, hint?: string) =>
    new UserError(message, { exitCode: 2, ...(hint ? { hint } : {}) });
  if (images.length === 0) {
    throw wrong(
      'name the images to read: files, folders, patterns, or - for standard input',
      'For example: mnist-onnx infer images/',
    );
  }
  if (options.shard !== undefined && format === 'json') {
    throw wrong('parts of a JSON array cannot be joined', 'Use --shard with --format csv or ndjson.');
  }
  if (!options.resume) return;
  if (output === undefined) throw wrong('--resume needs the --output to go on with');
  if (format !== 'csv' && format !== 'ndjson') {
    throw wrong(`--resume cannot go on with --format ${format}`, 'Use --format csv or ndjson.');
  }
}

function summarize(counts: StatusCounts, started: number): string {
  const { ok, unsure, blank, error } = counts;
  const done = ok + unsure + blank;
  const duration = formatDuration(nowMs() - started);
  return `${done} read in ${duration} (${perSecond(done, started)}): ${ok} ok, ${unsure} unsure, ${blank} blank, ${error} failed`;
}

/** What the outputs of all parts must add up to. */
function describePart({ index, count, start, end, total }: LocatedShard): string {
  const which = start === end ? 'none' : `images ${start + 1} to ${end}`;
  return `part ${index} of ${count}: ${which} of ${total}`;
}

function isTerminal(stream: NodeJS.WritableStream): boolean {
  return (stream as Partial<NodeJS.WriteStream>).isTTY === true;
}

function total({ ok, unsure, blank, error }: StatusCounts): number {
  return ok + unsure + blank + error;
}

function perSecond(count: number, started: number): string {
  return `${Math.round((1000 * count) / Math.max(1, nowMs() - started))} images/s`;
}
