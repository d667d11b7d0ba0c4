import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import { type Prediction, toFailure } from '../../core/prediction.js';
import { parseCsv } from '../eval/parse-csv.js';
import { createAtomicFile } from '../files.js';
import { mapOrdered } from './map-ordered.js';
import { createFormatter, type OutputFormat } from './output-format.js';
import { recordWriter } from './record-text.js';
import { writeRecords } from './write-records.js';

const seven: Prediction = {
  file: 'a.png',
  text: '7',
  status: 'ok',
  digits: [
    {
      digit: '7',
      probability: 0.98,
      topK: [
        { digit: '7', probability: 0.98 },
        { digit: '1', probability: 0.02 },
      ],
      evidence: 9.5,
      box: { x: 1, y: 2, width: 3, height: 4 },
    },
  ],
  error: null,
};
const records = [
  seven,
  { ...seven, text: '?', status: 'unsure' as const },
  toFailure('b "x",\n.png', 'it is empty'),
];

function format(as: OutputFormat, list: readonly Prediction[]): string {
  const { head, line, separator, tail } = createFormatter(as);
  return head + list.map(line).join(separator) + tail;
}

test('JSON is one array, also of nothing', () => {
  expect(JSON.parse(format('json', records))).toEqual(records);
  expect(JSON.parse(format('json', []))).toEqual([]);
});

test('NDJSON is one record a line', () => {
  const lines = format('ndjson', records).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(records);
});

test('CSV has a header and quotes what needs it', () => {
  expect(format('csv', records)).toBe(
    'file,text,status,probability,boxes,top_k,error\n' +
      'a.png,7,ok,0.98,1:2:3:4,7:0.98 1:0.02,\n' +
      'a.png,?,unsure,0.98,1:2:3:4,7:0.98 1:0.02,\n' +
      '"b ""x"",\n.png",,error,,,,it is empty\n',
  );
});

test('a text of several lines is quoted in CSV, and one line in the table', () => {
  const lines: Prediction = {
    ...seven,
    text: '7 ?\n7',
    status: 'unsure',
    digits: Array(3).fill(seven.digits[0]),
  };
  expect(parseCsv(format('csv', [lines, seven])).map((row) => row[1])).toEqual(['text', '7 ?\n7', '7']);
  expect(format('table', [lines]).split('\n')[1]).toMatch(/^7 \? \/ 7 \(7 7 \/ 7\) {2}unsure/);
});

test('the table shows the guess of an unsure reading, and one line an image', () => {
  const lines = format('table', records).trimEnd().split('\n');
  expect(lines).toEqual([
    'TEXT              STATUS  PROBABILITY  FILE',
    '7                 ok            98.0%  a.png',
    '? (7)             unsure        98.0%  a.png',
    '                  error                b "x",\\x0a.png: it is empty',
  ]);
});

test('two lines of digits leave the columns of the table where they are', () => {
  const [head, , line] = format('table', [seven, { ...seven, text: '2048\n75913' }]).split('\n');
  expect(line).toMatch(/^2048 \/ 75913 +ok /);
  expect(line!.indexOf('a.png')).toBe(head!.indexOf('FILE'));
});

async function* listOf<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

test('an output file appears whole, and the counts tell how the images came out', async () => {
  const path = join(await temporaryFolder(), 'out.json');
  const write = recordWriter('json');
  const told: [number, unknown][] = [];
  const counts = await writeRecords(listOf(write(records.slice(0, 1)), write(records.slice(1))), {
    format: 'json',
    sink: await createAtomicFile(path),
    onRecords: ({ failed }, done) => told.push([done, failed]),
  });
  expect(told).toEqual([
    [1, []],
    [3, [records[2]]],
  ]);
  expect(counts).toEqual({ ok: 1, blank: 0, unsure: 1, error: 1 });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(records);
});

test('a failure leaves the old output file and nothing beside it', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'out.csv');
  await writeFile(path, 'old');
  const failing = (async function* () {
    yield recordWriter('csv')([seven]);
    throw new Error('halfway');
  })();
  await expect(writeRecords(failing, { format: 'csv', sink: await createAtomicFile(path) })).rejects.toThrow(
    'halfway',
  );
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['out.csv']);
});

test('an ordered map keeps the order and takes no more of its list than it works on', async () => {
  let taken = 0;
  let underWay = 0;
  let most = 0;
  const list = (async function* () {
    for (; taken < 50; ) yield taken++;
  })();
  const results: number[] = [];
  for await (const result of mapOrdered(list, 4, async (n) => {
    most = Math.max(most, ++underWay);
    for (let i = 0; i < (n * 7) % 5; i++) await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    return n;
  })) {
    results.push(result);
    expect(taken - result).toBeLessThanOrEqual(5);
  }
  expect(results).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(most).toBeLessThanOrEqual(4);
  expect(most).toBeGreaterThan(1);
});
