import { expect, test } from 'vitest';
import { eraseRuling } from './ruling.js';

const [WIDTH, HEIGHT] = [300, 200];

/** Ink wherever `isInk` says so. */
function erase(isInk: (x: number, y: number) => boolean): (x: number, y: number) => boolean {
  const density = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    isInk(i % WIDTH, Math.floor(i / WIDTH)) ? 200 : 0,
  );
  const limit = new Uint8Array(density.length).fill(20);
  const erased = eraseRuling({ width: WIDTH, height: HEIGHT, density, limit }).density;
  return (x, y) => erased[y * WIDTH + x]! > 0;
}

test('a line through the picture goes, slightly aslant too', () => {
  const left = erase((x, y) => Math.abs(y - 80 - 0.08 * x) < 1.5);
  expect([10, 150, 290].some((x) => left(x, Math.round(80 + 0.08 * x)))).toBe(false);
});

test('a stroke that crosses it stays whole', () => {
  const left = erase((x, y) => Math.abs(y - 100) < 2 || (Math.abs(x - 150) < 5 && y > 60 && y < 140));
  for (let y = 65; y < 135; y++) expect(left(150, y)).toBe(true);
  expect(left(50, 100)).toBe(false);
});

test('the bar of a seven is no line, nor is a one', () => {
  const left = erase(
    (x, y) => (Math.abs(y - 40) < 3 && x > 80 && x < 220) || (Math.abs(x - 150) < 3 && y > 40 && y < 190),
  );
  expect(left(100, 40) && left(200, 40) && left(150, 150)).toBe(true);
});
