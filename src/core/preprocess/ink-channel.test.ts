import { describe, expect, test } from 'vitest';
import { chooseWeights, LUMA } from './ink-channel.js';
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

describe('a channel is taken where it shows clearly more', () => {
  const [SIDE, RED] = [40, [256, 0, 0]];

  /** Strokes of one colour on another, and whatever `other` puts in its place. */
  function draw(ink: Colour, paper: Colour, { alpha = 255, strokes = 2 } = {}) {
    const isInk = (x: number) => x >= 20 && x < 20 + strokes;
    const pixels = Array.from({ length: SIDE * SIDE }, (_, i) =>
      isInk(i % SIDE) ? [...ink, alpha] : [...paper, 255],
    );
    return { width: SIDE, height: SIDE, channels: 4 as const, data: Uint8Array.from(pixels.flat()) };
  }

  test.each<[string, boolean, Colour, Colour]>([
    // Luma shows 77 / 256 of what red alone does.
    ['80 of red, where luma has 24', true, [120, 100, 100], [200, 100, 100]],
    ['34 of red, where luma has 10, is not 24 more', false, [120, 100, 100], [154, 100, 100]],
    ['36 of red, where luma has 11, is', true, [120, 100, 100], [156, 100, 100]],
    ['90 of red, where luma has 62, is not half as much again', false, [100, 100, 100], [190, 158, 100]],
    ['110 of red, where luma has 62, is', true, [100, 100, 100], [210, 148, 100]],
  ])('%s', (_, isRed, ink, paper) => {
    expect(chooseWeights(draw(ink, paper))).toEqual(isRed ? RED : LUMA);
  });

  /** A stroke of 2 pixels and a bar as wide as is said. */
  function drawBar(ink: Colour, paper: Colour, bar: Colour, wide: number) {
    const [width, height] = [160, 40];
    const pixels = Array.from({ length: width * height }, (_, i) => {
      const x = i % width;
      return x >= 80 && x < 80 + wide ? bar : x >= 20 && x < 22 ? ink : paper;
    });
    return { width, height, channels: 3 as const, data: Uint8Array.from(pixels.flat()) };
  }

  test('54 of red, where luma has 44, is not, though a broad part of the picture is far redder', () => {
    const choose = (ink: Colour) => chooseWeights(drawBar(ink, [154, 140, 140], [255, 100, 100], 30));
    expect(choose([100, 100, 100])).toEqual(LUMA);
    // Where luma shows less, broad strokes count.
    expect(choose([130, 120, 120])).toEqual(RED);
  });

  test('of several the one that shows most', () => {
    expect(chooseWeights(draw([200, 60, 120], [60, 60, 250]))).toEqual(RED);
    expect(chooseWeights(draw([60, 120, 200], [60, 120, 20]))).toEqual([0, 0, 256]);
  });

  test('lighter strokes count as darker ones do', () => {
    expect(chooseWeights(draw([200, 100, 100], [100, 100, 100]))).toEqual(RED);
  });

  test('what is no stroke, since it is wide, does not count', () => {
    const choose = (wide: number) => {
      const paper: Colour = [100, 100, 100];
      return chooseWeights(drawBar(paper, paper, [200, 100, 100], wide));
    };
    expect([choose(6), choose(38), choose(44)]).toEqual([RED, RED, LUMA]);
  });

  test('nor does what lies hidden in transparent pixels, but in those that show something', () => {
    expect(chooseWeights(draw([0, 255, 255], [255, 255, 255]))).toEqual(RED);
    expect(chooseWeights(draw([0, 255, 255], [255, 255, 255], { alpha: 64 }))).toEqual(RED);
    expect(chooseWeights(draw([0, 255, 255], [255, 255, 255], { alpha: 0 }))).toEqual(LUMA);
  });

  test('large pictures are looked at in places, wide ones and high ones: what is thin is thin beside their size', () => {
    for (const [width, height] of [
      [1000, 40],
      [40, 1000],
    ] as const) {
      const choose = (thick: number) => {
        const isInk = (along: number) => along >= 500 && along < 500 + thick;
        const pixels = Array.from({ length: 40_000 }, (_, i) =>
          isInk(width > height ? i % width : Math.floor(i / width)) ? [100, 100, 100] : [220, 100, 100],
        );
        return chooseWeights({ width, height, channels: 3, data: Uint8Array.from(pixels.flat()) });
      };
      // Every fourth pixel is seen.
      expect([choose(16), choose(152), choose(176)]).toEqual([RED, RED, LUMA]);
    }
  });
});
