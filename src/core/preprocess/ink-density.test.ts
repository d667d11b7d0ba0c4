import { describe, expect, test } from 'vitest';
import type { GrayImage } from '../image.js';
import { createRandom, randomNormal } from '../random.js';
import { inkDensity } from './ink-density.js';
import { invert } from './resize.js';

const [WIDTH, HEIGHT] = [96, 72];
const LIMIT = Math.floor(0.065 * 255);

function picture(grey: (x: number, y: number) => number, width = WIDTH, height = HEIGHT): GrayImage {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(0, Math.min(255, Math.round(grey(i % width, Math.floor(i / width))))),
  );
  return { width, height, data };
}

/** A stroke down the middle of the picture. */
const isStroke = (x: number, y: number) => x >= 46 && x < 50 && y >= 16 && y < 56;

function densityOf(image: GrayImage) {
  const { density, limit, width, height } = inkDensity(image);
  expect([width, height, density.length, limit.length]).toEqual([
    image.width,
    image.height,
    image.data.length,
    image.data.length,
  ]);
  return { density, limit, at: (x: number, y: number) => density[y * width + x]! };
}

describe("ink takes its share of the paper's light", () => {
  test.each([
    ['black on white', 0, 255, 255],
    ['half of it', 100, 200, 128],
    ['a fifth of grey paper', 80, 100, 51],
    ['black on what holds too little light to divide by', 0, 30, 191],
  ])('%s', (_, ink, paper, expected) => {
    const { density, limit } = densityOf(picture((x, y) => (isStroke(x, y) ? ink : paper)));
    for (let i = 0; i < density.length; i++)
      expect(density[i]).toBe(isStroke(i % WIDTH, Math.floor(i / WIDTH)) ? expected : 0);
    expect(new Set(limit)).toEqual(new Set([LIMIT]));
  });

  test('up to the edges of the picture', () => {
    const { at } = densityOf(picture((x, y) => (Math.abs(x - y) < 3 ? 100 : 200), 60, 60));
    expect([at(0, 0), at(1, 0), at(30, 30), at(58, 59), at(59, 59)]).toEqual(Array(5).fill(128));
    expect([at(59, 0), at(0, 59)]).toEqual([0, 0]);
  });

  test('pale ink of a broad pen too', () => {
    // An eighth of the light, and 1/40 of the picture.
    const { at, limit } = densityOf(picture((x) => (x >= 156 && x < 164 ? 175 : 200), 320, 240));
    expect(at(160, 120)).toBeGreaterThan(limit[120 * 320 + 160]!);
  });

  test('light ink on a dark ground too, of at least half of white', () => {
    const { density } = densityOf(picture((x, y) => (isStroke(x, y) ? 200 : 30)));
    // Turned round, the ground is 225 and the ink 55.
    expect(density[20 * WIDTH + 47]).toBe(Math.round((255 * 170) / 225));
    expect(density[20 * WIDTH + 5]).toBe(0);
    const grey = densityOf(picture((x, y) => (isStroke(x, y) ? 250 : 180)));
    // The ground is 75 now, of which 70 would be nearly all.
    expect(grey.at(47, 20)).toBe(Math.round((255 * 70) / 128));
  });

  test('its inverse on a bright ground is the same', () => {
    const image = picture((x, y) => (isStroke(x, y) ? 60 : 230));
    expect(inkDensity(invert(image))).toEqual(inkDensity(image));
  });
});

test('lone specks of both colours are no paper, and change nothing beside them', () => {
  const random = createRandom(2);
  const clean = picture((x, y) => (x >= 92 && x < 100 && y >= 32 && y < 112 ? 90 : 170), 192, 144);
  const specked = clean.data.map((grey) => (random() < 0.005 ? 255 * Math.round(random()) : grey));
  for (const turn of [(image: GrayImage) => image, invert]) {
    const expected = inkDensity(turn(clean)).density;
    const { density } = inkDensity(turn({ ...clean, data: specked }));
    let changed = 0;
    for (let i = 0; i < density.length; i++) {
      if (specked[i] === clean.data[i] && Math.abs(density[i]! - expected[i]!) > 8) changed++;
    }
    expect(changed).toBeLessThan(0.01 * density.length);
  }
});

