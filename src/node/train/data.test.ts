import { expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { epochOrder, readBatch, splitImages } from './data.js';

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
