import { expect, test } from 'vitest';
import { parseShard, shardOf } from './shard.js';

test.each([
  ['2/8', {}, { index: 2, count: 8 }],
  ['auto/5', { JOB_COMPLETION_INDEX: '0' }, { index: 1, count: 5 }],
  [
    'auto',
    { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '1' },
    { index: 3, count: 4 },
  ],
  ['auto', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '4' }, { index: 1, count: 4 }],
  [
    'auto',
    {
      SLURM_ARRAY_TASK_ID: '30',
      SLURM_ARRAY_TASK_COUNT: '9',
      SLURM_ARRAY_TASK_MIN: '10',
      SLURM_ARRAY_TASK_STEP: '10',
    },
    { index: 3, count: 9 },
  ],
])('%s in %j', (text, env, shard) => {
  expect(parseShard(text, env)).toEqual(shard);
});

test.each([
  ['0/4', {}, 'there is no part 0 of 4'],
  ['5/4', {}, 'there is no part 5 of 4'],
  ['3', {}, '--shard 3 is no part of a whole'],
  ['1/4x', {}, '--shard 1/4x is no part of a whole'],
  ['auto', {}, 'neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID'],
  ['auto', { JOB_COMPLETION_INDEX: '2' }, 'but not of how many'],
  ['auto/2', { JOB_COMPLETION_INDEX: '2' }, 'there is no part 3 of 2'],
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
      for await (const batch of shardOf(list, { index, count })) shard.push(...batch);
      shards.push(shard);
    }
    expect(shards.flat()).toEqual(files);
    const lengths = shards.map(({ length }) => length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  }
});
