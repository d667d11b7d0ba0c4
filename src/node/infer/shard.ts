import { UserError } from '../../core/errors.js';
import type { Input, InputBatches } from './list-inputs.js';

/** One of `count` parts of a list; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a shard as the command line has it: `2/8`; `auto/8` for a task of a Slurm array or of an indexed job of
 * Kubernetes. Of how many must be said: where some tasks are run again, Slurm counts those alone.
 *
 * @throws UserError (exit status 2) if it is none, or the environment does not tell which.
 */
export function parseShard(text: string, env: Environment): Shard {
  const [, part, whole] = /^(auto|\d+)\/(\d+)$/.exec(text) ?? [];
  if (part === undefined) {
    throw wrong(
      `--shard ${text} does not say which part of how many`,
      'Write it like 1/8, or auto/8 in a Slurm array or an indexed job of Kubernetes.',
    );
  }
  const count = Number(whole);
  const index = part === 'auto' ? fromScheduler(env, count) : Number(part);
  if (!(index >= 1 && index <= count && Number.isSafeInteger(count))) {
    throw wrong(`there is no part ${index} of ${count}`, 'The parts of 8 are 1/8 to 8/8.');
  }
  return { index, count };
}

function fromScheduler(env: Environment, count: number): number {
  const completion = numberOf(env.JOB_COMPLETION_INDEX);
  if (completion !== undefined) return completion + 1;
  const task = numberOf(env.SLURM_ARRAY_TASK_ID);
  if (task === undefined) {
    throw wrong(
      '--shard auto: neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set',
      'Run it as a task of an array job, or say which part: --shard 1/8.',
    );
  }
  // A task's number is its part's, whichever tasks are run again. An array that does not fit is refused as a whole: one
  // that starts at 0 in all its tasks, so that no part of it is ever taken for another.
  const first = numberOf(env.SLURM_ARRAY_TASK_MIN) ?? task;
  const last = numberOf(env.SLURM_ARRAY_TASK_MAX) ?? task;
  if (first >= 1 && last <= count) return task;
  throw wrong(
    `--shard auto/${count}: the array's tasks are numbered from ${first} to ${last}, the parts from 1 to ${count}`,
    'Number the tasks as the parts (sbatch --array=1-8 for auto/8), or write the part: --shard $((SLURM_ARRAY_TASK_ID + 1))/8.',
  );
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function wrong(message: string, hint: string): UserError {
  return new UserError(message, { exitCode: 2, hint });
}

/** A shard as it lies in its list: from `start` up to, but not with, `end` of `total` images, counted from 0. */
export interface LocatedShard extends Shard {
  readonly start: number;
  readonly end: number;
  readonly total: number;
}

/** Finds out where a shard lies: parts are as equal as can be, and one after the other are the list. */
export async function locateShard(list: InputBatches, { index, count }: Shard): Promise<LocatedShard> {
  let total = 0;
  for await (const batch of list) total += batch.length;
  const [start, end] = [index - 1, index].map((parts) => Math.floor((parts * total) / count));
  return { index, count, start: start!, end: end!, total };
}

/** The part of a list that is a shard's. */
export async function* shardOf(
  list: InputBatches,
  { start, end }: Pick<LocatedShard, 'start' | 'end'>,
): AsyncGenerator<readonly Input[]> {
  let at = 0;
  for await (const batch of list) {
    if (at >= end) return;
    yield batch.slice(Math.max(0, start - at), end - at);
    at += batch.length;
  }
}
