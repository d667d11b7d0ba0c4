import { describe, expect, test } from 'vitest';
import { createRandom, randomNormal } from '../random.js';
import { estimatePaper } from './paper.js';

/** A picture, 80x60 unless said otherwise, of the greys that a function gives. */
function picture(grey: (x: number, y: number) => number, width = 80, height = 60) {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(0, Math.min(255, Math.round(grey(i % width, Math.floor(i / width))))),
  );
  return { width, height, data };
}

const PLACES = [
  [0, 0],
  [79, 0],
  [0, 59],
  [79, 59],
  [40, 30],
  [20, 45],
] as const;
const isInk = (x: number, y: number) => x >= 30 && x < 50 && y >= 20 && y < 40;

describe('the light is followed', () => {
  test.each<[string, (x: number, y: number) => number]>([
    ['where it is even', () => 200],
    ['from one side to the other', (x) => 90 + x],
    ['from above', (_, y) => 220 - 2 * y],
    ['to the middle', (x, y) => 230 - 0.05 * ((x - 40) ** 2 + (y - 30) ** 2)],
    ['aslant', (x, y) => 100 + 0.03 * x * y - 0.5 * y],
  ])('%s', (_, light) => {
    for (const ink of [undefined, 10, 250]) {
      const paper = estimatePaper(picture((x, y) => (ink !== undefined && isInk(x, y) ? ink : light(x, y))));
      // Grey values are whole, and ink pulls at the surface a little.
      for (const [x, y] of PLACES) expect(Math.abs(paper.at(x, y) - light(x, y))).toBeLessThan(2);
    }
  });

  test('and never below black or above white', () => {
    const steep = estimatePaper(picture((x) => 3 * x + 10));
    expect(steep.at(400, 0)).toBe(255);
    expect(steep.at(-400, 0)).toBe(0);
  });
});

describe('ink', () => {
  test.each([
    ['darker than the paper', 40, 200, 'dark'],
    ['lighter than the paper', 220, 60, 'light'],
  ] as const)('is what is %s', (_, ink, ground, expected) => {
    expect(estimatePaper(picture((x, y) => (isInk(x, y) ? ink : ground))).ink).toBe(expected);
  });

  test('is the kind that there is more of', () => {
    const ink = (dark: number) =>
      estimatePaper(
        picture((x, y) => (x < 20 || x >= 60 || y < 20 || y >= 40 ? 128 : x < 20 + dark ? 28 : 228)),
      ).ink;
    expect([ink(16), ink(24)]).toEqual(['light', 'dark']);
  });

  test('may fill the middle: the rim is paper', () => {
    const paper = estimatePaper(picture((x, y) => (x < 16 || y < 12 || x > 63 || y > 47 ? 230 : 20)));
    expect(paper.ink).toBe('dark');
    expect(Math.abs(paper.at(0, 0) - 230)).toBeLessThan(2);
  });

  test('is not the grain of the paper', () => {
    // More and further above than below, but within what grain does.
    const random = createRandom(4);
    const grain = picture(() => 128 + 8 * randomNormal(random));
    for (let i = 0; i < 40; i++) grain.data[i * 117 + 500] = 60;
    for (let i = 0; i < 300; i++) grain.data[i * 13 + 300] = 128 + 14;
    expect(estimatePaper(grain).ink).toBe('dark');
  });
});

describe('grain', () => {
  test.each([4, 8, 15])('of standard deviation %i is measured', (sigma) => {
    const random = createRandom(9);
    const { noise } = estimatePaper(picture(() => 128 + sigma * randomNormal(random)));
    expect(noise).toBeGreaterThan(0.88 * sigma);
    expect(noise).toBeLessThan(1.12 * sigma);
  });

  test('is 1 at least, and not raised by ink or by even slopes', () => {
    expect(estimatePaper(picture(() => 200)).noise).toBe(1);
    expect(estimatePaper(picture((x, y) => (isInk(x, y) ? 0 : 100 + x))).noise).toBe(1);
  });
});

describe('small pictures', () => {
  test.each([
    [1, 1],
    [1, 40],
    [40, 1],
    [2, 2],
    [3, 5],
  ])('%i x %i', (width, height) => {
    const paper = estimatePaper(picture(() => 150, width, height));
    expect(paper.ink).toBe('dark');
    expect(paper.at(0, 0)).toBeCloseTo(150, 6);
    expect(paper.at(width - 1, height - 1)).toBeCloseTo(150, 6);
  });

  test.each([
    [1, 30, (_: number, y: number) => 100 + 2 * y],
    [30, 1, (x: number) => 100 + 2 * x],
    [200, 100, (x: number, y: number) => 60 + 0.5 * x + 0.3 * y],
  ] as const)('and others have slopes: %i x %i', (width, height, light) => {
    const paper = estimatePaper(picture(light, width, height));
    for (const [x, y] of [
      [0, 0],
      [width - 1, height - 1],
      [width >> 1, height >> 1],
    ] as const)
      expect(Math.abs(paper.at(x, y) - light(x, y))).toBeLessThan(1);
  });
});
