import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeIdx } from '../../core/idx.js';
import { type Reporter, silentReporter } from '../reporter.js';
import { loadDataset } from './index.js';
import { MNIST_FILES } from './mnist.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-data-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (dataset: string, reporter: Reporter = silentReporter) => loadDataset({ dataset, reporter });

function idxImages(count: number): Uint8Array {
  return writeIdx({
    shape: [count, 28, 28],
    data: Uint8Array.from({ length: count * 784 }, (_, i) => i % 251),
  });
}

function idxLabels(...labels: number[]): Uint8Array {
  return writeIdx({ shape: [labels.length], data: Uint8Array.from(labels) });
}

async function writeSet(prefix = '', into = folder) {
  await mkdir(into, { recursive: true });
  await writeFile(join(into, `${prefix}train-images-idx3-ubyte.gz`), gzipSync(idxImages(3)));
  await writeFile(join(into, `${prefix}train-labels-idx1-ubyte.gz`), gzipSync(idxLabels(0, 1, 2)));
  await writeFile(join(into, `${prefix}t10k-images-idx3-ubyte`), idxImages(2));
  await writeFile(join(into, `${prefix}t10k-labels-idx1-ubyte`), idxLabels(2, 0));
}

describe('a folder of IDX files', () => {
  it('is read gzipped or raw, with a class for every label', async () => {
    await writeSet();
    const dataset = await load(folder);
    expect([...dataset.train.labels]).toEqual([0, 1, 2]);
    expect([...dataset.test.labels]).toEqual([2, 0]);
    expect(dataset.train.pixels[5]).toBe(5);
    expect(dataset.classes).toEqual(['0', '1', '2']);
  });

  it('has the same hash gzipped and raw, and another one when a label changes', async () => {
    await writeSet();
    const before = (await load(folder)).sha256;
    await rm(join(folder, 'train-labels-idx1-ubyte.gz'));
    await writeFile(join(folder, 'train-labels-idx1-ubyte'), idxLabels(0, 1, 2));
    expect((await load(folder)).sha256).toBe(before);
    await writeFile(join(folder, 'train-labels-idx1-ubyte'), idxLabels(0, 1, 1));
    expect((await load(folder)).sha256).not.toBe(before);
  });

  it('takes the names of its classes from labels.txt', async () => {
    await writeSet();
    await writeFile(join(folder, 'labels.txt'), 'T-shirt\nTrouser\nPullover\n');
    expect((await load(folder)).classes).toEqual(['T-shirt', 'Trouser', 'Pullover']);
    await writeFile(join(folder, 'labels.txt'), 'T-shirt\nTrouser\n');
    await expect(load(folder)).rejects.toThrow(/labels.txt names 2 classes, but the labels go up to 2/);
  });

  it('of more classes than a byte can name is refused', async () => {
    await writeSet();
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxLabels(2, 254));
    expect((await load(folder)).classes).toHaveLength(255);
    const refusal = 'has 256 classes by its labels or their names, and at most 255 can be told apart';
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxLabels(2, 255));
    await expect(load(folder)).rejects.toThrow(refusal);
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxLabels(2, 0));
    await writeFile(join(folder, 'labels.txt'), Array.from({ length: 256 }, (_, k) => `c${k}`).join('\n'));
    await expect(load(folder)).rejects.toThrow(refusal);
  });

  it('with too few images to test with says so', async () => {
    await writeFile(join(folder, 'train-images-idx3-ubyte'), idxImages(1));
    await writeFile(join(folder, 'train-labels-idx1-ubyte'), idxLabels(1));
    await expect(load(folder)).rejects.toThrow(
      'has no test images, and 1 for training are too few to take their place',
    );
    await writeFile(join(folder, 't10k-images-idx3-ubyte'), idxImages(0));
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), idxLabels());
    await expect(load(folder)).rejects.toThrow('t10k-images-idx3-ubyte holds no images');
  });

  it('that holds several sets asks for one by its prefix', async () => {
    await writeSet('kuzushiji-');
    await writeSet('emnist-digits-');
    await expect(load(folder)).rejects.toThrow(/holds several sets: emnist-digits-, kuzushiji-/);
    const dataset = await load(join(folder, 'kuzushiji'));
    expect(dataset).toMatchObject({ name: 'kuzushiji', train: { count: 3 } });
  });

  it('of EMNIST is turned upright, since EMNIST stores its images transposed', async () => {
    await writeSet('emnist-digits-');
    const { train } = await load(folder);
    expect(train.pixels[1]).toBe(28);
    expect(train.pixels[28]).toBe(1);
  });

  it('without test images lends its last training images, and says so', async () => {
    await writeFile(join(folder, 'train-images-idx3-ubyte'), idxImages(12));
    await writeFile(join(folder, 'train-labels-idx1-ubyte'), idxLabels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1));
    const notes: string[] = [];
    const dataset = await load(folder, { ...silentReporter, note: (line) => notes.push(line) });
    expect([dataset.train.count, dataset.test.count]).toEqual([10, 2]);
    expect([...dataset.test.labels]).toEqual([0, 1]);
    expect(notes.join()).toMatch(/no test images: its last 2 training images/);
  });

  it.each([
    ['no such folder', 'nowhere/at/all', /there is no data set nowhere\/at\/all/],
    ['a prefix of no files', 'src/nothing', /there is no data set .*src\/nothing: neither a folder/],
    ['an empty folder', '', /holds no IDX images/],
  ])('is refused: %s', async (_, name, message) => {
    await expect(load(name || folder)).rejects.toThrow(message);
  });

  it('of pictures is led to the option for these', async () => {
    await mkdir(join(folder, '7'));
    await expect(load(folder)).rejects.toMatchObject({
      hint: expect.stringMatching(/folders of pictures are for --images\.$/),
    });
  });

  it('with a damaged file names the file', async () => {
    await writeSet();
    const images = join(folder, 'train-images-idx3-ubyte.gz');
    await writeFile(images, gzipSync(idxImages(3)).subarray(0, 40));
    await expect(load(folder)).rejects.toThrow(`${images} is damaged or cut off`);
    await writeFile(images, gzipSync(idxImages(4)));
    await expect(load(folder)).rejects.toThrow(/holds 4 images, but .* holds 3 labels/);
    await rm(join(folder, 'train-labels-idx1-ubyte.gz'));
    await expect(load(folder)).rejects.toThrow(/train-images-idx3-ubyte.gz has no labels beside it/);
  });
});

