import { describe, expect, it } from 'vitest';
import { chooseEncoding } from './choose-encoding.js';
import type { Encoding } from './file-table.js';

const ALL: Encoding[] = ['identity', 'gzip', 'br'];

describe('the encoding of an answer', () => {
  it.each([
    ['gzip, deflate, br, zstd', ALL, 'br'],
    ['gzip, deflate', ALL, 'gzip'],
    ['BR;Q=0.1, gzip', ALL, 'br'],
    ['br;q=0, gzip;q=0.5', ALL, 'gzip'],
    ['*', ALL, 'br'],
    ['br;q=0, *', ALL, 'gzip'],
    ['gzip', ['identity', 'br'], 'identity'],
    [undefined, ALL, 'identity'],
    ['', ['br'], undefined],
    ['identity;q=0', ['identity'], undefined],
    ['br;q=nonsense', ['identity', 'br'], 'identity'],
  ] as const)('for %j, of %j, is %s', (accepted, available, expected) => {
    expect(chooseEncoding(available, accepted)).toBe(expected);
  });
});
