import { describe, expect, test } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import type { GrayImage } from '../image.js';
import { findDigits } from '../read/index.js';
import { evenGround } from './even-ground.js';
import { invert } from './resize.js';

/** Two strokes with a thick pen: a 7 that fills all but the margin. */
function drawThick(margin: number, ground = 255, ink = 0): GrayImage {
  const box = { x: margin, y: margin, width: 120, height: 200 };
  const [width, height] = [120 + 2 * margin, 200 + 2 * margin];
  return drawSeven({ width, height, box, pen: 44, ink, paper: () => ground });
}

describe('a drawing with a thick pen on an even ground is found as on a canvas whose ground is known', () => {
  test.each([4, 20, 60, 120])('with a margin of %i pixels', (margin) => {
    const image = drawThick(margin);
    const [known] = findDigits(image, { segment: 'auto', ground: 255 }).crops;
    for (const [one, ground] of [
      [image, 255],
      [invert(image), 0],
    ] as const) {
      const found = findDigits(one, { segment: 'auto' }).crops;
      expect(found, `on ${ground}`).toEqual(findDigits(one, { segment: 'auto', ground }).crops);
      expect(found[0]!.box, `on ${ground}`).toEqual(known!.box);
    }
  });

  test('though a JPEG made it waver', () => {
    const { data, ...size } = drawThick(4);
    const wavering = { ...size, data: data.map((v, i) => (v === 255 ? 255 - (i % 4) : v)) };
    const [found] = findDigits(wavering, { segment: 'auto' }).crops;
    expect(found!.box).toEqual({ x: 4, y: 4, width: 120, height: 200 });
  });
});

describe('the ground', () => {
  test.each([
    ['dark ink on white', 255, 0, 255],
    ['white ink on a colour', 90, 255, 90],
    ['no ink', 200, 200, 200],
  ])('%s', (_, ground, ink, expected) => {
    expect(evenGround(drawThick(20, ground, ink))).toEqual(expected);
  });

  test('is none of a photo, whose light changes', () => {
    const light = (x: number) => 200 - 0.3 * x;
    const box = { x: 20, y: 20, width: 120, height: 200 };
    const photo = drawSeven({ width: 160, height: 240, box, pen: 44, paper: light });
    expect(evenGround(photo)).toBeUndefined();
  });
});

test('the digit on a sheet that lies on an even ground is read, and not the sheet', () => {
  const box = { x: 150, y: 130, width: 60, height: 100 };
  const isSheet = (x: number, y: number) => x > 100 && x < 260 && y > 100 && y < 260;
  const image = drawSeven({
    width: 400,
    height: 360,
    box,
    pen: 22,
    paper: (x, y) => (isSheet(x, y) ? 255 : 0),
  });
  const { x, y } = findDigits(image, { segment: 'single' }).crops[0]!.box;
  expect([x, y]).toEqual([box.x, box.y]);
});
