import { strToU8, zipSync } from 'fflate';
import { MNIST_SIZE } from '../../../src/core/image.js';
import type { Correction } from './store.js';

/**
 * Packs corrections as PNG pictures in folders named for their labels, with a `labels.csv` where a label is no
 * folder's name: the forms that `train --images` and `eval --images` take.
 */
export async function zipCorrections(corrections: readonly Correction[]): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array> = {};
  const rows = ['file,label'];
  for (const { id, label, read, pixels } of corrections) {
    const file = `${toFileName(label)}/read-as-${toFileName(read)}-${id}.png`;
    files[file] = await toPng(pixels);
    rows.push(`"${file}","${label.replaceAll('"', '""')}"`);
  }
  const needsTable = corrections.some(({ label }) => toFileName(label) !== label);
  if (needsTable) files['labels.csv'] = strToU8(`${rows.join('\n')}\n`);
  // PNG is compressed already.
  return zipSync(files, { level: 0 });
}

/** The classes of a user's own network may have any names. */
function toFileName(name: string): string {
  return name.replace(/[^\p{L}\p{N} _-]/gu, '_').trim() || '_';
}

async function toPng(pixels: Uint8Array): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(MNIST_SIZE, MNIST_SIZE);
  const image = new ImageData(MNIST_SIZE, MNIST_SIZE);
  for (const [i, value] of pixels.entries()) image.data.set([value, value, value, 255], 4 * i);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
