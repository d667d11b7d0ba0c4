import { describe, expect, test } from 'vitest';
import { drawDigitOnCanvas } from '../dataset/synthetic/index.js';
import type { GrayImage } from '../image.js';
import { inkBox } from '../preprocess/mnist-form.js';
import { invert } from '../preprocess/resize.js';
import { createRandom, randomNormal } from '../random.js';
import { type DigitSearch, findDigits } from './find-digits.js';

interface Placed {
  readonly digit: number;
  readonly x: number;
  readonly y: number;
  readonly height?: number;
}

/** Dark digits on light paper, each in a box of its own as wide as high. */
function write(width: number, height: number, digits: readonly Placed[], light = 220): GrayImage {
  const data = new Uint8Array(width * height).fill(light);
  for (const [i, { digit, x, y, height: size = 60 }] of digits.entries()) {
    const box = { x, y, width: size, height: size };
    const drawn = drawDigitOnCanvas({ digit, random: createRandom(3, i), width, height, box, penWidth: 0.1 });
    for (let at = 0; at < data.length; at++) {
      data[at] = Math.min(data[at]!, light - (0.8 * light * drawn.data[at]!) / 255);
    }
  }
  return { width, height, data };
}

/** A classifier that is sure of every crop. */
function chooseAll(search: DigitSearch, confidence: (index: number) => number = () => 0.99) {
  return search
    .choose(confidence)
    .lines.map(({ numbers }) => numbers.map((number) => number.map((index) => search.crops[index]!.box)));
}

const auto = { segment: 'auto' } as const;

