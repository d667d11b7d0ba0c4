import { expect, test } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { findDigits } from '../read/index.js';
import { evenInk } from './even-ink.js';

test.each([
  ['dark ink on white', 255, [255, 0, 127], [0, 255, 128]],
  ['light ink on black', 0, [0, 255, 128], [0, 255, 128]],
])('%s is as dense as it differs from the ground', (_, ground, values, expected) => {
  const { density } = evenInk({ width: 3, height: 1, data: Uint8Array.from(values) }, ground);
  expect([...density]).toEqual(expected);
});

test('on a ground that is known, a drawing is found as it is without knowing it', () => {
  const box = { x: 60, y: 30, width: 80, height: 120 };
  const image = drawSeven({ width: 240, height: 180, box, pen: 11 });
  const [known] = findDigits(image, { segment: 'auto', ground: 255 }).crops;
  const [found] = findDigits(image, { segment: 'auto' }).crops;
  expect(known!.box).toEqual(found!.box);
  const difference = known!.pixels.reduce((sum, v, i) => sum + Math.abs(v - found!.pixels[i]!), 0);
  expect(difference / known!.pixels.length).toBeLessThan(1);
});
