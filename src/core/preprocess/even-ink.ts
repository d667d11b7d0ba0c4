import type { GrayImage } from '../image.js';
import type { InkDensity } from './ink-density.js';

/** Fainter than this is the soft rim of a line. */
const MIN_DENSITY = 16;

/**
 * The ink on a ground of one known grey value, such as a canvas that was drawn on: there is no light, grain or
 * ruling to take away, which is most of the work on a photo.
 *
 * @param ground 0 to 255, lighter or darker than the ink
 */
export function evenInk({ width, height, data }: GrayImage, ground: number): InkDensity {
  const reach = Math.max(ground, 255 - ground);
  const density = data.map((value) => Math.round((255 * Math.abs(value - ground)) / reach));
  return { width, height, density, limit: new Uint8Array(data.length).fill(MIN_DENSITY) };
}
