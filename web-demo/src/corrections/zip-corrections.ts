import { zipSync } from 'fflate';
import { MNIST_SIZE } from '../../../src/core/image.js';
import type { Correction } from './store.js';

/**
 * Packs corrections as PNG pictures in folders named for their labels: the form that `train --images` and
 * `eval --images` take.
 */
export async function zipCorrections(corrections: readonly Correction[]): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array> = {};
  for (const { id, label, read, pixels } of corrections) {
    files[`${label}/read-as-${read}-${id}.png`] = await toPng(pixels);
  }
  // PNG is compressed already.
  return zipSync(files, { level: 0 });
}

async function toPng(pixels: Uint8Array): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(MNIST_SIZE, MNIST_SIZE);
  const image = new ImageData(MNIST_SIZE, MNIST_SIZE);
  for (const [i, value] of pixels.entries()) image.data.set([value, value, value, 255], 4 * i);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
