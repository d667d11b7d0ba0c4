import { sampleBilinear } from '../square-image.js';

/** A map of places in the result to places in the source, both from the image's middle, in pixels. */
export interface Warp {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * Moves a square image by bilinear sampling; what comes from outside is 0.
 *
 * @param pixels [side, side]
 */
export function warpImage(pixels: Uint8Array, side: number, { xx, xy, yx, yy, dx, dy }: Warp): Uint8Array {
  const middle = (side - 1) / 2;
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [cx, cy] = [x - middle, y - middle];
      const sx = xx * cx + xy * cy + dx + middle;
      const sy = yx * cx + yy * cy + dy + middle;
      result[y * side + x] = sampleBilinear(pixels, side, sx, sy);
    }
  }
  return result;
}
