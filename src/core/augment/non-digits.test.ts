import { expect, test } from 'vitest';
import { generateSynthetic } from '../dataset/synthetic/index.js';
import { isMnistForm } from '../preprocess/mnist-form.js';
import { generateNonDigits } from './non-digits.js';

const digits = generateSynthetic({ seed: 2, count: 60 });

test('non-digits come in MNIST’s form, without a class, the same for the same seed', () => {
  const made = generateNonDigits({ seed: 1, count: 120, digits });
  expect(new Set(made.labels)).toEqual(new Set([255]));
  const images = Array.from({ length: made.count }, (_, i) => made.pixels.slice(i * 784, (i + 1) * 784));
  const inForm = images.filter((data) => isMnistForm({ width: 28, height: 28, data }));
  // Signs such as a dash or a filled dot are too empty or too full for it.
  expect(inForm.length).toBeGreaterThan(90);
  expect(new Set(images.map((image) => image.join())).size).toBeGreaterThan(110);
  expect(generateNonDigits({ seed: 1, count: 120, digits }).pixels).toEqual(made.pixels);
  expect(generateNonDigits({ seed: 3, count: 120, digits }).pixels).not.toEqual(made.pixels);
});
