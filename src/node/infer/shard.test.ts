import { expect, test } from 'vitest';
import { locateShard, parseShard, shardOf } from './shard.js';

/** What Slurm tells every task of an array. */
function array(first: number, last: number, count = last - first + 1) {
  return {
    SLURM_ARRAY_TASK_MIN: String(first),
    SLURM_ARRAY_TASK_MAX: String(last),
    SLURM_ARRAY_TASK_COUNT: String(count),
  };
}

test.each([
  ['2/8', {}, { index: 2, count: 8 }],
  ['auto/5', { JOB_COMPLETION_INDEX: '0' }, { index: 1, count: 5 }],
  ['auto/5', { ...array(1, 5), SLURM_ARRAY_TASK_ID: '4' }, { index: 4, count: 5 }],
  // Some tasks again, as `sbatch --array=3,5` has them.
  ['auto/5', { ...array(3, 5, 2), SLURM_ARRAY_TASK_ID: '3' }, { index: 3, count: 5 }],
  ['auto/5', { ...array(3, 5, 2), SLURM_ARRAY_TASK_ID: '5' }, { index: 5, count: 5 }],
  ['auto/5', { ...array(2, 2, 1), SLURM_ARRAY_TASK_ID: '2' }, { index: 2, count: 5 }],
  // The whole array.
  ['auto', { ...array(1, 5), SLURM_ARRAY_TASK_ID: '4' }, { index: 4, count: 5 }],
  ['auto', { ...array(0, 4), SLURM_ARRAY_TASK_ID: '4' }, { index: 5, count: 5 }],
  ['auto', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '4' }, { index: 1, count: 4 }],
])('%s in %j', (text, env, shard) => {
  expect(parseShard(text, env)).toEqual(shard);
});

test.each([
  ['0/4', {}, 'there is no part 0 of 4'],
  ['5/4', {}, 'there is no part 5 of 4'],
  ['3', {}, '--shard 3 does not say which part of how many'],
  ['1/4x', {}, '--shard 1/4x does not say which part of how many'],
  ['auto', { JOB_COMPLETION_INDEX: '2' }, 'but not of how many'],
  ['auto', { ...array(3, 5, 2), SLURM_ARRAY_TASK_ID: '3' }, 'an array of 2 tasks from 3 to 5 does not tell'],
  ['auto', { ...array(3, 4), SLURM_ARRAY_TASK_ID: '3' }, 'an array of 2 tasks from 3 to 4 does not tell'],
  ['auto', { ...array(1, 5, 2), SLURM_ARRAY_TASK_ID: '5' }, 'an array of 2 tasks from 1 to 5 does not tell'],
  ['auto/4', {}, 'neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT are set'],
  ['auto/2', { JOB_COMPLETION_INDEX: '2' }, 'there is no part 3 of 2'],
  // Task 3 would read what task 4 is to read: numbers that do not fit are wrong in every task.
  [
    'auto/5',
    { ...array(0, 4), SLURM_ARRAY_TASK_ID: '3' },
    "the array's tasks are numbered from 0 to 4, the parts from 1 to 5",
  ],
  ['auto/9', { ...array(10, 90, 9), SLURM_ARRAY_TASK_ID: '10' }, 'numbered from 10 to 90'],
  ['auto/9', { ...array(2, 18, 9), SLURM_ARRAY_TASK_ID: '2' }, 'numbered from 2 to 18'],
])('%s in %j is wrong usage', (text, env, message) => {
  expect(() => parseShard(text, env)).toThrow(expect.objectContaining({ exitCode: 2 }));
  expect(() => parseShard(text, env)).toThrow(message);
});

test('shards one after the other are the list, each as long as the others or one longer', async () => {
  const files = Array.from({ length: 11 }, (_, i) => ({ file: `${i}.png` }));
  const list = async function* () {
    yield files.slice(0, 4);
    yield [];
    yield files.slice(4, 5);
    yield files.slice(5);
  };
  for (const count of [1, 2, 3, 7, 11, 15]) {
    const shards = [];
    for (let index = 1; index <= count; index++) {
      const shard = [];
      const located = await locateShard(list(), { index, count });
      for await (const batch of shardOf(list(), located)) shard.push(...batch);
      expect(located).toMatchObject({ end: located.start + shard.length, total: files.length });
      shards.push(shard);
    }
    expect(shards.flat()).toEqual(files);
    const lengths = shards.map(({ length }) => length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  }
});
