import type { GrayImage } from '../image.js';
import { pad, resize } from './resize.js';

/** Strokes are measured and widened with the digit at this longer side. */
const WORK_SIDE = 80;
/** MNIST's strokes measure about a tenth of the digit's longer side; thinner ones than this are widened... */
const THIN = 0.075;
/** ...to this. */
const TARGET = 0.1;

/**
 * Widens the strokes of a digit drawn with a thin pen to about MNIST's, since averaging down to 20 pixels
 * would leave only a faint trace of them. Other digits come back as they are.
 *
 * @param ink the digit alone, cut to its ink: 0 paper, 255 ink
 */
export function widenThinStrokes(ink: GrayImage): GrayImage {
  const scale = WORK_SIDE / Math.max(ink.width, ink.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const digit = resize(ink, side(ink.width), side(ink.height));
  const width = strokeWidth(digit);
  if (width >= THIN * WORK_SIDE) return ink;
  const radius = (TARGET * WORK_SIDE - width) / 2;
  return dilate(pad(digit, Math.ceil(radius)), radius);
}

/** The mean width of the strokes in pixels: of a long stroke, twice the area over the outline. */
export function strokeWidth({ width, height, data }: GrayImage): number {
  let area = 0;
  let outline = 0;
  const isInk = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x]! >= 128;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isInk(x, y)) continue;
      area++;
      const open =
        Number(!isInk(x - 1, y)) +
        Number(!isInk(x + 1, y)) +
        Number(!isInk(x, y - 1)) +
        Number(!isInk(x, y + 1));
      outline += outlineAt(open);
    }
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}

/** The length of outline that a pixel of ink adds, by how many of its four sides are open: a corner is cut across. */
export function outlineAt(openSides: number): number {
  return openSides === 0 ? 0 : openSides === 1 ? 1 : Math.SQRT2;
}

/** Grey dilation by a disc: each pixel of ink spreads over the disc, as most pixels are paper. */
function dilate({ width, height, data }: GrayImage, radius: number): GrayImage {
  const reach = Math.floor(radius);
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x]!;
      if (value === 0) continue;
      for (let ny = Math.max(0, y - reach); ny <= Math.min(height - 1, y + reach); ny++) {
        const across = Math.floor(Math.sqrt(radius * radius - (ny - y) ** 2));
        for (let nx = Math.max(0, x - across); nx <= Math.min(width - 1, x + across); nx++) {
          if (result[ny * width + nx]! < value) result[ny * width + nx] = value;
        }
      }
    }
  }
  return { width, height, data: result };
}
