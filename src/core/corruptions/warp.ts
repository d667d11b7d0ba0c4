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
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= side || y >= side ? 0 : pixels[y * side + x]!);
  const result = new Uint8Array(pixels.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [cx, cy] = [x - middle, y - middle];
      const sx = xx * cx + xy * cy + dx + middle;
      const sy = yx * cx + yy * cy + dy + middle;
      const [left, top] = [Math.floor(sx), Math.floor(sy)];
      const [fx, fy] = [sx - left, sy - top];
      const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
      const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
      result[y * side + x] = Math.round(upper * (1 - fy) + lower * fy);
    }
  }
  return result;
}
