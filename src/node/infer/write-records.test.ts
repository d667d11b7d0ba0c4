import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { createAtomicFile } from '../files.js';
import { noCounts, type RecordText } from './record-text.js';
import { resumeOutput } from './resume.js';
import { writeRecords } from './write-records.js';

async function* records(): AsyncGenerator<RecordText> {
  yield { text: 'a.png,7,ok\n', counts: { ...noCounts(), ok: 1 }, failed: [] };
  throw new Error('interrupted');
}

const empty = (async function* () {})();
const settings = { format: 'csv' } as never;

test('an output that a run can go on with keeps what was read until it was interrupted', async () => {
  const path = join(await temporaryFolder(), 'out.csv');
  const { sink } = await resumeOutput(path, empty, { format: 'csv', hasHead: false, settings });
  await expect(writeRecords(records(), { format: 'csv', sink, hasHead: false })).rejects.toThrow(
    'interrupted',
  );
  expect(await readFile(`${path}.partial`, 'utf8')).toBe('a.png,7,ok\n');
});

test('of any other output nothing stays', async () => {
  const path = join(await temporaryFolder(), 'out.csv');
  const sink = await createAtomicFile(path);
  await expect(writeRecords(records(), { format: 'csv', sink })).rejects.toThrow('interrupted');
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
