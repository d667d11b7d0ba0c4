import { describe, expect, it } from 'vitest';
import { chance, sha256Of, shortHash } from './hash.js';

describe('a hash', () => {
  it('of SHA-256 is that of all parts as one', () => {
    // FIPS 180-2, B.1.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect([sha256Of('abc'), sha256Of('a', Buffer.from('bc'))]).toEqual([abc, abc]);
  });

  it('that is short starts with FNV-1a and tells names apart', () => {
    expect(shortHash('foobar').slice(0, 8)).toBe('bf9cf968');
    const names = Array.from({ length: 100_000 }, (_, i) => `part-${i}.csv`);
    expect(new Set(names.map(shortHash)).size).toBe(names.length);
    for (const name of names.slice(0, 100)) expect(shortHash(name)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('by chance is another each time', () => {
    const many = Array.from({ length: 100 }, chance);
    expect(new Set(many).size).toBe(100);
    for (const one of many) expect(one).toMatch(/^[0-9a-f]{8}$/);
  });
});