it('the synthetic set is drawn only until the signal comes', async () => {
  // Loaded before, so that the signal comes while digits are drawn.
  await import('../../core/dataset/synthetic/index.js');
  const controller = new AbortController();
  // Heard only where drawing lets the event loop turn.
  const note = () => void setTimeout(() => controller.abort(), 200);
  const reporter = { ...silentReporter, note };
  await expect(
    loadDataset({ dataset: 'synthetic', reporter, signal: controller.signal }),
  ).rejects.toMatchObject({ name: 'AbortError' });
});

describe('MNIST', () => {
  const mnist = (dataset = 'mnist', reporter: Reporter = silentReporter) =>
    loadDataset({ dataset, dataDir: folder, reporter });

  it('is not taken from files of the right names with another content', async () => {
    await writeSet();
    await expect(mnist()).rejects.toThrow(/train-images-idx3-ubyte.gz is not MNIST's: its checksum differs/);
    // A damaged set is a failure for `auto` too: falling back would hide it.
    await expect(mnist('auto')).rejects.toThrow(/its checksum differs/);
  });

  const real = process.env.MNIST_ONNX_DATA;
  it.skipIf(!real)('is read whole where it is there (needs MNIST_ONNX_DATA)', async () => {
    const dataset = await loadDataset({ dataset: 'mnist', reporter: silentReporter });
    expect([dataset.train.count, dataset.test.count]).toEqual([60_000, 10_000]);
    expect([...dataset.test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    // The same set given as a folder is the same set.
    expect((await load(real!)).sha256).toBe(dataset.sha256);
  });

  it.skipIf(!real)('cut off in one file names that file (needs MNIST_ONNX_DATA)', async () => {
    for (const name of await readdir(real!)) await writeFile(join(folder, name), '');
    await expect(mnist()).rejects.toThrow(new RegExp(`${MNIST_FILES[0].stem}.*(empty|not MNIST)`));
  });
});
