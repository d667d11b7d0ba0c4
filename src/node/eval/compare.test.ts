import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convModel } from '../../../test/conv-model.js';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { silentReporter } from '../reporter.js';
import { openModel } from '../runtime/index.js';
import { compareModels } from './compare.js';
import { formatComparison } from './format-comparison.js';
import { testSetOf } from './test-set.js';

async function open(bytes: Uint8Array, name: string) {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return openModel({ model: path, device: 'cpu', reporter: silentReporter });
}

const testSet = testSetOf(tinyDataset());

test('models that answer alike differ in nothing', async () => {
  const models = [await open(tinyModel(), 'a.onnx'), await open(convModel(), 'b.onnx')];
  const result = await compareModels({ models, testSet, reporter: silentReporter });
  expect(result.models.map(({ accuracy }) => accuracy)).toEqual([1, 1]);
  expect(result.pairs).toEqual([
    { first: 0, second: 1, sameClass: 24, onlyFirst: 0, onlySecond: 0, pValue: 1 },
  ]);
  const page = formatComparison(result);
  expect(page).toMatch(/^A .* \d+ KiB +\d+$/m);
  expect(page).toMatch(/A - B +24 of 24 +0 +0 +1\.0000 +may be chance/);
});

test('three models are three pairs', async () => {
  const models = await Promise.all(['a', 'b', 'c'].map((name) => open(tinyModel(), `${name}.onnx`)));
  const { pairs } = await compareModels({ models, testSet, reporter: silentReporter });
  expect(pairs.map(({ first, second }) => `${first}${second}`)).toEqual(['01', '02', '12']);
});

test('other classes are refused, before any model is run', async () => {
  const models = [
    await open(tinyModel(), 'a.onnx'),
    await open(tinyModel({ classes: ['1', '2', '3'] }), 'b.onnx'),
  ];
  const begun: string[] = [];
  const progress = (label: string) => {
    begun.push(label);
    return silentReporter.progress(label);
  };
  await expect(compareModels({ models, testSet, reporter: { ...silentReporter, progress } })).rejects.toThrow(
    'do not know the same classes',
  );
  expect(begun).toEqual([]);
});
