/*
 * What augmentation and corruptions both do to square images: pixels [side, side] uint8, 0 background, 255 ink;
 * outside is 0.
 */

/**
 * Moves each pixel towards the highest (`share` above 0: thicker strokes) or the lowest (below 0: thinner)
 * of itself and its four neighbours; at 1 and -1 it becomes that.
 *
 * @returns [side, side], a new image
 */
export function spreadInk(pixels: Uint8Array, side: number, share: number): Uint8Array {
  const extreme = share > 0 ? Math.max : Math.min;
  const part = Math.abs(share);
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      const value = pixels[i]!;
      const left = x > 0 ? pixels[i - 1]! : 0;
      const right = x + 1 < side ? pixels[i + 1]! : 0;
      const above = y > 0 ? pixels[i - side]! : 0;
      const below = y + 1 < side ? pixels[i + side]! : 0;
      result[i] = Math.round(value + part * (extreme(value, left, right, above, below) - value));
    }
  }
  return result;
}

/** The bilinear sample at a place between the pixels' middles, 0 to 255, rounded. */
export function sampleBilinear(pixels: Uint8Array, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= side || top >= side) return 0;
  const [fx, fy] = [x - left, y - top];
  const i = top * side + left;
  const hasLeft = left >= 0;
  const hasRight = left + 1 < side;
  const hasTop = top >= 0;
  const hasBottom = top + 1 < side;
  const upper =
    (hasTop && hasLeft ? pixels[i]! : 0) * (1 - fx) + (hasTop && hasRight ? pixels[i + 1]! : 0) * fx;
  const lower =
    (hasBottom && hasLeft ? pixels[i + side]! : 0) * (1 - fx) +
    (hasBottom && hasRight ? pixels[i + side + 1]! : 0) * fx;
  return Math.round(upper * (1 - fy) + lower * fy);
}
