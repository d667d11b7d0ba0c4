import { describe, expect, test } from 'vitest';
import { typed } from '../../../test/drawings.js';
import type { GrayImage } from '../image.js';
import { strokeWidth, widenThinStrokes } from './stroke.js';

function filled(width: number, height: number, isInk: (x: number, y: number) => boolean): GrayImage {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    isInk(i % width, Math.floor(i / width)) ? 255 : 0,
  );
  return { width, height, data };
}

describe('the width of strokes', () => {
  test.each([3, 5])('of a long bar %i pixels wide is that', (wide) => {
    expect(strokeWidth(filled(wide, 400, () => true))).toBeCloseTo(wide, 1);
    expect(strokeWidth(filled(400, wide, () => true))).toBeCloseTo(wide, 1);
    expect(strokeWidth(filled(300, 40, (_, y) => y >= 20 && y < 20 + wide))).toBeCloseTo(wide, 0);
  });

  test('of a slanted bar too: the steps of its edge do not count for more outline than they are', () => {
    const width = strokeWidth(filled(200, 200, (x, y) => Math.abs(x - y) <= 7));
    expect(width).toBeGreaterThan(0.9 * (15 / Math.SQRT2));
    expect(width).toBeLessThan(1.1 * (15 / Math.SQRT2));
  });

  test('a block of 3x3: an open side counts 1, a corner or more of them the root of 2', () => {
    const block = typed('.....', '.###.', '.###.', '.###.', '.....');
    expect(strokeWidth(block)).toBeCloseTo((2 * 9) / (4 + 4 * Math.SQRT2), 9);
    expect(strokeWidth(typed('.....', '..#..', '.....'))).toBeCloseTo(Math.SQRT2, 9);
  });

  test('greys from 128 on are ink; without ink it is 0', () => {
    const grey = (value: number) => strokeWidth({ width: 1, height: 1, data: Uint8Array.of(value) });
    expect(grey(128)).toBeCloseTo(Math.SQRT2, 9);
    expect(grey(127)).toBe(0);
  });
});

describe('a thin pen', () => {
  /** How wide the bar is afterwards, as a share of the digit's longer side. */
  const bar = (side: number, wide: number) =>
    filled(side, side, (x) => Math.abs(x + 0.5 - side / 2) < wide / 2);

  test.each([
    [80, 2],
    [80, 4],
    [240, 6],
    [40, 2],
  ])("is widened to a tenth of the digit's longer side (%i pixels, the bar %i)", (side, wide) => {
    const result = widenThinStrokes(bar(side, wide));
    const across = result.data.subarray(40 * result.width, 41 * result.width);
    expect(across.filter((v) => v >= 128).length).toBeGreaterThanOrEqual(7);
    expect(across.filter((v) => v >= 128).length).toBeLessThanOrEqual(10);
    // In the middle, as it was.
    const centre =
      across.reduce((sum, v, x) => sum + v * (x + 0.5), 0) / across.reduce((sum, v) => sum + v, 0);
    expect(centre / result.width).toBeCloseTo(0.5, 1);
  });

  test('spreads as far up and down as to the sides (a stroke of 3 pixels by 2), and the picture grows with it', () => {
    // A ring, 80 pixels wide: the same after turning and mirroring.
    const ring = filled(80, 80, (x, y) => Math.abs(Math.hypot(x - 39.5, y - 39.5) - 37) < 1.5);
    const { width, height, data } = widenThinStrokes(ring);
    expect([width, height]).toEqual([86, 86]);
    const at = (x: number, y: number) => data[y * width + x]!;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        expect(at(x, y)).toBe(at(y, x));
        expect(at(x, y)).toBe(at(width - 1 - x, y));
      }
    }
    const row = [...data.subarray(43 * width, 44 * width)];
    expect(row.indexOf(255)).toBe(3);
    expect(row.slice(0, 40).filter((v) => v > 0)).toHaveLength(7);
  });

  test('its greys stay: the darkest within reach counts', () => {
    const result = widenThinStrokes({ ...bar(80, 2), data: bar(80, 2).data.map((v) => (v ? 200 : 0)) });
    expect(new Set(result.data)).toEqual(new Set([0, 200]));
  });

  test('is smoothly round at its ends, not square', () => {
    const { width, data } = widenThinStrokes(
      filled(80, 80, (x, y) => Math.abs(x - 40) < 1 && y > 20 && y < 60),
    );
    const lines = Array.from(
      { length: data.length / width },
      (_, y) => data.subarray(y * width, (y + 1) * width).filter((v) => v > 0).length,
    ).filter((count) => count > 0);
    expect(lines[0]).toBeLessThan(Math.max(...lines));
    expect(lines).toEqual([...lines].reverse());
  });
});

test('strokes as thick as MNIST writes them, or nearly, come back as they are', () => {
  for (const wide of [7, 8, 20]) {
    const ink = filled(80, 80, (x) => Math.abs(x - 40) < wide / 2);
    expect(widenThinStrokes(ink)).toBe(ink);
  }
  const small = filled(20, 40, (x) => x > 4 && x < 10);
  expect(widenThinStrokes(small)).toBe(small);
});