describe('light is no ink', () => {
  test.each<[string, (x: number, y: number) => number]>([
    ['from one side', (x) => 120 + x],
    ['from above', (_, y) => 110 + 1.5 * y],
    ['darker to the corners', (x, y) => 240 - 0.02 * ((x - 48) ** 2 + (y - 36) ** 2)],
    ['half in the shadow', (x) => (x < 30 ? 110 : 220)],
    ['with a wide dark part', (x, y) => (x > 60 && y > 30 ? 90 : 220)],
  ])('%s', (_, light) => {
    const { density, limit, at } = densityOf(picture((x, y) => (isStroke(x, y) ? 0.3 : 1) * light(x, y)));
    for (let i = 0; i < density.length; i++) {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      if (!isStroke(x, y)) expect(density[i]).toBeLessThanOrEqual(limit[i]!);
    }
    // 70% of the light is gone, wherever that is.
    for (const y of [18, 36, 54]) expect(Math.abs(at(47, y) - 0.7 * 255)).toBeLessThan(14);
  });

  test('what is wider than 22% of the picture is ground, narrower it is ink', () => {
    const bar = (wide: number) =>
      densityOf(picture((x) => (Math.abs(x + 0.5 - 48) < wide / 2 ? 60 : 220))).at(48, 36);
    expect(bar(18)).toBeGreaterThan(150);
    expect(bar(26)).toBeLessThan(LIMIT);
  });

  test('where broad strokes cross, and all that is near is full of ink, it is ink', () => {
    const isCross = (x: number, y: number) => Math.abs(x + 0.5 - 48) < 9 || Math.abs(y + 0.5 - 36) < 9;
    const { density } = densityOf(picture((x, y) => (isCross(x, y) ? 60 : 220)));
    for (let i = 0; i < density.length; i++) {
      const isInk = isCross(i % WIDTH, Math.floor(i / WIDTH));
      if (isInk) expect(density[i]).toBeGreaterThan(150);
      else expect(density[i]).toBe(0);
    }
  });
});

describe("the paper's grain", () => {
  const grainy = (sigma: number, ground = 200) => {
    const random = createRandom(6);
    return picture((x, y) => (isStroke(x, y) ? 60 : ground) + sigma * randomNormal(random));
  };

  test.each([3, 6, 10])('of standard deviation %i lies below the limit, nearly all of it', (sigma) => {
    const { density, limit } = densityOf(grainy(sigma));
    let above = 0;
    for (let i = 0; i < density.length; i++) {
      if (!isStroke(i % WIDTH, Math.floor(i / WIDTH)) && density[i]! > limit[i]!) above++;
    }
    expect(above / density.length).toBeLessThan(0.01);
  });

  test('raises the limit to about four times itself, in shares of the light', () => {
    const { limit } = densityOf(grainy(8));
    const mean = limit.reduce((sum, v) => sum + v, 0) / limit.length;
    const sigma = (255 * 8) / 200;
    expect(mean).toBeGreaterThan(3 * sigma);
    expect(mean).toBeLessThan(4.5 * sigma);
  });

  test('is measured by place: calm paper beside it keeps its low limit', () => {
    const random = createRandom(7);
    const { limit } = densityOf(picture((x) => 200 + (x > 60 ? 12 : 0) * randomNormal(random)));
    expect(limit[36 * WIDTH + 10]).toBe(LIMIT);
    expect(limit[36 * WIDTH + 90]).toBeGreaterThan(2 * LIMIT);
    expect([limit[2 * WIDTH + 90], limit[70 * WIDTH + 90]].every((v) => v! > 2 * LIMIT)).toBe(true);
  });

  test('is measured by place down the picture too', () => {
    const random = createRandom(7);
    const { limit } = densityOf(picture((_, y) => 200 + (y > 45 ? 12 : 0) * randomNormal(random)));
    expect(limit[10 * WIDTH + 48]).toBe(LIMIT);
    expect(limit[66 * WIDTH + 48]).toBeGreaterThan(2 * LIMIT);
  });

  test.each([
    [8, WIDTH],
    [14, WIDTH],
    // Tiles of odd and even widths.
    [14, WIDTH - 3],
  ])('of %i: its median is taken off, about half of the paper is bare', (sigma, width) => {
    const random = createRandom(6);
    const { density } = densityOf(picture(() => 200 + sigma * randomNormal(random), width));
    const bare = density.filter((v) => v === 0).length / density.length;
    expect(bare).toBeGreaterThan(0.35);
    expect(bare).toBeLessThan(0.65);
  });

  test('is not measured where the ink is: a tile full of writing has the limit of those beside it', () => {
    const hatched = (x: number, y: number) => x > 40 && x < 56 && y > 30 && y < 42 && (x + y) % 4 < 2;
    const { limit, at } = densityOf(picture((x, y) => (hatched(x, y) ? 40 : 220)));
    expect(limit[36 * WIDTH + 48]).toBe(LIMIT);
    expect(at(48, 36)).toBeGreaterThan(150);
  });

  test('nor in a larger picture, whose tiles are larger', () => {
    const hatched = (x: number, y: number) => x >= 140 && x < 184 && y >= 14 && y < 58 && (x + y) % 4 < 2;
    const { limit, at } = densityOf(picture((x, y) => (hatched(x, y) ? 40 : 220), 320, 72));
    expect(limit[36 * 320 + 164]).toBe(LIMIT);
    expect(at(165, 36)).toBeGreaterThan(150);
  });
});

test('any size of picture will do', () => {
  for (const [width, height] of [
    [1, 1],
    [1, 9],
    [9, 1],
    [5, 3],
    [400, 3],
  ] as const)
    expect(new Set(inkDensity(picture(() => 180, width, height)).density)).toEqual(new Set([0]));
});
