import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inspectOnnx, readOnnx, writeOnnx } from '../../core/onnx/index.js';
import { parseTrainingRecord } from '../../core/training-record.js';
import type { Evaluation } from '../eval/evaluate.js';
import { PRETRAINED_DIR } from '../paths.js';
import { configuration, layers, parity, perClass, robustness } from './sections.js';

const evaluation = {
  accuracy: 0.9926,
  dataset: { name: 'mnist', split: 'test', sha256: 'abc' },
  model: { path: 'my.onnx', sha256: 'def' },
  versions: { 'onnxruntime-node': '1.30.0' },
} as unknown as Evaluation;

/** The rows of a table, as the texts of their cells. */
const rowsOf = (html: string) =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) => cell),
  );

it('the configuration tells how the model was trained, where that is known', async () => {
  const path = join(PRETRAINED_DIR, 'mnist_cnn/training.json');
  const record = parseTrainingRecord(await readFile(path, 'utf8'), path);
  const { training, validation, test } = record.split;
  const rows = rowsOf(configuration(evaluation, record));
  for (const row of [
    ['seed', String(record.config.seed)],
    ['trained on', `mnist (sha256 ${record.dataset.sha256.slice(0, 12)})`],
    ['images', `${training} training, ${validation} validation, ${test} test`],
    ['best epoch', `${record.bestEpoch} of ${record.history.length}`],
    ['node (training)', record.versions.node],
    ['onnxruntime-node (measured)', '1.30.0'],
  ])
    expect(rows).toContainEqual(row);
  const untold = configuration(evaluation, undefined);
  expect(untold).toContain('No record of this model’s training lies beside it');
  expect(rowsOf(untold).flat()).not.toContain('best epoch');
});

it('corruptions stand below the clean images, with the points that they cost', () => {
  const rows = [{ corruption: 'blur', severity: 2, accuracy: 0.9, count: 100, correct: 90 }];
  expect(rowsOf(robustness({ ...evaluation, robustness: rows as never }))).toEqual([
    ['corruption', 'severity', 'accuracy', 'points lost'],
    ['none', '', '99.26%', ''],
    ['blur', '2', '90.00%', '9.26'],
  ]);
});

it('runtimes are set side by side, or said not to be', () => {
  const row = {
    first: 'tfjs',
    second: 'ort',
    images: '24 images',
    output: 'logits',
    maxDifference: 3.14e-6,
    sameClass: '24 of 24',
  };
  expect(rowsOf(parity([row]))[1]).toEqual(['tfjs', 'ort', '3.14e-6 (logits)', '24 of 24', '24 images']);
  expect(parity([])).toBe('<p>The model was not compared with another runtime.</p>');
});

it('a model without a mistake has none in its list', () => {
  const perfect = { ...evaluation, classes: [], perClass: [], topConfusions: [] };
  expect(perClass(perfect)).toContain('<p>No image was mistaken.</p>');
});

it('a bare ONNX file shows what it has, and long metadata is cut', () => {
  const port = { type: 'float32', shape: ['N', 2] } as const;
  const show = (metadata: Record<string, string>, change = {}) => {
    const node = { op: 'Relu', name: 'relu', inputs: ['x'], outputs: ['y'], attributes: {} };
    const graph = {
      name: 'bare',
      inputs: [{ name: 'x', ...port }],
      outputs: [{ name: 'y', ...port }],
      nodes: [node],
      constants: new Map(),
      types: new Map(),
    };
    const bytes = writeOnnx(graph, { opset: 21, producerVersion: '0', metadata });
    return layers({ ...inspectOnnx(readOnnx(bytes, 'bare.onnx')), ...change });
  };
  const bare = show({}, { producer: '' });
  expect(bare).toContain('<dt>inputs</dt><dd>x float32 [N, 2]</dd>');
  expect(bare).toContain('<dt>producer</dt><dd>unknown</dd>');
  expect(rowsOf(bare)[1]).toEqual(['relu', 'Relu', '[N, 2]', '0', '0']);
  expect(bare).not.toContain('Metadata');
  expect(rowsOf(show({ note: 'x'.repeat(201), short: 'y'.repeat(200) })).slice(-2)).toEqual([
    ['note', `${'x'.repeat(200)}…`],
    ['short', 'y'.repeat(200)],
  ]);
});
