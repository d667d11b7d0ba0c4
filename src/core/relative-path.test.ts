import { expect, it } from 'vitest';
import { staysInside } from './relative-path.js';

it.each(['weights.bin', 'group1/shard1of2.bin', './a', '..a/b..', 'a b'])('%j stays inside', (path) => {
  expect(staysInside(path)).toBe(true);
});

it.each(['', '..', '../a', 'a/../../b', 'a\\..\\b', '/etc/passwd', '\\\\host\\share', 'C:\\a', 'c:a'])(
  '%j leads out',
  (path) => {
    expect(staysInside(path)).toBe(false);
  },
);
