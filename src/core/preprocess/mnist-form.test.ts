import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../node/reporter.js';
import type { GrayImage } from '../image.js';
import { centreMnistDigit, inkBox, isMnistForm, toMnistForm } from './mnist-form.js';
import { prepareDigits } from './prepare.js';

const folder = process.env.MNIST_ONNX_DATA;

describe.skipIf(!folder)('real MNIST (needs MNIST_ONNX_DATA)', () => {
  test('all 70,000 images pass unchanged, pixel for pixel, and so do their negatives', async () => {
    const { loadDataset } = await import('../../node/dataset/index.js');
    const dataset = await loadDataset({ dataset: 'mnist', dataDir: folder!, reporter: silentReporter });
    const changed: string[] = [];
    for (const split of ['train', 'test'] as const) {
      for (let i = 0; i < dataset[split].count; i++) {
        const data = dataset[split].pixels.subarray(i * 784, (i + 1) * 784);
        for (const image of [data, data.map((v) => 255 - v)]) {
          const [digit] = prepareDigits({ width: 28, height: 28, data: image });
          if (!digit || Buffer.compare(digit.pixels, data) !== 0) changed.push(`${split} ${i}`);
        }
      }
    }
    expect(changed).toEqual([]);
  });
});

/** A filled rectangle on 28x28. */
function block(x: number, y: number, width: number, height: number, ink = 255, ground = 0) {
  const data = new Uint8Array(784).fill(ground);
  for (let row = y; row < y + height; row++) data.fill(ink, row * 28 + x, row * 28 + x + width);
  return { width: 28, height: 28, data };
}

describe('what is in MNIST form', () => {
  test('20 pixels long, centred, light on black', () => {
    expect(isMnistForm(block(12, 4, 4, 20))).toBe(true);
  });

  test.each([
    ['dark on light', block(12, 4, 4, 20, 0, 255)],
    ['too small', block(12, 8, 4, 12)],
    ['too large', block(12, 2, 4, 24)],
    ['off the centre', block(6, 4, 4, 20)],
    ['faint', block(12, 4, 4, 20, 120)],
    ['filling the frame', block(0, 0, 28, 28)],
    ['empty', block(0, 0, 0, 0)],
    ['another size', { width: 20, height: 20, data: new Uint8Array(400) }],
  ])('not: %s', (_, image) => {
    expect(isMnistForm(image)).toBe(false);
  });
});

describe('an MNIST digit that stands elsewhere', () => {
  // An L, 20 pixels high, whose centre of mass is not its middle.
  const corner = (x: number, y: number) => {
    const image = block(x, y, 3, 20);
    for (let row = y + 17; row < y + 20; row++) image.data.fill(200, row * 28 + x, row * 28 + x + 12);
    return image;
  };
  const inMiddle = corner(11, 2);

  test.each([
    ['right and down', corner(15, 8)],
    ['left and up', corner(1, 0)],
    ['dark on light', { ...corner(15, 8), data: corner(15, 8).data.map((v) => 255 - v) }],
  ])('%s: is moved by whole pixels, and its box tells where it stands', (_, image) => {
    expect(isMnistForm(inMiddle)).toBe(true);
    const [digit] = prepareDigits(image);
    expect(digit!.pixels).toEqual(inMiddle.data);
    const ink = image.data[0] === 255 ? image.data.map((v) => 255 - v) : image.data;
    expect(digit!.box).toEqual(inkBox({ ...image, data: ink }, 24));
  });

  test.each([
    ['of a thin pen', block(20, 4, 1, 20)],
    ['smaller', block(20, 8, 4, 12)],
  ])('%s: is not taken for one', (_, image) => {
    expect(centreMnistDigit(image)).toBeUndefined();
  });
});

describe('moving an MNIST digit', () => {
  test('takes what lies round it along, and drops what leaves the picture', () => {
    // A faint ground, different everywhere, on which what leaves at one side would be seen at the other.
    const ground = Uint8Array.from({ length: 784 }, (_, i) => 1 + (i % 23));
    for (const [x, y] of [
      [20, 6],
      [2, 1],
    ] as const) {
      const image = { ...block(x, y, 4, 20), data: ground.map((v, i) => block(x, y, 4, 20).data[i] || v) };
      const moved = centreMnistDigit(image)!;
      const box = inkBox(moved, 24)!;
      expect([box.width, box.height]).toEqual([4, 20]);
      expect(isMnistForm(moved)).toBe(true);
      for (let i = 0; i < 784; i++) {
        const [fromX, fromY] = [(i % 28) + x - box.x, Math.floor(i / 28) + y - box.y];
        const isInside = fromX >= 0 && fromY >= 0 && fromX < 28 && fromY < 28;
        expect(moved.data[i]).toBe(isInside ? image.data[fromY * 28 + fromX] : 0);
      }
    }
  });

  test.each([
    ['two pixels wide', 20, true],
    ['so for 85.7% of its pixels', 15, true],
    ['for 82% of them', 14, false],
  ])('a pen %s: it is moved: %s', (_, thick, expected) => {
    const image = block(22, 4, 1, 20);
    for (let row = 4; row < 4 + thick; row++) image.data[row * 28 + 23] = 255;
    expect(centreMnistDigit(image) !== undefined).toBe(expected);
  });

  test('a line at the right border does not make a thick one with another at the left', () => {
    const image = block(27, 4, 1, 19);
    for (let row = 5; row < 24; row++) image.data[row * 28 + 8] = 255;
    expect(centreMnistDigit(image)).toBeUndefined();
  });
});

test('what is blank stays so', () => {
  const blank = toMnistForm({ width: 20, height: 10, data: new Uint8Array(200) });
  expect([blank.width, blank.height]).toEqual([28, 28]);
  expect(blank.data).toEqual(new Uint8Array(784));
});

