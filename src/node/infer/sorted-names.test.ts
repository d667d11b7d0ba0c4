import { expect, test } from 'vitest';
import { SortedNames } from './sorted-names.js';

function sorted(names: readonly string[]): string[] {
  const list = new SortedNames();
  for (const name of names) list.add(name);
  return [...list.inOrder()];
}

/** `count` names of different lengths and scripts, in an order that looks like none. */
function manyNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const mixed = (i * 7919) % count;
    return `${['', 'scan ', 'é', '漢字', '😀'][mixed % 5]}${mixed}.png`;
  });
}

// Names are packed by the thousands: about the borders, and with runs enough for a heap of several levels.
test.each([0, 1, 2, 4095, 4096, 4097, 8192, 12289, 50000])(
  '%i names come in the order of a sorted list',
  (count) => {
    const names = manyNames(count);
    expect(sorted(names)).toEqual(names.toSorted());
  },
);

test.each([
  ['in order already', (names: string[]) => names.toSorted()],
  ['in the reverse order', (names: string[]) => names.toSorted().reverse()],
])('names that are %s', (_, arrange) => {
  const names = manyNames(20000);
  expect(sorted(arrange(names))).toEqual(names.toSorted());
});
