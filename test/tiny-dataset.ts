import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Dataset, LabelledImages } from '../src/core/dataset/dataset.js';
import { createRandom } from '../src/core/random.js';

/** Three classes that a network learns in a few steps: a bright square in a place of its own, with noise. */
export function tinyDataset({ train = 90, test = 24, seed = 1 } = {}): Dataset {
  return {
    name: 'tiny',
    sha256: String(seed).padStart(64, '0'),
    classes: ['left', 'middle', 'right'],
    train: tinyImages(train, createRandom(seed, 1)),
    test: tinyImages(test, createRandom(seed, 2)),
  };
}

function tinyImages(count: number, random: () => number): LabelledImages {
  const pixels = new Uint8Array(count * 784);
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 3));
  for (let i = 0; i < count; i++) {
    const left = 2 + labels[i]! * 8;
    for (let p = 0; p < 784; p++) {
      const inSquare = p % 28 >= left && p % 28 < left + 8 && p / 28 > 8 && p / 28 < 18;
      pixels[i * 784 + p] = (inSquare ? 120 : 0) + Math.floor(random() * 120);
    }
  }
  return { count, height: 28, width: 28, pixels, labels };
}

/** Writes a data set as the IDX files that `--dataset DIR` reads. */
export async function writeIdxFolder(folder: string, { train, test, classes }: Dataset): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'labels.txt'), `${classes.join('\n')}\n`);
  for (const [name, images] of Object.entries({ train, t10k: test })) {
    const header = Buffer.alloc(16);
    for (const [i, value] of [0x803, images.count, 28, 28].entries()) header.writeUInt32BE(value, i * 4);
    const labelHeader = Buffer.alloc(8);
    for (const [i, value] of [0x801, images.count].entries()) labelHeader.writeUInt32BE(value, i * 4);
    const write = (file: string, ...parts: Uint8Array[]) =>
      writeFile(join(folder, `${name}-${file}-ubyte.gz`), gzipSync(Buffer.concat(parts)));
    await write('images-idx3', header, images.pixels);
    await write('labels-idx1', labelHeader, images.labels);
  }
}
