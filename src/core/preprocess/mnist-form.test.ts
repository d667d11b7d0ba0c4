import { describe, expect, test } from 'vitest';
import { silentReporter } from '../../node/reporter.js';
import { isMnistForm } from './mnist-form.js';
import { prepareDigits } from './prepare.js';

const folder = process.env.MNIST_ONNX_DATA;

describe.skipIf(!folder)('real MNIST (needs MNIST_ONNX_DATA)', () => {
  test('all 70,000 images pass unchanged, pixel for pixel, and so do their negatives', async () => {
    const { loadDataset } = await import('../../node/dataset/index.js');
    const dataset = await loadDataset({ dataset: 'mnist', dataDir: folder!, reporter: silentReporter });
    const changed: string[] = [];
    for (const split of ['train', 'test'] as const) {
      for (let i = 0; i < dataset[split].count; i++) {
        const data = dataset[split].pixels.subarray(i * 784, (i + 1) * 784);
        for (const image of [data, data.map((v) => 255 - v)]) {
          const [digit] = prepareDigits({ width: 28, height: 28, data: image });
          if (!digit || Buffer.compare(digit.pixels, data) !== 0) changed.push(`${split} ${i}`);
        }
      }
    }
    expect(changed).toEqual([]);
  });
});

/** A filled rectangle on 28x28. */
function block(x: number, y: number, width: number, height: number, ink = 255, ground = 0) {
  const data = new Uint8Array(784).fill(ground);
  for (let row = y; row < y + height; row++) data.fill(ink, row * 28 + x, row * 28 + x + width);
  return { width: 28, height: 28, data };
}

describe('what is in MNIST form', () => {
  test('20 pixels long, centred, light on black', () => {
    expect(isMnistForm(block(12, 4, 4, 20))).toBe(true);
  });

  test.each([
    ['dark on light', block(12, 4, 4, 20, 0, 255)],
    ['too small', block(12, 8, 4, 12)],
    ['too large', block(12, 2, 4, 24)],
    ['off the centre', block(6, 4, 4, 20)],
    ['faint', block(12, 4, 4, 20, 120)],
    ['filling the frame', block(0, 0, 28, 28)],
    ['empty', block(0, 0, 0, 0)],
    ['another size', { width: 20, height: 20, data: new Uint8Array(400) }],
  ])('not: %s', (_, image) => {
    expect(isMnistForm(image)).toBe(false);
  });
});
