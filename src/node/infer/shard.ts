import { UserError } from '../../core/errors.js';
import type { Input, InputBatches } from './input.js';

/** One of `count` parts of a list; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a shard as the command line has it: `2/8`; `auto/8` for a task of a Slurm array or of an indexed job of
 * Kubernetes; `auto` for one of a Slurm array that is run as a whole.
 *
 * @throws UserError (exit status 2) if it is none, or the environment does not tell which.
 */
export function parseShard(text: string, env: Environment): Shard {
  const [, part, whole] = /^(?:(auto|\d+)\/(\d+)|auto)$/.exec(text) ?? [];
  const given = numberOf(whole);
  if (text !== 'auto' && (part === undefined || given === undefined)) {
    throw wrong(
      `--shard ${text} does not say which part of how many`,
      'Write it like 1/8, or auto/8 in a Slurm array or an indexed job of Kubernetes.',
    );
  }
  const isAuto = text === 'auto' || part === 'auto';
  const { index, count } = isAuto ? fromScheduler(env, given) : { index: Number(part), count: given! };
  if (!(index >= 1 && index <= count && Number.isSafeInteger(count))) {
    throw wrong(`there is no part ${index} of ${count}`, 'The parts of 8 are 1/8 to 8/8.');
  }
  return { index, count };
}

function fromScheduler(env: Environment, given: number | undefined): Shard {
  const completion = numberOf(env.JOB_COMPLETION_INDEX);
  if (completion !== undefined) {
    if (given !== undefined) return { index: completion + 1, count: given };
    throw wrong(
      '--shard auto: JOB_COMPLETION_INDEX tells which part this is, but not of how many',
      "Write auto/N, with the job's completions for N.",
    );
  }
  const task = numberOf(env.SLURM_ARRAY_TASK_ID);
  const tasks = numberOf(env.SLURM_ARRAY_TASK_COUNT);
  if (task === undefined || (given ?? tasks) === undefined) {
    throw wrong(
      '--shard auto: neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT are set',
      'Run it as a task of an array job, or say which part: --shard 1/8.',
    );
  }
  return given === undefined ? ofWholeArray(env, task, tasks!) : ofTask(env, task, given);
}

/**
 * A task's number is its part's, whichever tasks are run again. An array that does not fit is refused as a whole: one
 * that starts at 0 in all its tasks, so that no part of it is ever taken for another.
 */
function ofTask(env: Environment, task: number, count: number): Shard {
  const first = numberOf(env.SLURM_ARRAY_TASK_MIN) ?? task;
  const last = numberOf(env.SLURM_ARRAY_TASK_MAX) ?? task;
  if (first >= 1 && last <= count) return { index: task, count };
  throw wrong(
    `--shard auto/${count}: the array's tasks are numbered from ${first} to ${last}, the parts from 1 to ${count}`,
    'Number the tasks as the parts (sbatch --array=1-8 for auto/8), or write the part: --shard $((SLURM_ARRAY_TASK_ID + 1))/8.',
  );
}

/** Of some tasks that are run again Slurm counts those alone: as far as that can be seen, it is refused. */
function ofWholeArray(env: Environment, task: number, count: number): Shard {
  const first = numberOf(env.SLURM_ARRAY_TASK_MIN) ?? 0;
  const last = numberOf(env.SLURM_ARRAY_TASK_MAX) ?? first + count - 1;
  if (first <= 1 && last - first + 1 === count) return { index: task - first + 1, count };
  throw wrong(
    `--shard auto: an array of ${count} tasks from ${first} to ${last} does not tell how many parts there are`,
    'Name their number, and give each task the number of its part: --shard auto/8 for sbatch --array=1-8.',
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
