import { expect, test } from 'vitest';
import { MNIST_PIXELS } from './image.js';
import { MNIST_PREPROCESSING } from './model-info.js';
import { occlusionSaliency } from './saliency.js';
import type { InferenceSession } from './session.js';

/** A classifier of two classes that looks at one pixel only: ink there is the first class. */
function onePixelSession(pixel: number): InferenceSession {
  return {
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 1, 28, 28] }],
    outputs: [{ name: 'logits', type: 'float32', shape: ['N', 2] }],
    run: async ({ x }) => {
      const rows = x!.shape[0]!;
      const data = new Float32Array(rows * 2);
      for (let i = 0; i < rows; i++) data[i * 2] = 8 * (Number(x!.data[i * MNIST_PIXELS + pixel]) - 0.5);
      return { logits: { type: 'float32', shape: [rows, 2], data } };
    },
    release: async () => {},
  };
}

const info = { classes: ['ink', 'none'], preprocessing: MNIST_PREPROCESSING };

test('the pixel that decides has the largest change, far ones have none', async () => {
  const pixel = 14 * 28 + 9;
  const pixels = new Uint8Array(MNIST_PIXELS);
  pixels[pixel] = 255;
  const { predicted, withoutInk, withInk } = await occlusionSaliency(onePixelSession(pixel), info, pixels);
  expect(predicted).toBe(0);
  expect(withoutInk[pixel]).toBeCloseTo(8, 5);
  expect(Math.max(...withoutInk)).toBe(withoutInk[pixel]);
  expect(withoutInk[0]).toBe(0);
  expect(Math.max(...withInk.map(Math.abs))).toBe(0);
});

test('paper that must stay blank shows in the other map', async () => {
  const pixel = 5 * 28 + 20;
  const pixels = new Uint8Array(MNIST_PIXELS);
  const { predicted, withoutInk, withInk } = await occlusionSaliency(onePixelSession(pixel), info, pixels);
  expect(predicted).toBe(1);
  expect(withInk[pixel]).toBeCloseTo(8, 5);
  expect(Math.max(...withoutInk.map(Math.abs))).toBe(0);
});

test.each([0, 27, 783])('pixel %i at the border is covered too', async (pixel) => {
  const pixels = new Uint8Array(MNIST_PIXELS);
  pixels[pixel] = 255;
  const { withoutInk } = await occlusionSaliency(onePixelSession(pixel), info, pixels);
  expect(withoutInk[pixel]).toBeCloseTo(8, 5);
});
