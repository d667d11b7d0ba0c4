import { MNIST_PIXELS, MNIST_SIZE } from '../image.js';
import { createRandom, type Random, randomNormal } from '../random.js';
import { blurImage, changeStroke } from './filters.js';
import { warpImage } from './warp.js';

/** A way in which images get worse. */
export interface Corruption {
  readonly name: string;
  /** From mild to strong. */
  readonly severities: readonly number[];
  /** A severity for the user, with its unit. */
  describe(severity: number): string;
  /** Changes one image [28, 28] uint8 (0 background, 255 ink). */
  apply(pixels: Uint8Array, severity: number, random: Random): Uint8Array;
}

const still = { xx: 1, xy: 0, yx: 0, yy: 1, dx: 0, dy: 0 };
const percent = (share: number) => `${Math.round(100 * share)}%`;
const pixelCount = (count: number) => `${count} px`;
const clamp = (value: number) => Math.max(0, Math.min(255, Math.round(value)));

/** All corruptions, in the order of the table. */
export const CORRUPTIONS: readonly Corruption[] = [
  {
    name: 'shifted',
    severities: [1, 2, 4, 6],
    describe: pixelCount,
    apply(pixels, distance, random) {
      const angle = 2 * Math.PI * random();
      const moved = { ...still, dx: distance * Math.cos(angle), dy: distance * Math.sin(angle) };
      return warpImage(pixels, MNIST_SIZE, moved);
    },
  },
  {
    name: 'rotated',
    severities: [10, 20, 30, 45],
    describe: (degrees) => `${degrees}°`,
    apply(pixels, degrees, random) {
      const angle = ((random() < 0.5 ? -degrees : degrees) * Math.PI) / 180;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      return warpImage(pixels, MNIST_SIZE, { ...still, xx: cos, xy: -sin, yx: sin, yy: cos });
    },
  },
  {
    name: 'scaled',
    severities: [0.5, 0.75, 1.25, 1.5],
    describe: percent,
    apply: (pixels, scale) => warpImage(pixels, MNIST_SIZE, { ...still, xx: 1 / scale, yy: 1 / scale }),
  },
  {
    name: 'thinned',
    severities: [0.5, 0.75, 1],
    describe: pixelCount,
    apply: (pixels, radius) => changeStroke(pixels, MNIST_SIZE, -radius),
  },
  {
    name: 'thickened',
    severities: [0.5, 1, 2],
    describe: pixelCount,
    apply: (pixels, radius) => changeStroke(pixels, MNIST_SIZE, radius),
  },
  {
    name: 'blurred',
    severities: [0.5, 1, 2],
    describe: pixelCount,
    apply: (pixels, sigma) => blurImage(pixels, MNIST_SIZE, sigma),
  },
  {
    name: 'noisy',
    severities: [0.1, 0.2, 0.4],
    describe: percent,
    apply: (pixels, share, random) => pixels.map((v) => clamp(v + 255 * share * randomNormal(random))),
  },
  {
    name: 'low contrast',
    severities: [0.75, 0.5, 0.25],
    describe: percent,
    apply: (pixels, share) => pixels.map((v) => clamp(127.5 + (v - 127.5) * share)),
  },
  { name: 'inverted', severities: [1], describe: () => '', apply: (pixels) => pixels.map((v) => 255 - v) },
];

const SEED = 2026;

/**
 * Corrupts images; each has a random stream of its own, the same for all severities, so that a stronger one
 * moves an image further the same way.
 *
 * @param pixels [N, 28, 28] uint8
 */
export function corruptImages(pixels: Uint8Array, corruption: Corruption, severity: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  const kind = CORRUPTIONS.indexOf(corruption);
  for (let i = 0; i < pixels.length / MNIST_PIXELS; i++) {
    const image = pixels.subarray(i * MNIST_PIXELS, (i + 1) * MNIST_PIXELS);
    result.set(corruption.apply(image, severity, createRandom(SEED, kind, i)), i * MNIST_PIXELS);
  }
  return result;
}
