import { describe, expect, test } from 'vitest';
import { typed } from '../../../test/drawings.js';
import { cropInk, uniteBlobs, uniteBoxes } from './crop-ink.js';
import { inkBox, isMnistForm } from './mnist-form.js';

describe('several blobs as one', () => {
  const small = { pixels: Uint32Array.of(7), box: { x: 7, y: 0, width: 1, height: 1 }, contrast: 90 };
  const large = { pixels: Uint32Array.of(1, 2, 11), box: { x: 1, y: 0, width: 2, height: 2 }, contrast: 200 };

  test('have all their pixels, the box round all, and the contrast of the largest', () => {
    const expected = { contrast: 200, box: { x: 1, y: 0, width: 7, height: 2 } };
    expect(uniteBlobs([small, large])).toEqual({ ...expected, pixels: Uint32Array.of(7, 1, 2, 11) });
    expect(uniteBlobs([large, small])).toEqual({ ...expected, pixels: Uint32Array.of(1, 2, 11, 7) });
  });

  test('one is itself', () => {
    expect(uniteBlobs([small])).toBe(small);
  });

  test('a box within another adds nothing', () => {
    const [outer, inner] = [
      { x: 2, y: 3, width: 10, height: 20 },
      { x: 4, y: 5, width: 1, height: 1 },
    ];
    expect(uniteBoxes([inner, outer])).toEqual(outer);
    expect(uniteBoxes([outer, { x: 0, y: 0, width: 1, height: 30 }])).toEqual({
      x: 0,
      y: 0,
      width: 12,
      height: 30,
    });
  });
});

/** Crops the ink of the rows where `which` has the letter `#`; other letters but `.` are other pieces' strokes. */
function cropped(rows: readonly string[], which: readonly string[], contrast = 250) {
  const { width, height, data: density } = typed(...rows);
  const letters = which.join('');
  const pixels = Uint32Array.from([...letters].flatMap((letter, at) => (letter === '#' ? [at] : [])));
  const [xs, ys] = [[...pixels].map((at) => at % width), [...pixels].map((at) => Math.floor(at / width))];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
  const strokes = Uint8Array.from(letters, (letter) => (letter === '.' ? 0 : 1));
  const limit = new Uint8Array(density.length);
  const data = cropInk({ width, height, density, limit }, strokes, { pixels, box, contrast });
  return { width: 28, height: 28, data };
}

/** A bar as MNIST writes a 1: 20 high, 4 wide; rows are repeated to make it. */
const bar = (row: string, ends = row.replace(/./g, '.')) => [ends, ...new Array<string>(20).fill(row), ends];
const image = (row: string, mark: string, contrast?: number, ends?: string) =>
  cropped(bar(row, ends), bar(mark), contrast);
const line = ({ data }: { data: Uint8Array }) => [...data.subarray(14 * 28, 15 * 28)].filter((v) => v > 0);

describe('a blob in the form of MNIST', () => {
  const plain = () => image('.....####.....', '.....####.....');

  test('is 20 pixels high, its centre in the middle', () => {
    expect(isMnistForm(plain())).toBe(true);
    expect(inkBox(plain(), 0)).toEqual({ x: 13, y: 5, width: 4, height: 20 });
  });

  test.each([
    ['at the left border', '####......', '####......'],
    ['at the right border', '......####', '......####'],
  ])('is the same %s', (_, row, mark) => {
    expect(image(row, mark)).toEqual(plain());
  });

  test('is the same at the upper and lower border', () => {
    const rows = new Array<string>(20).fill('.....####.....');
    expect(cropped(rows, rows)).toEqual(plain());
  });

  test('is as dark as can be at the contrast of its strokes, and 12% of it are paper', () => {
    // 100 of a contrast of 125: (100 - 15) / (125 - 15) of black.
    expect(line(image('...5445...', '...####...', 125))).toEqual([255, 197, 197, 255]);
    expect(line(image('...9999...', '...####...', 125))).toEqual([255, 255, 255, 255]);
    expect(line(image('...8558...', '...####...', 200))).toEqual([255, 146, 146, 255]);
  });

  test('has its soft edge, a pixel round it', () => {
    expect(line(image('..45####54..', '....####....'))).toEqual([110, 255, 255, 255, 255, 110]);
    const { data } = image('....####....', '....####....', 250, '....5555....');
    const column = Array.from({ length: 28 }, (_, y) => data[28 * y + 14]!).filter((v) => v > 0);
    // 22 rows become 20: the first is one of 110 and a tenth of the next one.
    const end = Math.round((110 + 0.1 * 255) / 1.1);
    expect(column).toEqual([end, ...new Array<number>(18).fill(255), end]);
  });

  test('above and below it too, but for what is the stroke of another piece', () => {
    const lying = (letter: string) => `...${letter.repeat(20)}...`;
    const column = (above: string, below: string, mark = '.') => {
      const rows = ['.', above, '#', '#', '#', '#', below, '.'].map(lying);
      const marks = ['.', mark, '#', '#', '#', '#', '.', '.'].map(lying);
      const { data } = cropped(rows, marks);
      return Array.from({ length: 28 }, (_, y) => data[28 * y + 14]!).filter((v) => v > 0);
    };
    expect(column('5', '6')).toEqual([110, 255, 255, 255, 255, 139]);
    expect(column('5', '6', 'o')).toEqual([255, 255, 255, 255, 139]);
    expect(column('.', '6')).toEqual([255, 255, 255, 255, 139]);
  });

  test('has no edge that is paper, or the stroke of another piece', () => {
    expect(line(image('...1####1...', '....####....'))).toEqual([255, 255, 255, 255]);
    expect(line(image('...9####9...', '...o####o...'))).toEqual([255, 255, 255, 255]);
  });
});
