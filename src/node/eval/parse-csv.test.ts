import { expect, test } from 'vitest';
import { parseCsv } from './parse-csv.js';

test.each([
  [
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\r\n\r\n"c, ""d""\n",e',
    [
      ['a', 'b'],
      ['c, "d"\n', 'e'],
    ],
  ],
  [
    'a,\n,b',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['a,', [['a', '']]],
  ['', []],
  ['a,"b\nc', [['a', '"b'], ['c']]],
  ['"a"b,c\nd', [['"a"b,c'], ['d']]],
  ['"a"\r\n"b"', [['a'], ['b']]],
])('%j', (text, rows) => {
  expect(parseCsv(text)).toEqual(rows);
});

test('a field of megabytes is read, ended or not', () => {
  const long = 'x""'.repeat(1e6);
  expect(parseCsv(`"${long}",b`)).toEqual([[long.replaceAll('""', '"'), 'b']]);
  expect(parseCsv(`"${long}`)).toEqual([[`"${long}`]]);
});
