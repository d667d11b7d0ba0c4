import { beforeAll, describe, expect, test } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import type { GrayImage } from '../image.js';
import { maxAbsDifference } from '../metrics.js';
import { createRandom, randomNormal } from '../random.js';
import { inkBox } from './mnist-form.js';
import { prepareDigits } from './prepare.js';
import { invert, resize } from './resize.js';

const BOX = { x: 60, y: 20, width: 60, height: 100 };
const drawing = drawSeven({ width: 160, height: 200, box: BOX, pen: 10 });

/** The only digit of an image as a picture; fails the test where there is none. */
function prepared(image: GrayImage): GrayImage {
  const digits = prepareDigits(image);
  expect(digits).toHaveLength(1);
  return { width: 28, height: 28, data: digits[0]!.pixels };
}

/** Of the grey values, 0 to 255. */
function meanDifference(a: GrayImage, b: GrayImage): number {
  return a.data.reduce((sum, v, i) => sum + Math.abs(v - b.data[i]!), 0) / a.data.length;
}

function centre(image: GrayImage): [number, number] {
  let [mass, x, y] = [0, 0, 0];
  image.data.forEach((v, i) => {
    mass += v;
    x += v * (i % 28);
    y += v * Math.floor(i / 28);
  });
  return [x / mass, y / mass];
}

describe("MNIST's recipe", () => {
  test('the digit fills a 20-pixel box with its aspect kept', () => {
    const box = inkBox(prepared(drawing), 24)!;
    expect(box.height).toBe(20);
    expect(Math.abs(box.width - 12)).toBeLessThanOrEqual(1);
  });

  test('its centre of mass lies in the middle of 28x28, within half a pixel', () => {
    const [x, y] = centre(prepared(drawing));
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
  });

  test('specks of the digit that hold hardly any ink are left out, parts of it are not', () => {
    const data = drawing.data.slice();
    // A dot as high as a part of a digit may be, in ink a fortieth of it, and a stroke of a tenth.
    const dot = (x: number, y: number, width: number, height: number) => {
      for (let row = y; row < y + height; row++) data.fill(0, row * 160 + x, row * 160 + x + width);
    };
    dot(20, 150, 1, 40);
    const { pixels, box } = prepareDigits({ ...drawing, data })[0]!;
    expect([pixels, box]).toEqual([prepared(drawing).data, BOX]);
    dot(20, 150, 5, 40);
    expect(prepareDigits({ ...drawing, data })[0]!.box).toEqual({ x: 20, y: 20, width: 100, height: 170 });
  });

  test('edges are anti-aliased', () => {
    const greys = prepared(drawing).data.filter((v) => v > 24 && v < 230);
    expect(greys.length).toBeGreaterThan(20);
  });

  test('where the digit stands and how large it is changes little', () => {
    const other = drawSeven({
      width: 700,
      height: 500,
      box: { x: 330, y: 90, width: 180, height: 300 },
      pen: 30,
    });
    expect(meanDifference(prepared(other), prepared(drawing))).toBeLessThan(4);
  });

  test('strokes of a thin pen are widened to be seen at 28x28', () => {
    const thin = drawSeven({
      width: 400,
      height: 400,
      box: { x: 100, y: 60, width: 150, height: 280 },
      pen: 4,
    });
    const strong = prepared(thin).data.filter((v) => v > 128);
    expect(strong.length).toBeGreaterThan(40);
  });

  test('what came out of it passes through it unchanged', () => {
    const once = prepared(drawing);
    expect(prepared(once).data).toEqual(once.data);
  });

  test("the box is in the image's own pixels", () => {
    const [digit] = prepareDigits(drawing);
    expect(digit!.box).toEqual(BOX);
    const { x, y, width, height } = prepareDigits(resize(drawing, 960, 1200))[0]!.box;
    const expected = [360, 120, 360, 600];
    const off = [x, y, width, height].map((value, i) => Math.abs(value - expected[i]!));
    expect(Math.max(...off)).toBeLessThanOrEqual(12);
  });
});

describe('polarity and light', () => {
  test('light on dark gives what dark on light gives', () => {
    expect(maxAbsDifference(prepared(invert(drawing)).data, prepared(drawing).data)).toBeLessThanOrEqual(8);
  });

  test.each([
    ['dark ink on paper lit from one side', 40, (x: number, y: number) => 110 + 0.4 * x + 0.3 * y],
    ['chalk on a board lit from one side', 250, (x: number, y: number) => 30 + 0.3 * x + 0.2 * y],
    ['pale pencil', 150, () => 200],
  ])('%s', (_, ink, light) => {
    const random = createRandom(3);
    const noisy = (x: number, y: number) => light(x, y) + 3 * randomNormal(random);
    const photo = drawSeven({ width: 160, height: 200, box: BOX, pen: 10, ink, paper: noisy });
    expect(meanDifference(prepared(photo), prepared(drawing))).toBeLessThan(8);
  });

  test('specks are left out', () => {
    const data = drawing.data.slice();
    for (const [x, y] of [
      [5, 190],
      [150, 5],
      [20, 20],
    ] as const)
      data.fill(0, y * 160 + x, y * 160 + x + 2);
    expect(prepared({ ...drawing, data }).data).toEqual(prepared(drawing).data);
  });
});

describe('an image already in MNIST form', () => {
  // Not before the tests run, so that they fail where this does.
  let form: GrayImage;
  beforeAll(() => {
    form = prepared(drawing);
  });

  test('passes unchanged pixel for pixel, though its greys are not those of our recipe', () => {
    const data = form.data.map((v) => (v > 40 && v < 200 ? v - 7 : v));
    expect(prepared({ ...form, data }).data).toEqual(data);
  });

  test('its negative gives the image itself', () => {
    expect(prepared(invert(form)).data).toEqual(form.data);
  });

  test('28 pixels wide or high alone it is not', () => {
    const extended = { width: 28, height: 40, data: new Uint8Array(28 * 40) };
    extended.data.set(form.data);
    expect(prepared(extended).data).not.toEqual(form.data);
    const { box } = prepareDigits(form)[0]!;
    expect(box).toEqual(inkBox(form, 24));
    expect(box.height).toBe(20);
  });

  test('moved off the centre it is not, and is moved back', () => {
    const data = new Uint8Array(784);
    data.set(form.data.subarray(0, 25 * 28 - 3), 3 * 28 + 3);
    const moved = { ...form, data };
    expect(prepared(moved).data).not.toEqual(data);
    const [x, y] = centre(prepared(moved));
    expect(Math.max(Math.abs(x - 14), Math.abs(y - 14))).toBeLessThanOrEqual(0.6);
  });
});

describe('blank paper', () => {
  test.each([
    ['white', 0, 0],
    ['lit from one side', 100, 0],
    ['noisy', 0, 8],
    ['noisy and lit from one side', 100, 4],
  ])('%s', (_, slope, noise) => {
    const random = createRandom(1);
    for (const side of [28, 150]) {
      const data = Uint8Array.from({ length: side * side }, (_, i) =>
        Math.max(0, Math.min(255, 140 + (slope * (i % side)) / side + noise * randomNormal(random))),
      );
      expect(prepareDigits({ width: side, height: side, data })).toEqual([]);
    }
  });

  test('one pixel, one row, one column', () => {
    for (const [width, height] of [
      [1, 1],
      [50, 1],
      [1, 50],
    ] as const)
      expect(prepareDigits({ width, height, data: new Uint8Array(width * height).fill(200) })).toEqual([]);
  });
});
