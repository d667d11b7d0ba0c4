import { spreadInk } from '../square-image.js';

/**
 * Makes strokes thicker (`radius` above 0) or thinner (below 0) by the largest or smallest value of each
 * pixel and its four neighbours, once for each pixel of the radius, a fraction of it in part.
 *
 * @param pixels [side, side]
 */
export function changeStroke(pixels: Uint8Array, side: number, radius: number): Uint8Array {
  let result = pixels;
  for (let left = Math.abs(radius); left > 0; left--)
    result = spreadInk(result, side, Math.sign(radius) * Math.min(1, left));
  return result;
}

/**
 * Blurs by a Gaussian; outside the image is 0.
 *
 * @param pixels [side, side]
 * @param sigma in pixels
 */
export function blurImage(pixels: Uint8Array, side: number, sigma: number): Uint8Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  const pass = (source: Float32Array, step: number, placeOf: (i: number) => number) => {
    const result = new Float32Array(source.length);
    for (let i = 0; i < source.length; i++) {
      const place = placeOf(i);
      let sum = 0;
      for (let k = Math.max(-reach, -place); k <= Math.min(reach, side - 1 - place); k++) {
        sum += source[i + k * step]! * weights[k + reach]!;
      }
      result[i] = sum / total;
    }
    return result;
  };
  const rows = pass(Float32Array.from(pixels), 1, (i) => i % side);
  return Uint8Array.from(
    pass(rows, side, (i) => Math.floor(i / side)),
    Math.round,
  );
}
