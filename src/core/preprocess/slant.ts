import type { GrayImage } from '../image.js';

/**
 * The slants, to the right for each pixel upwards, that all but about 2% of MNIST's training digits keep to.
 * It is the slope of the line that fits the ink best, and differs from digit to digit, so that only what is
 * beyond it is corrected.
 */
const LEAST = -0.5;
const MOST = 0.65;

/** Shears a digit that leans further than MNIST's do back to where those end; others come back as they are. */
export function straighten(ink: GrayImage): GrayImage {
  const slant = slantOf(ink);
  const excess = slant > MOST ? slant - MOST : Math.min(0, slant - LEAST);
  return excess === 0 ? ink : shear(ink, excess);
}

/** How far a digit's ink leans to the right, for each pixel upwards, by its second moments. */
export function slantOf({ width, height, data }: GrayImage): number {
  let [mass, sumX, sumY, sumXY, sumYY] = [0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x]!;
      mass += value;
      sumX += value * x;
      sumY += value * y;
      sumXY += value * x * y;
      sumYY += value * y * y;
    }
  }
  const variance = sumYY - (sumY * sumY) / mass;
  return variance > 0 ? -(sumXY - (sumX * sumY) / mass) / variance : 0;
}

/** Moves each row to the left by `slant` times its height above the lowest, in parts of pixels. */
function shear({ width, height, data }: GrayImage, slant: number): GrayImage {
  const reach = Math.abs(slant) * (height - 1);
  const wide = width + Math.ceil(reach);
  const result = new Uint8Array(wide * height);
  for (let y = 0; y < height; y++) {
    const shift = slant > 0 ? reach - slant * (height - 1 - y) : -slant * (height - 1 - y);
    const whole = Math.floor(shift);
    const part = shift - whole;
    for (let x = 0; x <= width; x++) {
      const value = (1 - part) * (data[y * width + x] ?? 0) * Number(x < width);
      const before = part * (x > 0 ? data[y * width + x - 1]! : 0);
      if (whole + x < wide) result[y * wide + whole + x] = Math.round(value + before);
    }
  }
  return { width: wide, height, data: result };
}
