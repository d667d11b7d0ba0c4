import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../image.js';
import { createRandom } from '../../random.js';
import { DIGIT_STYLES, drawDigit, drawDigitOnCanvas } from './index.js';

/** Rows and columns that hold ink, and the centre of mass as MNIST counts it (the first pixel's is 0). */
function measure({ width, height, data }: GrayImage) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x]!;
      if (value === 0) continue;
      [left, right, top, bottom] = [
        Math.min(left, x),
        Math.max(right, x),
        Math.min(top, y),
        Math.max(bottom, y),
      ];
      sum += value;
      sumX += value * x;
      sumY += value * y;
    }
  }
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  return { box, ink: sum / 255, massX: sumX / sum, massY: sumY / sum };
}

const STYLES = DIGIT_STYLES.flatMap((styles, digit) => styles.map(({ name }) => ({ digit, name })));

describe('drawDigit', () => {
  it.each(STYLES)('draws digit $digit, $name, in MNIST form', ({ digit, name }) => {
    for (let seed = 0; seed < 20; seed++) {
      const image = drawDigit({ digit, random: createRandom(seed), style: name });
      const { box, ink, massX, massY } = measure(image);
      expect([image.width, image.height]).toEqual([28, 28]);
      // The outermost ring of the 20x20 box may hold ink too faint to show.
      expect(Math.max(box.width, box.height)).toBeLessThanOrEqual(20);
      expect(Math.max(box.width, box.height)).toBeGreaterThanOrEqual(19);
      expect(Math.abs(massX - 14)).toBeLessThanOrEqual(0.51);
      expect(Math.abs(massY - 14)).toBeLessThanOrEqual(0.51);
      // MNIST's thinnest digits hold about 15 pixels of ink, its boldest 300.
      expect(ink).toBeGreaterThan(15);
      expect(ink).toBeLessThan(300);
    }
  });

  it('refuses digits and styles that do not exist', () => {
    const random = createRandom(1);
    expect(() => drawDigit({ digit: 10, random })).toThrow('those from 0 to 9');
    expect(() => drawDigit({ digit: 3, random, style: 'slashed' })).toThrow(
      'the digit 3 has no style slashed',
    );
  });

  it('names the styles of a digit apart', () => {
    for (const styles of DIGIT_STYLES)
      expect(new Set(styles.map(({ name }) => name)).size).toBe(styles.length);
  });
});

describe('drawDigitOnCanvas', () => {
  it('fills the box that is asked for, and nothing outside it', () => {
    const box = { x: 30, y: 40, width: 90, height: 120 };
    const image = drawDigitOnCanvas({ digit: 8, random: createRandom(5), width: 200, height: 220, box });
    const { box: found } = measure(image);
    expect([image.width, image.height]).toEqual([200, 220]);
    expect(found.x).toBeGreaterThanOrEqual(box.x - 1);
    expect(found.y).toBeGreaterThanOrEqual(box.y - 1);
    expect(found.x + found.width).toBeLessThanOrEqual(box.x + box.width + 1);
    expect(found.y + found.height).toBeLessThanOrEqual(box.y + box.height + 1);
    expect(Math.max(found.width / box.width, found.height / box.height)).toBeGreaterThan(0.97);
  });

  it('draws the same digit at any size, with the pen that is given', () => {
    const draw = (size: number, penWidth: number) => {
      const box = { x: 0, y: 0, width: size, height: size };
      const random = createRandom(6);
      return measure(drawDigitOnCanvas({ digit: 3, random, width: size, height: size, box, penWidth }));
    };
    const [small, large, thick] = [draw(60, 0.08), draw(240, 0.08), draw(240, 0.16)];
    expect(Math.abs(large.box.width / small.box.width - 4)).toBeLessThan(0.2);
    expect(Math.abs(large.massY / small.massY - 4)).toBeLessThan(0.1);
    expect(thick.ink / large.ink).toBeGreaterThan(1.5);
  });

  it.each([
    [{ width: Number.NaN }, 'the width of synthetic digits must be a whole number from 1 to 8192'],
    [{ box: { x: 0, y: 0, width: 1e300, height: 9 } }, 'the box width of synthetic digits must be a number'],
    [{ penWidth: Number.POSITIVE_INFINITY }, 'the pen width of synthetic digits must be'],
    [{ stray: -1 }, 'the stray of synthetic digits must be a number from 0 to 10'],
  ])('refuses what would take time or memory without bound: %j', (changed, message) => {
    const box = { x: 0, y: 0, width: 9, height: 9 };
    const options = { digit: 3, random: createRandom(1), width: 9, height: 9, box };
    expect(() => drawDigitOnCanvas({ ...options, ...changed })).toThrow(message);
  });
});
