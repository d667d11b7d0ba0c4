import { expect, test } from 'vitest';
import { parseTrainingRecord, type TrainingRecord } from './training-record.js';

const score = { loss: 0.1, accuracy: 0.99 };
const record: TrainingRecord = {
  format: 1,
  config: { arch: 'cnn', seed: 1 },
  dataset: { name: 'mnist', sha256: 'ab', classes: ['0', '1'] },
  split: { training: 9, validation: 1, test: 2 },
  backend: 'native',
  versions: { node: '20.0.0' },
  parameterCount: 225_034,
  weightsSha256: 'cd',
  finished: true,
  history: [{ epoch: 1, learningRate: 0.001, training: score, validation: score, test: score }],
  bestEpoch: 1,
  validation: score,
  test: score,
};

test('a record is read back as it was written', () => {
  expect(parseTrainingRecord(JSON.stringify(record), 'training.json')).toEqual(record);
});

test.each([
  ['not json', '{', 'it is not JSON'],
  ['null', 'null', 'it is of another format'],
  ['of another format', JSON.stringify({ ...record, format: 2 }), 'it is of another format'],
  ['without a dataset', JSON.stringify({ ...record, dataset: null }), 'its dataset is missing'],
  [
    'with classes that are no names',
    JSON.stringify({ ...record, dataset: { ...record.dataset, classes: [1] } }),
    'its dataset is missing',
  ],
  [
    'with a digest that is none',
    JSON.stringify({ ...record, dataset: { ...record.dataset, baseSha256: 1 } }),
    'its dataset is missing',
  ],
  ['without a history', JSON.stringify({ ...record, history: {} }), 'its history or its scores are missing'],
  [
    'with an accuracy of 99',
    JSON.stringify({ ...record, test: { loss: 0, accuracy: 99 } }),
    'its history or its scores are missing',
  ],
  [
    'with an epoch that is none',
    JSON.stringify({ ...record, history: [{ ...record.history[0], test: null }] }),
    'its history or its scores are missing',
  ],
  [
    'without classes',
    JSON.stringify({ ...record, dataset: { ...record.dataset, classes: [] } }),
    'its dataset is missing',
  ],
  ['without hyperparameters', JSON.stringify({ ...record, config: null }), 'its hyperparameters are missing'],
  [
    'with a version that is none',
    JSON.stringify({ ...record, versions: { a: {} } }),
    'its versions are missing',
  ],
  ['without a split', JSON.stringify({ ...record, split: undefined }), 'the sizes of its split are missing'],
  [
    'with a part of a split that is none',
    JSON.stringify({ ...record, split: { ...record.split, validation: -1 } }),
    'the sizes of its split are missing',
  ],
  [
    'with a best epoch beyond its history',
    JSON.stringify({ ...record, bestEpoch: 2 }),
    'its best epoch is none of its history',
  ],
  [
    'with no epoch',
    JSON.stringify({ ...record, history: [], bestEpoch: 0 }),
    'its best epoch is none of its history',
  ],
  [
    'without parameters',
    JSON.stringify({ ...record, parameterCount: undefined }),
    'its number of parameters is missing',
  ],
  ...(['backend', 'weightsSha256', 'finished'] as const).map((key): [string, string, string] => [
    `without ${key}`,
    JSON.stringify({ ...record, [key]: undefined }),
    'its backend, the digest of its weights or whether it finished is missing',
  ]),
  ['without versions', JSON.stringify({ ...record, versions: null }), 'its versions are missing'],
])('a record %s is refused by name, with the reason', (_, text, reason) => {
  expect(() => parseTrainingRecord(text, 'a/training.json')).toThrow(
    `cannot use the training record a/training.json: ${reason}`,
  );
});