/** Rows cut off or added below. */
function ofHeight(height: number, { data }: GrayImage): GrayImage {
  const rows = new Uint8Array(28 * height);
  rows.set(data.subarray(0, rows.length));
  return { width: 28, height, data: rows };
}

/** 20x20 pixels of ink but for so many in the first row. */
function square(missing: number): GrayImage {
  const image = block(4, 4, 20, 20);
  image.data.fill(0, 4 * 28 + 4, 4 * 28 + 4 + missing);
  return image;
}

describe('the limits of MNIST form', () => {
  test.each<[string, GrayImage, boolean]>([
    ['17 pixels long', block(12, 5, 4, 17), true],
    ['16 pixels long', block(12, 6, 4, 16), false],
    ['21 pixels long', block(12, 4, 4, 21), false],
    ['17 pixels wide', block(5, 12, 17, 4), true],
    ['a row more', ofHeight(29, block(12, 4, 4, 20)), false],
    ['a row less', ofHeight(27, block(12, 4, 4, 20)), false],
    ['as many pixels in another shape', { ...block(12, 4, 4, 20), width: 14, height: 56 }, false],
    ['a pixel left of the centre', block(11, 4, 5, 20), true],
    ['a pixel right of the centre', block(13, 4, 5, 20), true],
    ['two pixels left of the centre', block(10, 4, 5, 20), false],
    ['two pixels right of the centre', block(14, 4, 5, 20), false],
    ['a pixel above the centre', block(12, 4, 4, 19), true],
    ['a pixel below the centre', block(12, 6, 4, 19), true],
    ['two pixels above the centre', block(12, 3, 4, 19), false],
    ['two pixels below the centre', block(12, 7, 4, 19), false],
    ['half of it ink', square(8), true],
    ['a pixel more than half of it ink', square(7), false],
    ['bright enough', block(12, 4, 4, 20, 192), true],
    ['not bright enough', block(12, 4, 4, 20, 191), false],
    ['on the brightest background', block(12, 4, 4, 20, 255, 24), true],
    ['on a background brighter than that', block(12, 4, 4, 20, 255, 25), false],
  ])('%s', (_, image, expected) => {
    expect(isMnistForm(image)).toBe(expected);
  });
});

describe('the box around the ink', () => {
  const dots = (...places: [number, number][]): GrayImage => {
    const data = new Uint8Array(20);
    for (const [x, y] of places) data[y * 5 + x] = 10;
    return { width: 5, height: 4, data };
  };

  test.each<[GrayImage, number, object | undefined]>([
    [dots([1, 1], [3, 2]), 9, { x: 1, y: 1, width: 3, height: 2 }],
    [dots([3, 1], [1, 2]), 9, { x: 1, y: 1, width: 3, height: 2 }],
    [dots([0, 0]), 9, { x: 0, y: 0, width: 1, height: 1 }],
    [dots([4, 3]), 9, { x: 4, y: 3, width: 1, height: 1 }],
    [dots([0, 0], [4, 3]), 9, { x: 0, y: 0, width: 5, height: 4 }],
    [dots([2, 2]), 10, undefined],
    [dots(), 0, undefined],
  ])('holds all pixels above the threshold, and no more (%#)', (image, threshold, box) => {
    expect(inkBox(image, threshold)).toEqual(box);
  });
});

describe('bringing ink into MNIST form', () => {
  const full = (width: number, height: number): GrayImage => ({
    width,
    height,
    data: new Uint8Array(width * height).fill(255),
  });

  // The centre of mass of 20 pixels is 9.5 behind the first: it comes to 14 or, as here, 14.5.
  test.each<[string, GrayImage, object]>([
    ['of the right size', full(10, 20), { x: 10, y: 5, width: 10, height: 20 }],
    ['lying', full(20, 10), { x: 5, y: 10, width: 20, height: 10 }],
    ['small', full(5, 10), { x: 10, y: 5, width: 10, height: 20 }],
    ['large', full(80, 40), { x: 5, y: 10, width: 20, height: 10 }],
    ['thin', full(1, 100), { x: 14, y: 5, width: 1, height: 20 }],
  ])('%s', (_, ink, box) => {
    const image = toMnistForm(ink);
    expect([image.width, image.height, image.data.length]).toEqual([28, 28, 784]);
    expect(inkBox(image, 128)).toEqual(box);
  });

  test.each([
    ['left', (x: number) => x === 0, { x: 8, y: 5, width: 1, height: 20 }],
    ['right', (x: number) => x === 19, { x: 19, y: 5, width: 1, height: 20 }],
    ['top', (_: number, y: number) => y === 0, { x: 5, y: 8, width: 20, height: 1 }],
    ['bottom', (_: number, y: number) => y === 19, { x: 5, y: 19, width: 20, height: 1 }],
  ])('all of it at the %s is moved as far as the picture allows', (_, isInk, box) => {
    const data = Uint8Array.from({ length: 400 }, (_, i) => (isInk(i % 20, Math.floor(i / 20)) ? 255 : 0));
    expect(inkBox(toMnistForm({ width: 20, height: 20, data }), 0)).toEqual(box);
  });

  test('every pixel keeps its place beside the others', () => {
    const data = Uint8Array.from({ length: 200 }, (_, i) => 20 + ((i * 7) % 230));
    const image = toMnistForm({ width: 10, height: 20, data });
    const { x, y } = inkBox(image, 0)!;
    const rows = Array.from({ length: 20 }, (_, row) => [
      ...image.data.subarray((y + row) * 28 + x, (y + row) * 28 + x + 10),
    ]);
    expect(rows.flat()).toEqual([...data]);
  });
});
