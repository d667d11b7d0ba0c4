import { expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { NO_CLASS } from '../../core/dataset/dataset.js';
import { addImages, augmentation, epochOrder, readBatch, splitImages } from './data.js';

const { train } = tinyDataset({ train: 50 });
// The noise makes every image different, so that its sum tells it from the others.
const sumsOf = ({ pixels, count }: { pixels: Uint8Array; count: number }) =>
  Array.from({ length: count }, (_, i) => pixels.subarray(i * 784, (i + 1) * 784).join(''));

test('training and validation images share nothing and lose nothing', () => {
  const { training, validation } = splitImages(train, { limit: 0, valSplit: 0.1, seed: 3 });
  expect([training.count, validation.count]).toEqual([45, 5]);
  expect(new Set([...sumsOf(training), ...sumsOf(validation)])).toEqual(new Set(sumsOf(train)));
});

test('the split depends on the seed alone', () => {
  const first = splitImages(train, { limit: 20, valSplit: 0.5, seed: 3 });
  expect(splitImages(train, { limit: 20, valSplit: 0.5, seed: 3 })).toEqual(first);
  expect(splitImages(train, { limit: 20, valSplit: 0.5, seed: 4 })).not.toEqual(first);
  expect(first.training.count + first.validation.count).toBe(20);
});

test('one image cannot be split', () => {
  expect(() => splitImages(train, { limit: 1, valSplit: 0.1, seed: 3 })).toThrow(
    '1 training images are too few',
  );
});

test('every epoch has an order of its own, with every image once', () => {
  const [first, second] = [epochOrder(50, 7, 0), epochOrder(50, 7, 1)];
  expect(first).not.toEqual(second);
  expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('a batch holds the images asked for, scaled to 0..1', () => {
  const pixels = Uint8Array.of(0, 255, 51, 102, 204, 153);
  const images = { count: 3, height: 1, width: 2, pixels, labels: Uint8Array.of(7, 8, 9) };
  const batch = readBatch(images, [2, 0]);
  expect(batch.shape).toEqual([2, 1, 2, 1]);
  expect([...batch.labels]).toEqual([9, 7]);
  expect([...batch.pixels]).toEqual([Math.fround(0.8), Math.fround(0.6), 0, 1]);
});

test('augmentation gives an image another look in each epoch, the same for the same seed', () => {
  const read = (epoch: number, seed = 1) =>
    readBatch(train, [0, 1], augmentation(train, { augment: 1, refineFrom: 0, seed }, [epoch, 0])).pixels;
  expect(read(0)).toEqual(read(0));
  expect(read(0)).not.toEqual(read(1));
  expect(read(0)).not.toEqual(read(0, 2));
  expect(augmentation(train, { augment: 0, refineFrom: 0, seed: 1 }, [0, 0])).toBeUndefined();
});

test('from the epoch of refinement on, images are only moved, and less: none is as it was, none far from it', () => {
  const image = train.pixels.subarray(0, 784);
  const distances = (epoch: number) => {
    const change = augmentation(train, { augment: 1, refineFrom: 3, seed: 1 }, [epoch, 0])!;
    return Array.from({ length: 200 }, (_, place) =>
      change(image, place).reduce((sum, value, i) => sum + Math.abs(value - image[i]!), 0),
    ).sort((a, b) => a - b);
  };
  // Epochs are counted from 0 here, from 1 in the configuration.
  const [before, after] = [distances(1), distances(2)];
  expect(after[0]).toBeGreaterThan(0);
  expect(after[100]).toBeLessThan(0.9 * before[100]!);
  expect(after[199]).toBeLessThan(0.9 * before[199]!);
});

test('drawn digits and images of no class are added after the training images', async () => {
  const classes = Array.from('0123456789');
  const added = (await addImages(train, classes, { synthetic: 0.4, nonDigits: 0.2, seed: 1 }))!;
  expect(added.count).toBe(50 + 20 + 10);
  expect(added.pixels.subarray(0, train.pixels.length)).toEqual(train.pixels);
  expect(new Set(added.labels.subarray(50, 70))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(new Set(added.labels.subarray(70))).toEqual(new Set([NO_CLASS]));
});

test('drawing ends when the signal comes meanwhile, soon and without a result', async () => {
  const classes = Array.from('0123456789');
  for (const shares of [
    { synthetic: 10, nonDigits: 0 },
    { synthetic: 0, nonDigits: 1 },
  ]) {
    const controller = new AbortController();
    const many = tinyDataset({ train: 500 }).train;
    const added = addImages(many, classes, { ...shares, seed: 1 }, controller.signal);
    // Heard only where drawing lets the event loop turn.
    setImmediate(() => controller.abort());
    expect(await added).toBeUndefined();
  }
});

test('nothing is drawn for classes that are not the ten digits', async () => {
  const classes = ['left', 'middle', 'right'];
  expect(await addImages(train, classes, { synthetic: 0, nonDigits: 0, seed: 1 })).toBe(train);
  await expect(addImages(train, classes, { synthetic: 0.1, nonDigits: 0, seed: 1 })).rejects.toThrow(
    'drawn images can only be added to the ten digits',
  );
});
