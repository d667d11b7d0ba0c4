import { copyFile, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import { fileErrorReason, makeFolder } from '../files.js';
import type { Input, InputBatches } from './input.js';
import { type RecordFormat, readKeptRecords } from './kept-records.js';
import { noCounts, type StatusCounts } from './record-text.js';
import { checkSettings, type ResumeSettings, saveSettings } from './resume-settings.js';
import type { TextSink } from './write-records.js';

/** An output that goes on where an earlier run was stopped. */
export interface ResumedOutput {
  /** Appends; the output gets its name when all is written, until then it is `path.partial`. */
  readonly sink: TextSink;
  /** How the images came out that it holds already. */
  readonly counts: StatusCounts;
  /** Whether the head of the output is written already. */
  readonly isStarted: boolean;
  /** The inputs that are left to read. */
  readonly rest: InputBatches;
}

/**
 * Opens an output to go on with it: what an earlier run with the same inputs left (`path.partial`, or `path` itself) is
 * kept up to its last whole record; one that was cut off is read again.
 *
 * @param options.hasHead whether a CSV output starts with the names of its columns
 * @param options.settings how the rest will be read
 * @throws UserError if the output is damaged, holds other images than the list, was read otherwise, or cannot be written.
 */
export async function resumeOutput(
  path: string,
  list: InputBatches,
  options: { format: RecordFormat; hasHead: boolean; settings: ResumeSettings },
): Promise<ResumedOutput> {
  const partial = `${path}.partial`;
  const inputs = cursor(list);
  const guard = guardWriting(path);
  const source = (await isOutput(partial)) ? partial : (await isOutput(path)) ? path : undefined;
  if (source !== undefined) await checkSettings(path, options.settings);
  const { counts, end } = await guard(() => findKept(source, path, inputs, options));
  const file = await guard(async () => {
    await makeFolder(dirname(partial));
    if (source === undefined) await saveSettings(path, options.settings);
    if (source === path) await copyFile(path, partial);
    const file = await open(partial, 'a');
    await file.truncate(end);
    return file;
  });
  return {
    counts,
    isStarted: end > 0,
    rest: inputs.rest(),
    sink: {
      write: (text) => guard(() => file.appendFile(text)),
      commit: () =>
        guard(async () => {
          await file.sync();
          await file.close();
          await rename(partial, path);
        }),
      discard: async (rest = '') => {
        // Why it ended is told; that this failed as well would be no news.
        await file.appendFile(rest).catch(() => {});
        await file.close().catch(() => {});
      },
    },
  };
}

/** Goes through the inputs whose records the output holds; `end` is where the last one ends. */
async function findKept(
  source: string | undefined,
  path: string,
  inputs: Cursor,
  options: { format: RecordFormat; hasHead: boolean },
): Promise<{ counts: StatusCounts; end: number }> {
  const counts = noCounts();
  let end = 0;
  if (source === undefined) return { counts, end };
  for await (const record of readKeptRecords(source, options)) {
    const listed = await inputs.next();
    if (listed?.file !== record.file) throw otherImages(path, record.file, listed);
    counts[record.status]++;
    end = record.end;
  }
  return { counts, end };
}

/** A place in a list of inputs. */
interface Cursor {
  /** The next one; `undefined` at the end. */
  next(): Promise<Input | undefined>;
  /** All that follow. */
  rest(): InputBatches;
}

function cursor(list: InputBatches): Cursor {
  const batches = list[Symbol.asyncIterator]();
  let batch: readonly Input[] = [];
  let at = 0;
  return {
    next: async () => {
      while (at === batch.length) {
        const { value, done } = await batches.next();
        if (done) return undefined;
        [batch, at] = [value, 0];
      }
      return batch[at++];
    },
    rest: async function* () {
      yield batch.slice(at);
      yield* { [Symbol.asyncIterator]: () => batches };
    },
  };
}

function guardWriting(path: string) {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw new UserError(`cannot write ${path}: ${fileErrorReason(cause)}`, {
        cause,
        hint: 'Make room and run the same command again: what was read so far is kept.',
      });
    }
  };
}

function otherImages(path: string, kept: string, listed: Input | undefined): UserError {
  const now =
    listed === undefined ? 'the inputs end before it' : `the inputs have ${printable(listed.file)} there`;
  return new UserError(`cannot go on with ${path}: it holds a reading of ${printable(kept)}, and ${now}`, {
    hint: `Run it with the same inputs as before, or remove ${path} and ${path}.partial and start again.`,
  });
}

/** Whether there is one; a folder or a device is none, and nothing to go on with. */
async function isOutput(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() ?? true) return found !== undefined;
  throw new UserError(`cannot go on with ${path}: it is ${found!.isDirectory() ? 'a folder' : 'no file'}`, {
    exitCode: 2,
    hint: 'Choose another --output.',
  });
}
