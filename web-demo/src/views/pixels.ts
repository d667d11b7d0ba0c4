import { create } from './dom.js';

export type Rgb = readonly [red: number, green: number, blue: number];

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** The colour of the pixel at `y * width + x`. */
  readonly colourAt: (index: number) => Rgb;
}

/** A canvas of few pixels; the style sheet scales it up, pixel by pixel. */
export function createPixels(className: string): HTMLCanvasElement {
  const canvas = create('canvas', className);
  canvas.role = 'img';
  return canvas;
}

export function paintPixels(
  canvas: HTMLCanvasElement,
  label: string,
  { width, height, colourAt }: Pixels,
): void {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.ariaLabel = label;
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    image.data.set(colourAt(i), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** @param t from 0, all `a`, to 1, all `b` */
export function mixColours(a: Rgb, b: Rgb, t: number): Rgb {
  const mix = (i: 0 | 1 | 2) => a[i] + t * (b[i] - a[i]);
  return [mix(0), mix(1), mix(2)];
}
