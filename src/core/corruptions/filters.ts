/**
 * Makes strokes thicker (`radius` above 0) or thinner (below 0) by the largest or smallest value of each
 * pixel and its four neighbours, once for each pixel of the radius, a fraction of it in part.
 *
 * @param pixels [side, side]
 */
export function changeStroke(pixels: Uint8Array, side: number, radius: number): Uint8Array {
  const choose = radius > 0 ? Math.max : Math.min;
  let result = pixels;
  for (let left = Math.abs(radius); left > 0; left--) {
    const next = neighbours(result, side, choose);
    const share = Math.min(1, left);
    const before = result;
    result = share === 1 ? next : next.map((v, i) => Math.round(before[i]! + (v - before[i]!) * share));
  }
  return result;
}

function neighbours(pixels: Uint8Array, side: number, choose: typeof Math.max): Uint8Array {
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= side || y >= side ? 0 : pixels[y * side + x]!);
  return pixels.map((v, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return choose(v, at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1));
  });
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
