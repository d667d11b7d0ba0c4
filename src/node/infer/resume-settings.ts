import { existsSync } from 'node:fs';
import { readFile, rm, unlink } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import { fileErrorReason, writeFileAtomic } from '../files.js';
import { sha256Of } from '../hash.js';
import type { OutputFormat } from './output-format.js';
import type { ReaderOptions } from './reader.js';
import type { LocatedShard } from './shard.js';

/**
 * All that decides what a record says, beside the image (`conf` is `null` for the model's own threshold), and which
 * part of how many images it is: parts of different lists would not join. Without a shard, the list may grow.
 */
export interface ResumeSettings {
  readonly model: string;
  readonly format: OutputFormat;
  readonly segment: string;
  readonly topK: number;
  readonly conf: number | null;
  readonly shard: string | null;
  readonly images: number | null;
}

/** What users call the settings. */
const NAMES: Readonly<Record<keyof ResumeSettings, string>> = {
  model: 'the model',
  format: '--format',
  segment: '--segment',
  topK: '--top-k',
  conf: '--conf',
  shard: '--shard',
  images: 'the number of images',
};

/** The settings of a run, or of one part; the model is known by its content. */
export function resumeSettings(
  model: Uint8Array,
  format: OutputFormat,
  { segment = 'auto', topK, minProbability }: Partial<ReaderOptions> & Pick<ReaderOptions, 'topK'>,
  part?: LocatedShard,
): ResumeSettings {
  const sha256 = sha256Of(model);
  return {
    model: sha256,
    format,
    segment,
    topK,
    conf: minProbability ?? null,
    shard: part ? `${part.index}/${part.count}` : null,
    images: part?.total ?? null,
  };
}

/** The file beside an output that says how it was read. */
export function settingsPath(output: string): string {
  return `${output}.settings.json`;
}

/**
 * Makes sure that an output was read as it would be gone on with.
 *
 * @throws UserError (exit status 2) if it was not, or nothing tells how it was read.
 */
export async function checkSettings(output: string, wanted: ResumeSettings): Promise<void> {
  const path = settingsPath(output);
  const hint = `Run it as before, or remove ${output} and ${output}.partial and start again.`;
  let found: Partial<Record<string, unknown>> | null;
  try {
    found = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is damaged' : fileErrorReason(cause);
    throw new UserError(`cannot go on with ${output}: ${path} does not tell how it was read (${reason})`, {
      exitCode: 2,
      hint,
      cause,
    });
  }
  const keys = Object.keys(NAMES) as (keyof ResumeSettings)[];
  const other = keys.filter((key) => (found?.[key] ?? null) !== wanted[key]).map((key) => NAMES[key]);
  if (other.length === 0) return;
  throw new UserError(
    `cannot go on with ${output}: it was begun with another setting of ${other.join(', ')}`,
    {
      exitCode: 2,
      hint,
    },
  );
}

/** @throws UserError if they cannot be written. */
export async function saveSettings(output: string, settings: ResumeSettings): Promise<void> {
  await writeFileAtomic(settingsPath(output), `${JSON.stringify(settings, null, 2)}\n`);
}

/**
 * Removes what tells that an output can be gone on with, before another takes its place; what an earlier run left
 * unfinished of it means nothing then.
 *
 * @throws UserError if it cannot be removed.
 */
export async function removeSettings(output: string): Promise<void> {
  const path = settingsPath(output);
  // Both are seldom there, and to ask first takes less time than to try.
  if (existsSync(path)) {
    await unlink(path).catch((cause) => {
      throw new UserError(`cannot remove ${path}: ${fileErrorReason(cause)}`, {
        cause,
        hint: 'It tells of an earlier output: remove it, or choose another --output.',
      });
    });
  }
  const partial = `${output}.partial`;
  if (existsSync(partial)) await rm(partial, { force: true }).catch(() => {});
}
