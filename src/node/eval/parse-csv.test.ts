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
    '\ufeffa,b\r\n\r\n"c, ""d""\n",e',
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
])('%j', (text, rows) => {
  expect(parseCsv(text)).toEqual(rows);
});
