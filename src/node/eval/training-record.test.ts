import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/tiny-model.js';
import type { TrainingRecord } from '../../core/training-record.js';
import type { OpenModel } from '../runtime/index.js';
import { findTrainingRecord } from './training-record.js';

const [validation, testScore] = [
  { loss: 0.1, accuracy: 0.9 },
  { loss: 0.1, accuracy: 0.8 },
];
const record: TrainingRecord = {
  format: 1,
  dataset: { name: 'tiny', sha256: 'abc', classes: ['a', 'b'] },
  split: { training: 90, validation: 10, test: 10 },
  backend: 'wasm',
  parameterCount: 1570,
  weightsSha256: 'cd',
  finished: true,
  history: [{ epoch: 1, learningRate: 0.001, training: validation, validation, test: testScore }],
  bestEpoch: 1,
  versions: {},
  config: {},
  validation,
  test: testScore,
};

async function modelBeside(files: Record<string, string>): Promise<OpenModel> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const info = { dataset: record.dataset, testAccuracy: 0.8, validationAccuracy: 0.9 };
  return { path: join(folder, 'net.onnx'), info } as unknown as OpenModel;
}

test.each(['net/training.json', 'mnist_cnn/training.json'])('%s beside the model is found', async (name) => {
  const model = await modelBeside({ [name]: JSON.stringify(record) });
  expect(await findTrainingRecord(model)).toEqual(record);
});

test.each([
  ['of other accuracy', { ...record, test: { loss: 0.1, accuracy: 0.7 } }],
  ['of other validation', { ...record, validation: { loss: 0.1, accuracy: 0.7 } }],
  ['of other data', { ...record, dataset: { ...record.dataset, sha256: 'def' } }],
  ['that is damaged', '{'],
])('a record %s is passed over', async (_, found) => {
  const model = await modelBeside({ 'net/training.json': JSON.stringify(found) });
  expect(await findTrainingRecord(model)).toBeUndefined();
});
