import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { openModel } from '../runtime/index.js';
import { type EvaluationRun, runEvaluation } from './evaluate.js';
import { predictionsCsv } from './predictions-csv.js';
import { testSetOf } from './test-set.js';
import { readableJson, removeOthers, writeFigures } from './write-results.js';

async function evaluateTiny(folder: string): Promise<EvaluationRun> {
  await writeFile(join(folder, 'tiny.onnx'), tinyModel());
  const model = await openModel({ model: join(folder, 'tiny.onnx'), reporter: silentReporter });
  return runEvaluation({ model, testSet: testSetOf(tinyDataset(), 10), reporter: silentReporter });
}

test('twice the same bytes, but for the timing', async () => {
  const folder = await temporaryFolder();
  const written = [];
  for (const name of ['a', 'b']) {
    const paths = await writeFigures(join(folder, name), await evaluateTiny(folder));
    const [json, csv] = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    written.push({ csv, json: json!.replace(/"timing": \{[^}]*\}/, '') });
  }
  expect(written[0]).toEqual(written[1]);
  const metrics = JSON.parse(await readFile(join(folder, 'a/metrics.json'), 'utf8'));
  expect(metrics).toMatchObject({ accuracy: 1, accuracyInterval: { high: 1 }, topConfusions: [] });
  expect(metrics.accuracyInterval.low).toBeGreaterThan(0.7);
  expect(Object.keys(metrics.versions)).toEqual(['mnist-onnx', 'onnxruntime-node', 'node']);
  expect(Object.keys(metrics).at(-1)).toBe('timing');
});

test('what was written of another model goes, of the same it stays', async () => {
  const folder = await temporaryFolder();
  const run = await evaluateTiny(folder);
  const results = join(folder, 'results');
  await writeFigures(results, run);
  const theirs = ['report.html', 'confusion_matrix.png', 'confusion_matrix.svg', 'corruptions.csv'];
  const mine = ['history.csv', 'loss_and_accuracy_plot.png', 'my-notes.txt'];
  for (const name of [...theirs, ...mine]) await writeFile(join(results, name), 'x');
  expect((await removeOthers(results, run.evaluation)).removed).toEqual([]);
  expect(await readdir(results)).toEqual(expect.arrayContaining([...theirs, ...mine]));
  const { removed, wereEvaluated } = await removeOthers(results, {
    ...run.evaluation,
    model: { ...run.evaluation.model, sha256: 'of another' },
  });
  expect([[...removed].sort(), wereEvaluated]).toEqual([[...theirs].sort(), true]);
  expect((await readdir(results)).sort()).toEqual([...mine, 'metrics.json', 'predictions.csv'].sort());
});

test('a row an image: true and predicted class, its probability, and all of them', async () => {
  const run = await evaluateTiny(await temporaryFolder());
  const lines = predictionsCsv(run).trimEnd().split('\n');
  expect(lines[0]).toBe('index,true,predicted,probability,p_left,p_middle,p_right');
  expect(lines).toHaveLength(11);
  const [index, actual, predicted, probability, ...all] = lines[3]!.split(',');
  expect([index, actual]).toEqual(['2', predicted]);
  expect(Math.max(...all.map(Number))).toBe(Number(probability));
  expect(all.reduce((sum, p) => sum + Number(p), 0)).toBeCloseTo(1, 5);
});

test('names of files and classes cannot break a row', async () => {
  const run = await evaluateTiny(await temporaryFolder());
  const files = run.testSet.files ?? Array.from({ length: 10 }, (_, i) => `a,"${i}"\n.png`);
  const csv = predictionsCsv({ ...run, testSet: { ...run.testSet, files } });
  expect(csv).toContain('\n0,"a,""0""\n.png",');
});

test('lists of numbers stand on one line, and the JSON means the same', () => {
  const value = {
    confusion: [
      [1, 0],
      [-2.5e-7, 3],
    ],
    classes: ['[\n1\n]', '1'],
    none: [],
  };
  const text = readableJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('[ 1, 0 ]');
});
