import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { type Prediction, toFailure } from '../../core/prediction.js';
import type { Input } from './input.js';
import type { RecordFormat } from './kept-records.js';
import { createFormatter } from './output-format.js';
import { recordWriter } from './record-text.js';
import { resumeOutput } from './resume.js';
import { resumeSettings, saveSettings, settingsPath } from './resume-settings.js';
import { writeRecords } from './write-records.js';

const box = { x: 1, y: 2, width: 3, height: 4 };
const topK = [{ digit: '7', probability: 0.98 }];
const digits = [{ digit: '7', probability: 0.98, evidence: 5, topK, box }];
const records: readonly Prediction[] = [
  { file: 'a.png', text: '7\n7 7', status: 'ok', digits: [...digits, ...digits, ...digits], error: null },
  { file: 'b "x",\n.png', text: '?', status: 'unsure', digits, error: null },
  toFailure('ü.png', 'it is empty'),
  { file: 'c.png', text: '', status: 'blank', digits: [], error: null },
];

let path: string;
let read: string[];
beforeEach(async () => {
  path = join(await temporaryFolder(), 'out');
  read = [];
});

const model = new Uint8Array([1, 2, 3]);

/** What an earlier run with the same settings left. */
async function leave(path: string, content: string | Uint8Array, format: RecordFormat): Promise<void> {
  await writeFile(path, content);
  await saveSettings(path.replace(/\.partial$/, ''), resumeSettings(model, format, { topK: 3 }));
}

/** In two batches, and an empty one between them. */
async function* list(from: readonly Prediction[]): AsyncGenerator<readonly Input[]> {
  const inputs = from.map(({ file }) => ({ file }));
  yield inputs.slice(0, 1);
  yield [];
  yield inputs.slice(1);
}

/** Runs to the end with `--resume`, or until `stopAt` would be read. */
async function resume(
  format: RecordFormat,
  { from = records, hasHead = true, stopAt = '', settings = resumeSettings(model, format, { topK: 3 }) } = {},
) {
  const options = { format, hasHead, settings };
  const { sink, counts, isStarted, rest } = await resumeOutput(path, list(from), options);
  const write = recordWriter(format);
  const rests = async function* () {
    for await (const batch of rest) {
      for (const { file } of batch) {
        if (file === stopAt) throw new Error('stopped');
        read.push(file);
        yield write(from.filter((record) => record.file === file));
      }
    }
  };
  await writeRecords(rests(), { format, sink, hasHead: hasHead && !isStarted });
  return counts;
}

function whole(format: RecordFormat, hasHead = true): string {
  const { head, line } = createFormatter(format);
  return (hasHead ? head : '') + records.map(line).join('');
}

describe.each<RecordFormat>(['csv', 'ndjson'])('an output of %s', (format) => {
  test('cut off anywhere is completed to what one run gives, and no whole record is read again', async () => {
    await saveSettings(path, resumeSettings(model, format, { topK: 3 }));
    for (const hasHead of [true, false]) {
      const wanted = Buffer.from(whole(format, hasHead));
      const ends = records.map((_, i) => {
        const { head, line } = createFormatter(format);
        return Buffer.byteLength(
          (hasHead ? head : '') +
            records
              .slice(0, i + 1)
              .map(line)
              .join(''),
        );
      });
      for (let cut = 0; cut <= wanted.length; cut += 7) {
        await writeFile(`${path}.partial`, wanted.subarray(0, cut));
        read = [];
        await resume(format, { hasHead });
        expect(await readFile(path, 'utf8')).toBe(wanted.toString());
        const kept = ends.filter((end) => end <= cut).length;
        expect(read).toEqual(records.slice(kept).map(({ file }) => file));
      }
    }
  });

  test('that is complete stays as it is, and its counts are known', async () => {
    await leave(path, whole(format), format);
    expect(await resume(format)).toEqual({ ok: 1, blank: 1, unsure: 1, error: 1 });
    expect(read).toEqual([]);
    expect(await readFile(path, 'utf8')).toBe(whole(format));
  });

  test.each<[string, number, (text: string) => string]>([
    ['with zeros in its middle', format === 'csv' ? 6 : 3, (text) => text.replace('ü', '\0\0')],
    ['with a quote too many', format === 'csv' ? 6 : 3, (text) => text.replace('ü', 'ü"')],
    ['whose lines another program ended', 1, (text) => text.replaceAll('\n', '\r\n')],
    ['that starts with something else', 1, (text) => `x${text}`],
  ])('%s is refused and left alone', async (_, line, damage) => {
    await leave(path, damage(whole(format)), format);
    await expect(resume(format)).rejects.toMatchObject({
      message: `cannot go on with ${path}: its line ${line} is not as infer writes it`,
      hint: 'Mend that line, or cut the file off before it: then the images from there on are read again.',
    });
    expect(await readFile(path, 'utf8')).toBe(damage(whole(format)));
    expect(read).toEqual([]);
  });

  test('of other images is refused and left alone', async () => {
    await leave(path, whole(format), format);
    await expect(resume(format, { from: records.slice(1) })).rejects.toMatchObject({
      message: `cannot go on with ${path}: it holds a reading of a.png, and the inputs have b "x",\\x0a.png there`,
    });
    await expect(resume(format, { from: records.slice(0, 2) })).rejects.toThrow('the inputs end before it');
    expect(await readFile(path, 'utf8')).toBe(whole(format));
  });
});

