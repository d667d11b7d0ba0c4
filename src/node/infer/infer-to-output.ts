import { createAtomicFile, followLink } from '../files.js';
import type { Reporter } from '../reporter.js';
import { type InferOptions, inferAsText } from './infer.js';
import type { InputBatches } from './input.js';
import { listInputs } from './list-inputs.js';
import { lockOutput } from './lock-output.js';
import type { OutputFormat } from './output-format.js';
import type { RecordText, StatusCounts } from './record-text.js';
import type { ResumedOutput } from './resume.js';
import { type LocatedShard, locateShard, type Shard, shardOf } from './shard.js';
import { streamSink, type TextSink, writeRecords } from './write-records.js';

export interface InferToOutputOptions extends Omit<InferOptions, 'inputs'> {
  readonly inputs: readonly string[];
  readonly format: OutputFormat;
  /** The file to write; without one `stdout`. */
  readonly output?: string | undefined;
  readonly stdout: NodeJS.WritableStream;
  /** Only this part of the inputs: the parts' outputs, one after the other, are the output of all. Not for JSON. */
  readonly shard?: Shard | undefined;
  /** Go on with what stands in `output` already. For CSV and NDJSON. */
  readonly resume?: boolean | undefined;
  /** Is told the records of this run as they come, and how many they are by then. */
  readonly onRecords?: (some: RecordText, done: number) => void;
  /** Is told what is waited for. */
  readonly reporter?: Reporter | undefined;
}

/** How the images came out, and those among them that an earlier run had read. */
export interface OutputCounts {
  readonly counts: StatusCounts;
  readonly kept: StatusCounts | undefined;
  /** Which of the images were to be read, where not all. */
  readonly part: LocatedShard | undefined;
}

/**
 * Reads the digits of images and writes one record an image, in the order of the inputs.
 *
 * @throws UserError if the output cannot be written or continued, or another run writes it; the signal's reason once it is aborted.
 */
export async function inferToOutput(options: InferToOutputOptions): Promise<OutputCounts> {
  const { inputs, format, output, stdout, shard, resume, onRecords, reporter, ...rest } = options;
  // The head stands once, in the first part.
  const hasHead = shard === undefined || shard.index === 1;
  // What lies beside an output lies beside the file itself, by whatever link it was named.
  const target = output === undefined ? undefined : await followLink(output);
  const lock = target === undefined ? undefined : await lockOutput(target, { reporter, signal: rest.signal });
  try {
    const listAll = () => listInputs(inputs, rest);
    const part = shard && (await locateShard(listAll(), shard));
    const list: InputBatches = part ? shardOf(listAll(), part) : listAll();
    let resumed: ResumedOutput | undefined;
    if (resume && target !== undefined && (format === 'csv' || format === 'ndjson')) {
      const { resumeOutput } = await import('./resume.js');
      const { resumeSettings } = await import('./resume-settings.js');
      const settings = resumeSettings(rest.bytes ?? new Uint8Array(0), format, rest, part);
      resumed = await resumeOutput(target, list, { format, hasHead, settings });
    }
    const mayClose = rest.saveInputsDir !== undefined || rest.annotateDir !== undefined;
    const sink =
      resumed?.sink ?? (target === undefined ? streamSink(stdout, { mayClose }) : await newFileSink(target));
    const records = inferAsText({ ...rest, inputs: resumed?.rest ?? list }, format);
    const counts = await writeRecords(records, {
      format,
      sink,
      hasHead: hasHead && !resumed?.isStarted,
      ...(onRecords ? { onRecords } : {}),
    });
    return { counts, kept: resumed?.counts, part };
  } finally {
    await lock?.release();
  }
}

/** A file that appears whole or not at all, and takes the place of an earlier output with all that lay beside it. */
async function newFileSink(path: string): Promise<TextSink> {
  const file = await createAtomicFile(path);
  return {
    ...file,
    commit: async () => {
      const { removeSettings } = await import('./resume-settings.js');
      // First, so that a run that is killed between the two leaves no settings beside what was read with others.
      await removeSettings(path);
      await file.commit();
    },
  };
}
