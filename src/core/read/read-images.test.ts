import { expect, test } from 'vitest';
import { drawSeven } from '../../../test/drawings.js';
import { DIGIT_CLASSES } from '../dataset/dataset.js';
import { MNIST_PREPROCESSING } from '../model-info.js';
import type { InferenceSession } from '../session.js';
import { readImages } from './read-images.js';

/** A model that takes every image for a 7. */
const session: InferenceSession = {
  inputs: [{ name: 'image', type: 'float32', shape: ['N', 1, 28, 28] }],
  outputs: [{ name: 'logits', type: 'float32', shape: ['N', 10] }],
  run: async ({ image }) => {
    const count = image!.shape[0]!;
    const data = Float32Array.from({ length: 10 * count }, (_, i) => (i % 10 === 7 ? 12 : 0));
    return { logits: { type: 'float32', shape: [count, 10], data } };
  },
  release: async () => {},
};

test('one record an image, its lines and numbers in the text, blank paper blank', async () => {
  const box = { x: 60, y: 20, width: 60, height: 100 };
  const seven = drawSeven({ width: 160, height: 200, box, pen: 10 });
  const blank = { width: 50, height: 50, data: new Uint8Array(2500).fill(255) };
  const two = { width: 160, height: 400, data: new Uint8Array([...seven.data, ...seven.data]) };
  const info = { classes: DIGIT_CLASSES, preprocessing: MNIST_PREPROCESSING };
  const records = await readImages(session, info, [seven, blank, two], { segment: 'auto', topK: 1 });
  expect(records.map(({ text, status }) => [text, status])).toEqual([
    ['7', 'ok'],
    ['', 'blank'],
    ['7\n7', 'ok'],
  ]);
  expect(records[0]!.digits[0]!.box).toEqual(box);
});
