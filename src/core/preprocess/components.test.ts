import { describe, expect, test } from 'vitest';
import { typed } from '../../../test/drawings.js';
import { findComponents } from './components.js';

/** The pieces' boxes as [x, y, width, height], the numbers of their pixels, and which touch the border. */
function find(...rows: string[]) {
  const { width, height, data } = typed(...rows);
  return findComponents(data, width, height).map(({ box, pixels, touchesBorder }) => ({
    box: [box.x, box.y, box.width, box.height],
    pixels: [...pixels].sort((a, b) => a - b),
    touchesBorder,
  }));
}

test('what touches along a side or at a corner is one piece, in the order in which reading meets them', () => {
  const found = find(
    '........', //
    '....1...',
    '.#....#.',
    '..9..#..',
    '.....##.',
    '........',
  );
  expect(found).toEqual([
    { box: [4, 1, 1, 1], pixels: [12], touchesBorder: false },
    { box: [1, 2, 2, 2], pixels: [17, 26], touchesBorder: false },
    { box: [5, 2, 2, 3], pixels: [22, 29, 37, 38], touchesBorder: false },
  ]);
});

test.each([1, 3, 4, 5, 9])('every lone pixel of pictures %i pixels wide is found, and every two', (width) => {
  const height = 3;
  for (let first = 0; first < width * height; first++) {
    for (let second = first; second < width * height; second++) {
      const data = new Uint8Array(width * height);
      data[first] = data[second] = 200;
      const pixels = findComponents(data, width, height).flatMap((piece) => [...piece.pixels]);
      expect(pixels).toEqual(first === second ? [first] : [first, second]);
    }
  }
});

test('a spiral is followed to its end', () => {
  const [spiral, ...others] = find(
    '.......', //
    '.#####.',
    '.....#.',
    '.###.#.',
    '.#...#.',
    '.#####.',
    '.......',
  );
  expect(others).toEqual([]);
  expect(spiral!.box).toEqual([1, 1, 5, 5]);
  expect(spiral!.pixels).toHaveLength(17);
});

test('the end of one row and the start of the next do not touch', () => {
  expect(find('..#', '#..', '...').map(({ box }) => box)).toEqual([
    [2, 0, 1, 1],
    [0, 1, 1, 1],
  ]);
  expect(find('#..#').map(({ pixels }) => pixels)).toEqual([[0], [3]]);
  expect(find('#.', '..', '.#')).toHaveLength(2);
});

describe('a piece on any side of the picture touches its border', () => {
  test.each([
    ['left', ['....', '#...', '....', '....'], [0, 1, 1, 1]],
    ['top', ['.#..', '....', '....', '....'], [1, 0, 1, 1]],
    ['right', ['....', '....', '...#', '....'], [3, 2, 1, 1]],
    ['bottom', ['....', '....', '....', '..#.'], [2, 3, 1, 1]],
  ])('%s', (_, rows, box) => {
    expect(find(...rows)).toEqual([expect.objectContaining({ box, touchesBorder: true })]);
  });
});

test('an empty picture has none, a full one is one; the values given stay', () => {
  expect(find('...', '...')).toEqual([]);
  const { width, height, data } = typed('##', '##', '##');
  expect(findComponents(data, width, height)).toHaveLength(1);
  expect([...data]).toEqual(new Array(6).fill(255));
});
