import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyDataset } from '../../../test/tiny-dataset.js';
import { temporaryFolder, tinyModel } from '../../../test/tiny-model.js';
import { CORRUPTIONS } from '../../core/corruptions/index.js';
import { silentReporter } from '../reporter.js';
import { openModel } from '../runtime/index.js';
import { formatRobustness, measureRobustness, robustnessCsv } from './robustness.js';
import { testSetOf } from './test-set.js';

test('a row for each severity, in order, the same each time; far shifts cost a model of places much', async () => {
  const path = join(await temporaryFolder(), 'tiny.onnx');
  await writeFile(path, tinyModel());
  const model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
  const testSet = testSetOf(tinyDataset());
  const rows = await measureRobustness({ model, testSet, reporter: silentReporter });
  expect(rows).toHaveLength(CORRUPTIONS.reduce((sum, { severities }) => sum + severities.length, 0));
  expect(rows[0]).toMatchObject({ corruption: 'shifted', severity: '1 px', accuracy: 1 });
  expect(rows.find(({ severity }) => severity === '6 px')!.accuracy).toBeLessThan(1);
  expect(await measureRobustness({ model, testSet, reporter: silentReporter })).toEqual(rows);
  expect(robustnessCsv(rows).split('\n')[1]).toMatch(/^shifted,1 px,1,0\.86/);
  expect(formatRobustness(rows, { accuracy: 1 })).toMatch(/none +100\.00%/);
});

test('an interruption ends it', async () => {
  const path = join(await temporaryFolder(), 'tiny.onnx');
  await writeFile(path, tinyModel());
  const model = await openModel({ model: path, device: 'cpu', reporter: silentReporter });
  const controller = new AbortController();
  const seen: number[] = [];
  const update = (done: number) => {
    seen.push(done);
    controller.abort(new Error('enough'));
  };
  const reporter = { ...silentReporter, progress: () => ({ update, end() {} }) };
  const options = { model, testSet: testSetOf(tinyDataset()), reporter, signal: controller.signal };
  await expect(measureRobustness(options)).rejects.toThrow('enough');
  expect(seen).toEqual([24]);
});