test.each([
  ['the model', resumeSettings(new Uint8Array([4]), 'csv', { topK: 3 })],
  ['--format', resumeSettings(model, 'ndjson', { topK: 3 })],
  ['--segment, --conf', resumeSettings(model, 'csv', { topK: 3, segment: 'multi', minProbability: 0 })],
  ['--top-k', resumeSettings(model, 'csv', { topK: 2 })],
])('an output that was read with another setting of %s is refused and left alone', async (name, settings) => {
  await leave(path, whole('csv'), 'csv');
  await expect(resume('csv', { settings })).rejects.toMatchObject({
    message: `cannot go on with ${path}: it was begun with another setting of ${name}`,
    exitCode: 2,
  });
  expect(await readFile(path, 'utf8')).toBe(whole('csv'));
});

test('an output of which nothing tells how it was read is refused and left alone', async () => {
  await writeFile(path, whole('csv'));
  const reason = `${settingsPath(path)} does not tell how it was read (it does not exist)`;
  await expect(resume('csv')).rejects.toMatchObject({
    message: `cannot go on with ${path}: ${reason}`,
    exitCode: 2,
  });
  await writeFile(settingsPath(path), 'null');
  await expect(resume('csv')).rejects.toThrow('another setting of the model, --format');
  expect(await readFile(path, 'utf8')).toBe(whole('csv'));
});

test('names that begin with a byte order mark are those of their images', async () => {
  const from = ['\ufeffa.png', '\ufeffb.png'].map((file) => toFailure(file, 'it is empty'));
  for (const hasHead of [true, false]) {
    await leave(
      path,
      (hasHead ? createFormatter('csv').head : '') + createFormatter('csv').line(from[0]!),
      'csv',
    );
    await resume('csv', { from, hasHead });
    expect(read).toEqual(['\ufeffb.png']);
    read = [];
  }
});

test('a stopped run leaves no output under its name, and the next one goes on', async () => {
  await expect(resume('csv', { stopAt: 'c.png' })).rejects.toThrow('stopped');
  await expect(access(path)).rejects.toThrow();
  read = [];
  await resume('csv');
  expect(await readFile(path, 'utf8')).toBe(whole('csv'));
  await expect(access(`${path}.partial`)).rejects.toThrow();
});

test('a folder is no output, and nobody is told to remove it', async () => {
  const path = await temporaryFolder();
  const options = { format: 'csv', hasHead: true, settings: {} } as never;
  await expect(resumeOutput(path, (async function* () {})(), options)).rejects.toMatchObject({
    message: `cannot go on with ${path}: it is a folder`,
    exitCode: 2,
    hint: 'Choose another --output.',
  });
});

test('an output that cannot be written is one sentence', async () => {
  await writeFile(path, '');
  const inside = join(path, 'out.csv');
  const settings = resumeSettings(model, 'csv', { topK: 3 });
  const options = { format: 'csv', hasHead: true, settings } as const;
  await expect(resumeOutput(inside, (async function* () {})(), options)).rejects.toMatchObject({
    name: 'UserError',
    message: `cannot write ${inside}: a part of its path is not a folder`,
  });
});
