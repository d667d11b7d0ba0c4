import { expect, test } from 'vitest';
import { grayFromPixels } from './to-gray.js';

type Colour = readonly [number, number, number];

/** Grey of the ink less grey of the paper, of a stroke drawn in a colour on another. */
function contrast(ink: Colour, paper: Colour): number {
  const side = 40;
  const isInk = (i: number) => Math.abs((i % side) - 20) < 2 && i > 5 * side && i < 35 * side;
  const data = Uint8Array.from(
    Array.from({ length: side * side }, (_, i) => (isInk(i) ? ink : paper)).flat(),
  );
  const gray = grayFromPixels({ width: side, height: side, channels: 3, data }).data;
  return gray[20 * side + 20]! - gray[20 * side + 2]!;
}

test.each<[string, Colour, Colour]>([
  ['yellow ink on white', [255, 240, 30], [250, 250, 250]],
  ['light blue ink on white', [130, 200, 250], [250, 250, 250]],
  ['red chalk on a green board', [210, 70, 70], [40, 90, 60]],
  ['blue ink on orange paper', [60, 70, 200], [200, 110, 20]],
])('%s stands out clearly', (_, ink, paper) => {
  expect(Math.abs(contrast(ink, paper))).toBeGreaterThan(100);
});

test('black ink on coloured paper stays luma, the quietest', () => {
  expect(contrast([20, 20, 20], [230, 210, 180])).toBe(20 - 213);
});
