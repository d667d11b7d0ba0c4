import { expect, test } from 'vitest';
import { formatList } from './list.js';

test('what names mean stands below one another', () => {
  const rows = [
    ['results/report.html', 'all figures'],
    ['models/mnist_cnn.onnx', 'the model'],
  ] as const;
  expect(formatList(rows)).toBe('  results/report.html     all figures\n  models/mnist_cnn.onnx   the model');
});
