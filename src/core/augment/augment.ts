import { bell } from '../dataset/synthetic/chance.js';
import type { Random } from '../random.js';
import { spreadInk } from '../square-image.js';
import { warpAtRandom } from './warp-field.js';

/** How often each change is made; the warp always is. */
const CHANCE = { stroke: 0.35, neighbour: 0.06, fade: 0.25, blur: 0.12, noise: 0.15 };

/**
 * Changes an image as hands, pens and cameras change digits: stroke width, rotation, scale, shear, shift and
 * an elastic field, now and then an edge of a neighbour, fainter ink, blur and noise.
 *
 * @param pixels [side, side] uint8, 0 background, 255 ink; stays as it is
 * @param neighbour another image of the same size, whose edge may show
 * @returns [side, side]
 */
export function augmentImage(
  pixels: Uint8Array,
  { side, random, neighbour }: { side: number; random: Random; neighbour?: Uint8Array | undefined },
): Uint8Array {
  const happens = (chance: number) => random() < chance;
  let image = happens(CHANCE.stroke) ? spreadInk(pixels, side, random() * 1.5 - 0.6) : pixels;
  image = warpAtRandom(image, side, random);
  if (happens(CHANCE.neighbour) && neighbour) addNeighbour(image, neighbour, side, random);
  if (happens(CHANCE.fade)) fade(image, 0.6 + 0.4 * random());
  if (happens(CHANCE.blur)) image = blur(image, side);
  if (happens(CHANCE.noise)) addNoise(image, 12 * random(), random);
  return image;
}

/** How strongly `augmentGently` warps. */
const GENTLE = 0.5;

/**
 * Changes an image as one hand writes a digit twice: a warp of half the strength, the ink as it is.
 *
 * @param pixels [side, side] uint8, 0 background, 255 ink; stays as it is
 * @returns [side, side]
 */
export function augmentGently(
  pixels: Uint8Array,
  { side, random }: { side: number; random: Random },
): Uint8Array {
  return warpAtRandom(pixels, side, random, GENTLE);
}

/** Lets the edge of another image show at the left or the right. */
function addNeighbour(image: Uint8Array, neighbour: Uint8Array, side: number, random: Random): void {
  const distance = Math.round(side * (0.64 + 0.16 * random())) * (random() < 0.5 ? -1 : 1);
  for (let y = 0; y < side; y++) {
    for (let x = Math.max(0, distance); x < Math.min(side, side + distance); x++) {
      const i = y * side + x;
      image[i] = Math.max(image[i]!, neighbour[i - distance]!);
    }
  }
}

function fade(image: Uint8Array, factor: number): void {
  for (let i = 0; i < image.length; i++) image[i] = Math.round(image[i]! * factor);
}

/** A half-strength 3x3 box filter. */
function blur(pixels: Uint8Array, side: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let yy = Math.max(0, y - 1); yy <= Math.min(side - 1, y + 1); yy++)
        for (let xx = Math.max(0, x - 1); xx <= Math.min(side - 1, x + 1); xx++)
          sum += pixels[yy * side + xx]!;
      const i = y * side + x;
      result[i] = Math.round((pixels[i]! + sum / 9) / 2);
    }
  }
  return result;
}

function addNoise(image: Uint8Array, deviation: number, random: Random): void {
  for (let i = 0; i < image.length; i++)
    image[i] = Math.max(0, Math.min(255, Math.round(image[i]! + deviation * bell(random))));
}
