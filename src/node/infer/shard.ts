import { UserError } from '../../core/errors.js';
import type { Input, InputBatches } from './list-inputs.js';

/** One of `count` parts of a list; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Reads a shard as the command line has it: `2/8`; `auto` for a task of a Slurm array; `auto/8` where the scheduler
 * tells a task its index, but not their number (indexed jobs of Kubernetes).
 *
 * @throws UserError (exit status 2) if it is none, or the environment does not tell which.
 */
export function parseShard(text: string, env: Readonly<Record<string, string | undefined>>): Shard {
  const [, index, count] = /^(auto|\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  const isAuto = index === 'auto';
  if (index === undefined || (!isAuto && count === undefined)) {
    throw wrong(
      `--shard ${text} is no part of a whole`,
      'Write it like 1/8, auto (in a Slurm array) or auto/8.',
    );
  }
  const shard = isAuto ? fromScheduler(env, numberOf(count)) : { index: Number(index), count: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.count && Number.isSafeInteger(shard.count))) {
    throw wrong(`there is no part ${shard.index} of ${shard.count}`, 'The parts of 8 are 1/8 to 8/8.');
  }
  return shard;
}

function fromScheduler(env: Readonly<Record<string, string | undefined>>, given: number | undefined): Shard {
  const completion = numberOf(env.JOB_COMPLETION_INDEX);
  if (completion !== undefined) {
    if (given !== undefined) return { index: completion + 1, count: given };
    throw wrong(
      '--shard auto: JOB_COMPLETION_INDEX tells which part this is, but not of how many',
      "Write auto/N, with the job's completions for N.",
    );
  }
  const task = numberOf(env.SLURM_ARRAY_TASK_ID);
  const count = given ?? numberOf(env.SLURM_ARRAY_TASK_COUNT);
  if (task === undefined || count === undefined) {
    throw wrong(
      '--shard auto: neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT are set',
      'Run it as a task of an array job, or say which part: --shard 1/8.',
    );
  }
  // An array may start anywhere and leave numbers out: --array=10-90:10.
  const first = numberOf(env.SLURM_ARRAY_TASK_MIN) ?? 0;
  const step = numberOf(env.SLURM_ARRAY_TASK_STEP) || 1;
  return { index: Math.floor((task - first) / step) + 1, count };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function wrong(message: string, hint: string): UserError {
  return new UserError(message, { exitCode: 2, hint });
}

/**
 * The part of a list that is a shard's: parts are as equal as can be, and one after the other are the list.
 *
 * @param list gives the list from its start; it is gone through once more to be counted
 */
export async function* shardOf(
  list: () => InputBatches,
  { index, count }: Shard,
): AsyncGenerator<readonly Input[]> {
  let total = 0;
  for await (const batch of list()) total += batch.length;
  const start = Math.floor(((index - 1) * total) / count);
  const end = Math.floor((index * total) / count);
  let at = 0;
  for await (const batch of list()) {
    if (at >= end) return;
    yield batch.slice(Math.max(0, start - at), end - at);
    at += batch.length;
  }
}
