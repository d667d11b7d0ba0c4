import { describe, expect, test } from 'vitest';
import { createRandom, randomNormal } from '../random.js';
import { estimatePaper } from './paper.js';

/** A picture, small to be quick, of the greys that a function gives. */
function picture(grey: (x: number, y: number) => number, width = 24, height = 18) {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(0, Math.min(255, Math.round(grey(i % width, Math.floor(i / width))))),
  );
  return { width, height, data };
}

const isInk = (x: number, y: number) => x >= 9 && x < 15 && y >= 6 && y < 12;

describe('small pictures', () => {
  test.each([
    [1, 1],
    [1, 9],
    [9, 1],
    [2, 2],
    [3, 5],
  ])('%i x %i', (width, height) => {
    const paper = estimatePaper(picture(() => 150, width, height));
    expect(paper.ink).toBe('dark');
    expect(paper.at(0, 0)).toBeCloseTo(150, 6);
    expect(paper.at(width - 1, height - 1)).toBeCloseTo(150, 6);
  });

  test.each([
    [1, 12, (_: number, y: number) => 100 + 5 * y],
    [12, 1, (x: number) => 100 + 5 * x],
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

describe('the light is followed', () => {
  test.each<[string, number, (x: number, y: number) => number]>([
    ['from one side to the other, without ink', -1, (x) => 90 + 3 * x],
    ['from above, round dark ink', 0, (_, y) => 220 - 6 * y],
    ['to the middle, round light ink', 255, (x, y) => 180 - 0.5 * ((x - 12) ** 2 + (y - 9) ** 2)],
    ['aslant, round dark ink', 10, (x, y) => 100 + 0.3 * x * y - 1.5 * y],
  ])('%s', (_, ink, light) => {
    const paper = estimatePaper(picture((x, y) => (ink >= 0 && isInk(x, y) ? ink : light(x, y))));
    // Grey values are whole, and ink pulls at the surface a little.
    for (const [x, y] of [
      [0, 0],
      [23, 0],
      [0, 17],
      [23, 17],
      [12, 9],
      [6, 14],
    ] as const)
      expect(Math.abs(paper.at(x, y) - light(x, y))).toBeLessThan(2);
    expect(paper.noise).toBeLessThan(1.2);
  });

  test('and never below black or above white', () => {
    const steep = estimatePaper(picture((x) => 9 * x + 10));
    expect(steep.at(100, 0)).toBe(255);
    expect(steep.at(-100, 0)).toBe(0);
  });

  test('on a large picture it is looked at in places', () => {
    const light = (x: number, y: number) => 60 + 0.5 * x + 0.3 * y;
    const paper = estimatePaper(picture(light, 210, 105));
    for (const [x, y] of [
      [0, 0],
      [209, 104],
      [209, 0],
    ] as const)
      expect(Math.abs(paper.at(x, y) - light(x, y))).toBeLessThan(1);
  });
});

describe('ink', () => {
  test.each([
    ['darker than the paper', 40, 200, 'dark'],
    ['lighter than the paper', 220, 60, 'light'],
  ] as const)('is what is %s', (_, ink, ground, expected) => {
    expect(estimatePaper(picture((x, y) => (isInk(x, y) ? ink : ground))).ink).toBe(expected);
  });

  test.each([
    [5, 'light'],
    [7, 'dark'],
  ] as const)('is the kind that there is more of: %i columns of 12 are dark', (columns, expected) => {
    const isPaper = (x: number, y: number) => x < 6 || x >= 18 || y < 6 || y >= 12;
    const image = picture((x, y) => (isPaper(x, y) ? 128 : x < 6 + columns ? 28 : 228));
    expect(estimatePaper(image).ink).toBe(expected);
  });

  test('may fill the middle: the rim is paper', () => {
    const paper = estimatePaper(picture((x, y) => (x < 5 || y < 4 || x > 18 || y > 13 ? 230 : 20)));
    expect(paper.ink).toBe('dark');
    expect(Math.abs(paper.at(0, 0) - 230)).toBeLessThan(2);
  });

  test('is not the grain of the paper', () => {
    // Much more that is lighter, but within what grain does.
    const random = createRandom(4);
    const grain = picture(() => 128 + 8 * randomNormal(random));
    for (let i = 100; i < 300; i += 3) grain.data[i] = 128 + 14;
    for (const at of [150, 211, 260]) grain.data[at] = 60;
    expect(estimatePaper(grain).ink).toBe('dark');
  });
});

describe('grain', () => {
  test.each([4, 15])('of standard deviation %i is measured', (sigma) => {
    const random = createRandom(9);
    const { noise } = estimatePaper(picture(() => 128 + sigma * randomNormal(random), 32, 32));
    expect(noise).toBeGreaterThan(0.88 * sigma);
    expect(noise).toBeLessThan(1.12 * sigma);
  });

  test('is 1 at least', () => {
    expect(estimatePaper(picture(() => 200)).noise).toBe(1);
  });
});