describe('lines and numbers', () => {
  test('digits are read from left to right, lines from top to bottom', () => {
    const image = write(400, 300, [
      { digit: 7, x: 200, y: 180 },
      { digit: 3, x: 60, y: 40 },
      { digit: 0, x: 130, y: 45 },
      { digit: 2, x: 60, y: 185 },
    ]);
    const lines = chooseAll(findDigits(image, auto));
    expect(lines.map((numbers) => numbers.flat().map(({ x }) => Math.round(x / 70)))).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  test('lines may slant', () => {
    const digits = [2, 3, 5, 6, 8].flatMap((digit, i) => [
      { digit, x: 40 + 80 * i, y: 30 + 18 * i },
      { digit, x: 40 + 80 * i, y: 140 + 18 * i },
    ]);
    const lines = chooseAll(findDigits(write(480, 330, digits), auto));
    expect(lines.map((numbers) => numbers.flat().length)).toEqual([5, 5]);
  });

  test('wide gaps part numbers', () => {
    const image = write(560, 120, [
      { digit: 2, x: 20, y: 30 },
      { digit: 3, x: 75, y: 30 },
      { digit: 5, x: 330, y: 30 },
      { digit: 6, x: 385, y: 30 },
    ]);
    expect(chooseAll(findDigits(image, auto))[0]!.map((number) => number.length)).toEqual([2, 2]);
  });

  test("boxes are in the image's own pixels", () => {
    const image = write(1500, 400, [
      { digit: 3, x: 200, y: 100, height: 200 },
      { digit: 5, x: 800, y: 100, height: 200 },
    ]);
    const boxes = chooseAll(findDigits(image, auto)).flat(2);
    expect(boxes).toHaveLength(2);
    const ink = inkBox(invert(image), 100)!;
    expect(Math.abs(boxes[0]!.x - ink.x)).toBeLessThan(8);
    expect(Math.abs(boxes[1]!.x + boxes[1]!.width - ink.x - ink.width)).toBeLessThan(8);
  });
});

describe('what is no writing is left out', () => {
  const digits = [
    { digit: 3, x: 80, y: 60 },
    { digit: 5, x: 170, y: 60 },
  ];

  test.each<[string, (x: number, y: number) => number | undefined]>([
    ['ruled lines', (_, y) => (y % 40 === 20 ? 150 : undefined)],
    ['squares', (x, y) => (y % 30 === 10 || x % 30 === 10 ? 150 : undefined)],
    ['a frame', (x, y) => (Math.min(x, y, 319 - x, 179 - y) === 20 ? 60 : undefined)],
    ['a dark table along the edge', (x) => (x < 14 ? 40 : undefined)],
    ['specks', (x, y) => (x % 90 === 7 && y % 60 === 7 ? 30 : undefined)],
  ])('%s', (_, mark) => {
    const image = write(320, 180, digits);
    const data = image.data.map((v, i) => Math.min(v, mark(i % 320, Math.floor(i / 320)) ?? 255));
    const boxes = chooseAll(findDigits({ ...image, data }, auto)).flat(2);
    const clean = chooseAll(findDigits(image, auto)).flat(2);
    expect(boxes).toHaveLength(2);
    for (const [i, box] of boxes.entries()) expect(Math.abs(box.x - clean[i]!.x)).toBeLessThan(4);
    for (const [i, box] of boxes.entries()) expect(Math.abs(box.width - clean[i]!.width)).toBeLessThan(5);
  });

  test('a dark edge of blank paper, but not a 1 that fills its picture', () => {
    const draw = (width: number, height: number, isInk: (x: number) => boolean) => {
      const data = Uint8Array.from({ length: width * height }, (_, i) => (isInk(i % width) ? 40 : 220));
      return findDigits({ width, height, data }, auto).crops.length;
    };
    expect(draw(320, 180, (x) => x >= 316)).toBe(0);
    expect(draw(60, 180, (x) => x >= 20 && x < 40)).toBe(1);
  });

  test('a shadow across the digits', () => {
    const image = write(320, 180, digits);
    const shade = (i: number) => ((i % 320) + Math.floor(i / 320) > 230 ? 0.5 : 1);
    const data = image.data.map((v, i) => v * shade(i));
    expect(chooseAll(findDigits({ ...image, data }, auto)).flat(2)).toHaveLength(2);
  });

  test('light digits on a dark board are found alike', () => {
    const image = write(320, 180, digits);
    expect(chooseAll(findDigits(invert(image), auto))).toEqual(chooseAll(findDigits(image, auto)));
  });
});

describe('joins and cuts are judged by the classifier', () => {
  test('a digit in two parts is one where the classifier knows the whole', () => {
    const image = write(200, 140, [{ digit: 0, x: 60, y: 30, height: 80 }]);
    const data = image.data.map((v, i) => (Math.abs((i % 200) - 100) < 5 ? 220 : v));
    const search = findDigits({ ...image, data }, auto);
    const widest = Math.max(...search.crops.map(({ box }) => box.width));
    const knowsWhole = (i: number) => (search.crops[i]!.box.width === widest ? 0.99 : 0.3);
    expect(chooseAll(search, knowsWhole).flat(2)).toHaveLength(1);
    expect(chooseAll(search, (i) => 1.29 - knowsWhole(i)).flat(2)).toHaveLength(2);
  });

  test('touching digits are cut where the classifier knows the parts', () => {
    const image = write(260, 120, [
      { digit: 0, x: 30, y: 25, height: 70 },
      { digit: 0, x: 76, y: 25, height: 70 },
    ]);
    const search = findDigits(image, auto);
    const widest = Math.max(...search.crops.map(({ box }) => box.width));
    const knowsParts = (i: number) => {
      const { width } = search.crops[i]!.box;
      return width > 0.35 * widest && width < 0.65 * widest ? 0.99 : 0.15;
    };
    expect(chooseAll(search, knowsParts).flat(2)).toHaveLength(2);
  });

  test('`single` takes all ink for one digit', () => {
    const image = write(260, 120, [
      { digit: 3, x: 30, y: 25 },
      { digit: 5, x: 120, y: 25 },
    ]);
    expect(findDigits(image, { segment: 'single' }).crops).toHaveLength(1);
  });
});

test.each<[string, (x: number, y: number) => number]>([
  ['in an even light', () => 200],
  ['with a shadow', (x, y) => (x + y > 200 ? 110 : 210)],
  ['ruled', (_, y) => (y % 24 === 5 ? 140 : 210)],
  ['squared', (x, y) => (y % 20 === 5 || x % 20 === 5 ? 140 : 210)],
  ['a dark board', () => 40],
])('blank paper has no digits: %s', (_, light) => {
  const random = createRandom(2);
  const [width, height] = [260, 180];
  const data = Uint8Array.from(
    { length: width * height },
    (_, i) => light(i % width, Math.floor(i / width)) + 2 * randomNormal(random),
  );
  expect(findDigits({ width, height, data }, auto).crops).toEqual([]);
});
