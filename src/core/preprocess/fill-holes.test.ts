import { expect, test } from 'vitest';
import { fillHoles } from './fill-holes.js';

/** Rows of digits, as greys. */
function filled(...rows: string[]): string[] {
  const [width, height] = [rows[0]!.length, rows.length];
  const { data } = fillHoles({ width, height, data: Uint8Array.from(rows.join(''), Number) });
  return rows.map((_, y) => data.subarray(y * width, (y + 1) * width).join(''));
}

test('what lies within is filled to the lowest place of its rim', () => {
  expect(filled('99999', '97219', '91119', '99959', '99999')).toEqual([
    '99999',
    '99999',
    '99999',
    '99999',
    '99999',
  ]);
  expect(filled('99999', '97219', '91119', '99959', '99969')).toEqual([
    '99999',
    '97669',
    '96669',
    '99969',
    '99969',
  ]);
});

test('what reaches the border stays', () => {
  expect(filled('9999', '9219', '9299')).toEqual(['9999', '9229', '9299']);
  expect(filled('1')).toEqual(['1']);
  expect(filled('12', '34')).toEqual(['12', '34']);
});

test('a hole in what stands in a hole is filled to its own rim', () => {
  expect(filled('6666666', '6111116', '6188816', '6183816', '6188816', '6111116', '6666666')).toEqual([
    '6666666',
    '6666666',
    '6688866',
    '6688866',
    '6688866',
    '6666666',
    '6666666',
  ]);
});

test('a way over corners is none', () => {
  expect(filled('999', '929', '992')).toEqual(['999', '999', '992']);
});
